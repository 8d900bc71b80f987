//! Reading the headers of requests. What cannot be read in one costs that part only.

use std::{
    borrow::Cow,
    net::{IpAddr, SocketAddr},
};

use http::{HeaderMap, header::AsHeaderName};

/// Returns the value of a header that is there once and is UTF-8.
pub(super) fn one(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => str::from_utf8(value.as_bytes()).ok(),
        _ => None,
    }
}

/// Tells whether a header is there more than once.
pub(super) fn is_repeated(headers: &HeaderMap, name: impl AsHeaderName) -> bool {
    headers.get_all(name).iter().count() > 1
}

/// Returns the first value of a header, in which what is not UTF-8 is replaced.
pub(super) fn lossy(headers: &HeaderMap, name: impl AsHeaderName) -> Cow<'_, str> {
    let value = headers.get(name);
    value.map_or(Cow::Borrowed(""), |value| {
        String::from_utf8_lossy(value.as_bytes())
    })
}

/// Returns the parts of a header that are UTF-8. A header with several parts may also be there several times.
pub(super) fn parts(
    headers: &HeaderMap,
    name: impl AsHeaderName,
    separator: u8,
) -> impl Iterator<Item = &str> {
    headers
        .get_all(name)
        .iter()
        .flat_map(move |value| value.as_bytes().split(move |byte| *byte == separator))
        .filter_map(|part| str::from_utf8(part).ok())
        .map(str::trim)
}

/// Returns the first address in a list of them, each of which may have a port.
pub(super) fn address(headers: &HeaderMap, name: impl AsHeaderName) -> Option<IpAddr> {
    parts(headers, name, b',').find_map(|part| {
        let with_port = || Some(part.parse::<SocketAddr>().ok()?.ip());
        part.parse().ok().or_else(with_port)
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, header};

    use super::*;

    fn headers(values: &[&'static [u8]]) -> HeaderMap {
        let pairs = values.iter().map(|value| {
            let value = HeaderValue::from_bytes(value).unwrap();
            (header::COOKIE, value)
        });
        pairs.collect()
    }

    #[test]
    fn unreadable_parts_are_skipped() {
        let two = headers(&[b"a=1; b=\xff; c=\xc3\xa4", b" d=2"]);
        let read: Vec<&str> = parts(&two, header::COOKIE, b';').collect();
        assert_eq!(read, ["a=1", "c=\u{e4}", "d=2"]);
        assert_eq!(one(&two, header::COOKIE), None);
        assert!(is_repeated(&two, header::COOKIE));
        assert_eq!(lossy(&headers(&[b"x\xffy"]), header::COOKIE), "x\u{fffd}y");
        assert_eq!(one(&headers(&[b"\xc3\xa4"]), header::COOKIE), Some("\u{e4}"));
        assert_eq!(lossy(&headers(&[]), header::COOKIE), "");
    }

    #[test]
    fn addresses_may_have_ports() {
        let lists: [(&'static [u8], Option<&str>); 5] = [
            (b"\xff, 203.0.113.7, 10.0.0.1", Some("203.0.113.7")),
            (b"unknown, 203.0.113.7:4711", Some("203.0.113.7")),
            (b"[2001:db8::1]:80", Some("2001:db8::1")),
            (b"2001:db8::1", Some("2001:db8::1")),
            (b"for everybody", None),
        ];
        for (list, first) in lists {
            let address = address(&headers(&[list]), header::COOKIE).map(|address| address.to_string());
            assert_eq!(address.as_deref(), first);
        }
    }
}
