//! The headers in which a reverse proxy describes the request that it received.

use std::{
    borrow::Cow,
    mem,
    net::{IpAddr, SocketAddr},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header::FORWARDED};

use crate::X_REQUEST_ID;

pub(super) const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
pub(super) const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Sent by proxies too, but also by their clients through proxies that do not know them.
static ADDRESSES: [HeaderName; 2] = [
    HeaderName::from_static("x-real-ip"),
    HeaderName::from_static("cf-connecting-ip"),
];

static OTHERS: [HeaderName; 7] = [
    FORWARDED,
    X_FORWARDED_FOR,
    X_FORWARDED_HOST,
    X_FORWARDED_PROTO,
    HeaderName::from_static("x-forwarded-port"),
    HeaderName::from_static("cloudfront-forwarded-proto"),
    X_REQUEST_ID,
];

pub(super) fn remove(headers: &mut HeaderMap) {
    for name in OTHERS.iter().chain(&ADDRESSES) {
        headers.remove(name);
    }
}

/// Translates `Forwarded` to the headers that `clerk_auth` reads, and removes a protocol that it would misread. Returns the
/// address of the client in place of `X-Forwarded-For`.
pub(super) fn normalize(headers: &mut HeaderMap, is_trusted: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
    for name in &ADDRESSES {
        headers.remove(name);
    }
    // A proxy that sets the others may pass on a `Forwarded` that its client has sent.
    let has_others = [X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO]
        .iter()
        .any(|name| headers.contains_key(name));
    let forwarded = if has_others {
        None
    } else {
        joined(headers, &FORWARDED)
    };
    // What a client has sent may be malformed. The last element is the proxy's own, unless that contains a comma.
    let elements = forwarded.and_then(|list| parse(&list).or_else(|| parse(list.rsplit(',').next()?)));
    headers.remove(FORWARDED);
    if let Some(elements) = elements {
        translate(&elements, headers);
    }
    // Any other text would become a part of URLs.
    let is_known = |proto: &str| {
        ["", "http", "https"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(proto))
    };
    if first(headers, X_FORWARDED_PROTO).is_some_and(|proto| !is_known(proto)) {
        headers.remove(X_FORWARDED_PROTO);
    }
    let client = joined(headers, &X_FORWARDED_FOR).and_then(|list| client(&list, is_trusted));
    headers.remove(X_FORWARDED_FOR);
    client
}

/// Each proxy appends the address of its own peer, so only what follows the last untrusted address is certain: in front of
/// it may be whatever a client has made up. `None` if a proxy does not say whom it forwards.
fn client(list: &str, is_trusted: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
    let mut hops = list.rsplit(',').map(|hop| address(hop.trim()));
    let mut client = hops.next()??;
    while is_trusted(client)
        && let Some(hop) = hops.next()
    {
        client = hop?;
    }
    Some(client)
}

/// Joins the values of a header to one list. `None` without any.
fn joined<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Cow<'a, str>> {
    let values = headers.get_all(name).iter();
    values
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .reduce(|list, value| format!("{list},{value}").into())
}

/// Returns the host that takes the place of `Host`. As `clerk_auth` does, ignores it if the protocol is empty.
pub(super) fn host(headers: &HeaderMap) -> Option<&str> {
    let is_used = first(headers, X_FORWARDED_PROTO) != Some("");
    first(headers, X_FORWARDED_HOST).filter(|host| is_used && !host.is_empty())
}

/// Returns the first value of a list, which the outermost proxy has set, exactly as `clerk_auth` reads it. In place of a
/// value that is not ASCII, one that is neither a host nor a protocol.
fn first(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let list = headers.get(name)?.to_str().unwrap_or("not ASCII");
    list.trim().split(',').next()
}

type Element = Vec<(String, String)>;

/// Of the host and the protocol, those of the outermost proxy count, which is the first element.
fn translate(elements: &[Element], headers: &mut HeaderMap) {
    let value = |element: &Element, name: &str| {
        let found = element.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone())
    };
    let outermost = |name| elements.first().and_then(|element| value(element, name));
    let hops = elements
        .iter()
        .map(|element| value(element, "for").unwrap_or_default());
    for (name, value) in [
        (X_FORWARDED_FOR, Some(hops.collect::<Vec<_>>().join(","))),
        (X_FORWARDED_HOST, outermost("host")),
        (X_FORWARDED_PROTO, outermost("proto")),
    ] {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
}

/// Parses an address that may have a port. `None` for one that is hidden.
fn address(node: &str) -> Option<IpAddr> {
    let with_port = || node.parse().ok().map(|node: SocketAddr| node.ip());
    let plain: Option<IpAddr> = node.trim_matches(['[', ']']).parse().ok();
    plain.or_else(with_port).map(|address| address.to_canonical())
}

/// Parses a `Forwarded` header (RFC 7239, section 4): names in lower case, and values, for each proxy. `None` if it is
/// malformed.
fn parse(mut text: &str) -> Option<Vec<Element>> {
    let (mut elements, mut element) = (Vec::new(), Element::new());
    loop {
        text = text.trim_start_matches([';', ' ', '\t']);
        if let Some(rest) = text.strip_prefix(',') {
            elements.push(mem::take(&mut element));
            text = rest;
            continue;
        }
        if text.is_empty() {
            elements.push(element);
            return Some(elements);
        }
        let (name, rest) = text.split_once('=')?;
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let (value, rest) = rest.split_at(rest.find([';', ',']).unwrap_or(rest.len()));
                (value.trim().to_owned(), rest)
            }
        };
        element.push((name.to_ascii_lowercase(), value));
        text = rest.trim_start();
        if !text.is_empty() && !text.starts_with([';', ',']) {
            return None;
        }
    }
}

/// Splits behind the closing quote, and resolves escapes in front of it.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return Some((value, characters.as_str())),
            '\\' => value.push(characters.next()?),
            character => value.push(character),
        }
    }
}
