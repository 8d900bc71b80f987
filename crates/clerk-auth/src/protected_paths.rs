//! Paths that require a signed-in visitor.

use percent_encoding::percent_decode_str;

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

    /// Whether a path is protected. Ignores repeated slashes and percent encoding, about which routers are
    /// lenient.
    #[must_use]
    pub fn contains(self, path: &str) -> bool {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        self.0.iter().any(|protected| {
            let mut segments = segments(&decoded);
            self::segments(protected).all(|segment| segments.next() == Some(segment))
        })
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_protected_however_its_path_is_written() {
        let protected = ProtectedPaths::new(&["/profile"]);
        for path in [
            "/profile",
            "/profile/",
            "//profile",
            "/profile/security",
            "/%70rofile",
            "/profile//",
        ] {
            assert!(protected.contains(path), "{path}");
        }
        for path in ["/", "/profiles", "/plans/profile", "/sign-in"] {
            assert!(!protected.contains(path), "{path}");
        }
    }
}
