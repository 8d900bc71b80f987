use percent_encoding::percent_decode_str;

/// Whether a path contains a dot segment (`.` or `..`), a backslash or a NUL, as they are or percent-encoded.
///
/// Some programs resolve these or end the path there, as browsers do by the
/// [URL standard](https://url.spec.whatwg.org/#path-state), and others take them literally, as axum's router does: they
/// disagree about which page is asked for. No browser sends dot segments or plain backslashes, so a server loses nothing
/// by answering such paths with 400. An encoded slash is data of its segment.
///
/// ```
/// use clerk_auth::is_ambiguous_path;
///
/// for path in ["/plans/../profile", "/%2e/profile", "/plans%5C..%5Cprofile", "/profile%00"] {
///     assert!(is_ambiguous_path(path));
/// }
/// assert!(!is_ambiguous_path("/files/a%2F..%2Fb.txt"));
/// ```
#[must_use]
pub fn is_ambiguous_path(path: &str) -> bool {
    path.split('/').any(|segment| {
        let (mut length, mut is_dots) = (0, true);
        for byte in percent_decode_str(segment) {
            if matches!(byte, b'\\' | 0) {
                return true;
            }
            length += 1;
            is_dots &= byte == b'.';
        }
        is_dots && matches!(length, 1 | 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_segments_backslashes_and_nul_are_ambiguous_however_they_are_written() {
        for path in [
            "/.",
            "/..",
            "/./profile",
            "/x/../profile",
            "/x/..",
            "/%2e/profile",
            "/x/%2E%2e/profile",
            "/x/.%2e/profile",
            "/\\",
            "/x\\..\\profile",
            "/x/..\\profile",
            "/x%5Cprofile",
            "/x%5c..%5cprofile",
            "/profile%00",
            "/%00/profile",
            "/profile\0.css",
        ] {
            assert!(is_ambiguous_path(path), "{path}");
        }
    }

    #[test]
    fn everything_else_has_one_reading() {
        for path in [
            "",
            "/",
            "//",
            "/profile/security/",
            "/pkg/app.0a1b.wasm",
            "/.well-known/x",
            "/...",
            "/a..b/..c/d..",
            "/x%2F..%2Fprofile",
            "/profile%2Fsecurity",
            "/%70rofile",
            "/%252e%252e/profile",
            "/%255c",
            "/100%",
            "/%2",
            "/%zz",
            "/%ff%c3%a9",
        ] {
            assert!(!is_ambiguous_path(path), "{path}");
        }
    }
}
