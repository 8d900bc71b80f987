use http::{HeaderMap, header};

/// Checks whether a client accepts a content coding, such as `gzip`: its `Accept-Encoding` names it, with a weight other
/// than zero ([RFC 9110, section 12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3)). The wildcard `*` does
/// not count, so a client gets a coding only if it knows it.
///
/// ```
/// use axum_clerk::accepts_encoding;
/// use http::{HeaderMap, HeaderValue, header};
///
/// let browser = HeaderMap::from_iter([(
///     header::ACCEPT_ENCODING,
///     HeaderValue::from_static("gzip, deflate, br;q=0.9, zstd;q=0"),
/// )]);
/// assert!(accepts_encoding(&browser, "br"));
/// assert!(!accepts_encoding(&browser, "zstd"));
/// ```
#[must_use]
pub fn accepts_encoding(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|accepted| {
            let (name, weight) = accepted.split_once(';').unwrap_or((accepted, "q=1"));
            let weight = weight
                .trim()
                .strip_prefix("q=")
                .and_then(|q| q.parse::<f32>().ok());
            name.trim().eq_ignore_ascii_case(coding) && weight.is_some_and(|weight| weight > 0.0)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_accepted_if_it_is_named_with_a_weight() {
        for (value, expected) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip, deflate, br, zstd", true),
            ("gzip; q=1", true),
            ("gzip;q=0, br", false),
            ("gzip;q=0.000", false),
            ("gzip;q=x", false),
            ("br", false),
            ("*", false),
            ("", false),
        ] {
            let headers = [(header::ACCEPT_ENCODING, value.parse().unwrap())]
                .into_iter()
                .collect();
            assert_eq!(accepts_encoding(&headers, "gzip"), expected, "{value}");
        }
    }
}
