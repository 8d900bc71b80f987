//! `Cache-Control` of responses that depend on the caller.

use http::{HeaderMap, HeaderValue, header};

/// For everything that depends on the caller or may set cookies.
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

/// Keeps caches from storing a response. A response that already says `no-store` stays as it is, because that is
/// at least as strict.
pub(crate) fn forbid_storing(headers: &mut HeaderMap) {
    if !is_no_store(headers) {
        headers.insert(header::CACHE_CONTROL, PRIVATE);
    }
}

fn is_no_store(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|directive| directive.trim().eq_ignore_ascii_case("no-store"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_no_store_and_replaces_everything_else() {
        for (before, after) in [
            (None, "private, no-store"),
            (Some("no-store"), "no-store"),
            (Some("No-Store, max-age=0"), "No-Store, max-age=0"),
            (Some("private"), "private, no-store"),
            (Some("public, max-age=60"), "private, no-store"),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(before) = before {
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(before));
            }
            forbid_storing(&mut headers);
            assert_eq!(headers[header::CACHE_CONTROL], after, "{before:?}");
        }
    }
}
