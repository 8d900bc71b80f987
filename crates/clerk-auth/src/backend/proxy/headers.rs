//! The headers that a proxy forwards.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use url::Url;

use crate::backend::{header_value::header_value, request::RequestView};

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
static X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// Headers that apply to a single connection (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [&str; 8] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// How the names of the cookies of Clerk begin, and of those that Cloudflare sets in front of its Frontend API, see
/// <https://clerk.com/docs/guides/how-clerk-works/cookies>. Some names continue with a suffix of the instance.
const COOKIES: [&str; 8] = [
    "__session",
    "__client",
    "__clerk",
    "__refresh",
    "__dev_session",
    "clerk_",
    "__cf",
    "_cfuvid",
];

/// Whether a header is forwarded: it is neither hop-by-hop nor named by `Connection`.
pub(crate) fn passes(name: &HeaderName, headers: &HeaderMap) -> bool {
    let mut nominated = headers
        .get_all(header::CONNECTION)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    !HOP_BY_HOP.contains(&name.as_str())
        && !nominated.any(|other| name.as_str().eq_ignore_ascii_case(other.trim()))
}

/// The headers of a request to the Frontend API, which describe the visitor by `X-Forwarded-*`.
pub(crate) fn forwarded_headers(view: &RequestView<'_>, own_url: &Url) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in view.headers {
        let forwarded = match *name {
            header::COOKIE => cookies_of_clerk(value),
            _ => Some(value.clone()),
        };
        if let Some(value) = forwarded.filter(|_| passes(name, view.headers)) {
            headers.append(name.clone(), value);
        }
    }
    let authority = &own_url[url::Position::BeforeHost..url::Position::AfterPort];
    for (name, text) in [
        (&X_FORWARDED_HOST, authority),
        (&X_FORWARDED_PROTO, own_url.scheme()),
    ] {
        if !headers.contains_key(name)
            && let Some(value) = header_value(text)
        {
            headers.insert(name, value);
        }
    }
    if let Some(value) = client_ip(view).as_deref().and_then(header_value) {
        headers.insert(&X_FORWARDED_FOR, value);
    }
    headers
}

/// The cookies of Clerk in a `Cookie` header. Those of the application are none of Clerk's business, and some of them
/// are sessions.
fn cookies_of_clerk(value: &HeaderValue) -> Option<HeaderValue> {
    let cookies = value
        .as_bytes()
        .split(|byte| *byte == b';')
        .map(<[u8]>::trim_ascii);
    let cookies: Vec<_> = cookies
        .filter(|cookie| COOKIES.iter().any(|name| cookie.starts_with(name.as_bytes())))
        .collect();
    let joined = cookies.join(b"; ".as_slice());
    (!joined.is_empty()).then(|| HeaderValue::from_bytes(&joined).ok())?
}

/// The visitor's address. Headers set by an outer proxy take precedence.
fn client_ip(view: &RequestView<'_>) -> Option<String> {
    let header = |name| view.header(&HeaderName::from_static(name));
    header("cf-connecting-ip")
        .or_else(|| header("x-real-ip"))
        .or_else(|| view.header(&X_FORWARDED_FOR).map(|list| first(&list)))
        .filter(|ip| !ip.is_empty())
}

/// The origin as the visitor sees it, derived as for pages.
pub(crate) fn public_origin(view: &RequestView<'_>, own_url: &Url) -> String {
    let public = view.clerk_url().ok().filter(|url| url.origin().is_tuple());
    public.as_ref().unwrap_or(own_url).origin().ascii_serialization()
}

fn first(list: &str) -> String {
    list.split(',').next().unwrap_or_default().trim().to_owned()
}
