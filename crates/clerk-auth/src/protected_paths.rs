//! Paths that require a signed-in visitor.

use percent_encoding::percent_decode_str;

use crate::ambiguous_path::is_ambiguous_path;

/// Paths of an application that require a signed-in visitor, each including everything below it.
///
/// One declaration serves both the server, which redirects before it renders, and the router in the browser.
///
/// ```
/// use clerk_auth::ProtectedPaths;
///
/// const PROTECTED: ProtectedPaths = ProtectedPaths::new(&["/profile"]);
/// assert!(PROTECTED.contains("/profile/security"));
/// assert!(!PROTECTED.contains("/profiles"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProtectedPaths(&'static [&'static str]);

impl ProtectedPaths {
    /// Protects these paths and everything below them.
    #[must_use]
    pub const fn new(paths: &'static [&'static str]) -> Self {
        Self(paths)
    }

    /// Whether a path is protected, in any spelling that a router may take for one of these paths.
    ///
    /// Ignores repeated slashes and percent encoding, about which routers are lenient, and the host in `//host/profile`,
    /// which a [relative reference](https://www.rfc-editor.org/rfc/rfc3986#section-4.2) may begin with. An
    /// [ambiguous path](crate::is_ambiguous_path) counts as protected, since it may lead anywhere.
    ///
    /// ```
    /// use clerk_auth::ProtectedPaths;
    ///
    /// let protected = ProtectedPaths::new(&["/profile"]);
    /// for path in ["//profile", "/%70rofile", "//host/profile", "/plans/../profile", "/plans/%2e"] {
    ///     assert!(protected.contains(path), "{path}");
    /// }
    /// ```
    #[must_use]
    pub fn contains(self, path: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        is_ambiguous_path(path)
            || self.passes(segments(&decoded))
            || decoded.starts_with("//") && self.passes(segments(&decoded).skip(1))
    }

    /// Whether these segments lead to a protected path or past it. They contain dot segments only if slashes were
    /// encoded.
    fn passes<'a>(self, path: impl Iterator<Item = &'a str>) -> bool {
        let is_protected = |reached: &[&str]| {
            let mut paths = self.0.iter();
            paths.any(|protected| segments(protected).eq(reached.iter().copied()))
        };
        let mut reached = Vec::new();
        let mut path = path;
        loop {
            if is_protected(&reached) {
                return true;
            }
            match path.next() {
                Some(".") => {}
                Some("..") => drop(reached.pop()),
                Some(segment) => reached.push(segment),
                None => return false,
            }
        }
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PROTECTED: ProtectedPaths = ProtectedPaths::new(&["/profile", "/teams/billing"]);

    #[test]
    fn a_page_is_protected_however_its_path_is_written() {
        for path in [
            "/profile",
            "/profile/",
            "//profile",
            "/profile/security",
            "/%70rofile",
            "/profile//",
            "/./profile",
            "/x/../profile",
            "/x/%2e%2e/profile",
            "/x/.%2E/./profile",
            "/x%2Fx/../profile",
            "/x\\x/../profile",
            "/x\\..\\profile",
            "/x%5c..%5Cprofile",
            "/%2Fprofile",
            "/x%2f..%2fprofile",
            "/profile%2Fsecurity",
            "/profile%2F..%2Fx",
            "/profile%00",
            "/profile/..",
            "//host/profile",
            "/\\host/profile",
            "/teams/x/../billing/1",
        ] {
            assert!(PROTECTED.contains(path), "{path}");
        }
        for path in [
            "/",
            "",
            "//",
            "/profiles",
            "/plans/profile",
            "/sign-in",
            "/.profile",
            "/teams",
            "/teams/x/billing",
            "/..%2f..%2fetc/passwd",
            "/%2570rofile",
        ] {
            assert!(!PROTECTED.contains(path), "{path}");
        }
        assert!(ProtectedPaths::new(&["/"]).contains("/plans"));
        assert!(!ProtectedPaths::new(&[]).contains("/plans/.."));
    }

    /// Pieces of paths that programs read differently.
    fn odd_path() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "/",
            "/",
            "\\",
            ".",
            "..",
            "%2e",
            "%2E%2e",
            "%2f",
            "%5C",
            "%00",
            "x",
            "profile",
            "%70rofile",
            "teams",
            "billing",
            "@",
            ":",
            ";",
            "%",
        ]);
        prop::collection::vec(piece, 0..10).prop_map(|pieces| format!("/{}", pieces.concat()))
    }

    fn is_below(path: &str, protected: &str) -> bool {
        path.strip_prefix(protected)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    proptest! {
        #[test]
        #[cfg(feature = "backend")]
        fn no_path_escapes_by_the_normalization_of_browsers(path in odd_path()) {
            let base = url::Url::parse("http://app.test/").unwrap();
            if let Ok(url) = base.join(&path) {
                let decoded = percent_decode_str(url.path()).decode_utf8_lossy();
                for reading in [url.path(), &decoded] {
                    if is_below(reading, "/profile") || is_below(reading, "/teams/billing") {
                        prop_assert!(PROTECTED.contains(&path), "{} leads to {}", path, reading);
                    }
                }
            }
        }

        #[test]
        fn no_path_escapes_a_router_that_takes_it_literally(path in odd_path()) {
            let decoded = percent_decode_str(&path).decode_utf8_lossy();
            for reading in [path.as_str(), &decoded] {
                if is_below(reading, "/profile") || is_below(reading, "/teams/billing") {
                    prop_assert!(PROTECTED.contains(&path), "{}", path);
                }
            }
        }

        #[test]
        fn no_detour_escapes(
            detours in prop::collection::vec(
                prop::sample::select(vec!["/", "/.", "/x/..", "\\x\\%2e%2E", "%2F%2e", "/x%2F.."]),
                0..4,
            ),
            encoded in prop::array::uniform7(any::<bool>()),
            rest in odd_path(),
        ) {
            let name: String = "profile"
                .chars()
                .zip(encoded)
                .map(|(c, encoded)| if encoded { format!("%{:x}", u32::from(c)) } else { c.to_string() })
                .collect();
            let path = format!("{}/{name}{rest}", detours.concat());
            prop_assert!(PROTECTED.contains(&path), "{}", path);
        }
    }
}
