//! Everything that the decision reads of a request, under the official package's names.

use http::{Method, header};
use url::Url;

use super::{
    cookie_selection::{suffixed, uses_suffixed_cookies},
    cookies::Cookies,
    view::{RequestTargetError, RequestView},
};
use crate::backend::{
    config::Configuration,
    javascript::{parse_int_or_zero, text_to_number, truthy},
    token::ClaimRules,
};

static SEC_FETCH_DEST: header::HeaderName = header::HeaderName::from_static("sec-fetch-dest");

/// The number of cookies of one name that are read as results of handshakes: an old one that the browser keeps must not hide
/// the new one.
const MAX_HANDSHAKE_COOKIES: usize = 2;

/// The result of a handshake, as the visitor returns with it.
pub(crate) struct HandshakeResult {
    pub(crate) kind: HandshakeKind,
    pub(crate) value: String,
    pub(crate) is_in_query: bool,
}

/// What the result of a handshake is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandshakeKind {
    Nonce,
    Token,
}

impl HandshakeKind {
    /// The name of its cookie and of its query parameter.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Nonce => "__clerk_handshake_nonce",
            Self::Token => "__clerk_handshake",
        }
    }
}

/// Everything that the decision reads of a request.
pub(crate) struct Context<'a> {
    pub(crate) configuration: &'a Configuration,
    pub(crate) request: RequestView<'a>,
    /// In milliseconds since the Unix epoch.
    pub(crate) now: i64,
    /// The URL of the request as the visitor sees it.
    pub(crate) clerk_url: Url,
    /// The Frontend API host, or the URL of its proxy.
    pub(crate) frontend_api: String,
    pub(crate) uses_suffixed_cookies: bool,
    pub(crate) session_token_in_cookie: Option<String>,
    pub(crate) token_in_header: Option<String>,
    pub(crate) refresh_token: Option<String>,
    /// When the client last signed in or out, in Unix seconds; 0 when it is signed out.
    pub(crate) client_uat: i64,
    pub(crate) dev_browser_token: Option<String>,
    /// In the order in which they are tried.
    pub(crate) handshake_results: Vec<HandshakeResult>,
    /// Whether the query has the result of a handshake that is not read from there.
    pub(crate) has_foreign_handshake: bool,
    /// How many times in a row this visitor was redirected, each within two seconds of the last.
    pub(crate) redirect_count: f64,
    pub(crate) is_get: bool,
    pub(crate) sec_fetch_dest: Option<String>,
    pub(crate) accept: Option<String>,
    pub(crate) referrer: Option<String>,
    pub(crate) origin: Option<String>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        configuration: &'a Configuration,
        request: RequestView<'a>,
        now: i64,
    ) -> Result<Self, RequestTargetError> {
        let clerk_url = request.clerk_url()?;
        let cookie_header = request.header(&header::COOKIE).unwrap_or_default();
        let cookies = Cookies::parse(&cookie_header);
        let uses_suffixed_cookies = uses_suffixed_cookies(&cookies, configuration, now);
        let cookie = |name: &str| cookies.get(name).map(str::to_owned);
        let suffixed = |name: &str| cookie(&suffixed(name, &configuration.cookie_suffix));
        let selected = |name: &str| {
            if uses_suffixed_cookies {
                suffixed(name)
            } else {
                cookie(name)
            }
        };
        let query = |name: &str| query_parameter(&clerk_url, name).and_then(truthy);
        let reads_query = configuration.is_development() || configuration.options.handshake_in_query;
        let mut handshake_results = Vec::new();
        let mut has_foreign_handshake = false;
        for kind in [HandshakeKind::Nonce, HandshakeKind::Token] {
            let in_query = query_parameter(&clerk_url, kind.name());
            has_foreign_handshake |= in_query.is_some() && !reads_query;
            let result = |value, is_in_query| HandshakeResult {
                kind,
                value,
                is_in_query,
            };
            match in_query.filter(|_| reads_query).and_then(truthy) {
                Some(value) => handshake_results.push(result(value, true)),
                None if cookies.get(kind.name()).is_some() => {
                    let values = Cookies::all(&cookie_header, kind.name()).take(MAX_HANDSHAKE_COOKIES);
                    handshake_results.extend(values.map(|value| result(value.into_owned(), false)));
                }
                None => {}
            }
        }
        Ok(Self {
            frontend_api: frontend_api(configuration, &clerk_url),
            uses_suffixed_cookies,
            session_token_in_cookie: selected("__session"),
            token_in_header: request
                .header(&header::AUTHORIZATION)
                .and_then(|header| authorization_token(&header).map(str::to_owned)),
            refresh_token: suffixed("__refresh"),
            client_uat: selected("__client_uat").map_or(0, |text| parse_int_or_zero(&text)),
            dev_browser_token: query("__clerk_db_jwt").or_else(|| selected("__clerk_db_jwt")),
            handshake_results,
            has_foreign_handshake,
            redirect_count: cookie("__clerk_redirect_count").map_or(0.0, |text| redirect_count(&text)),
            is_get: request.method == Method::GET,
            sec_fetch_dest: request.header(&SEC_FETCH_DEST),
            accept: request.header(&header::ACCEPT),
            referrer: request.header(&header::REFERER),
            origin: request.header(&header::ORIGIN),
            configuration,
            request,
            now,
            clerk_url,
        })
    }

    /// The token in the cookie, or else in the header.
    pub(crate) fn session_token(&self) -> Option<&str> {
        self.session_token_in_cookie
            .as_deref()
            .or(self.token_in_header.as_deref())
    }

    pub(crate) fn query_parameter(&self, name: &str) -> Option<String> {
        query_parameter(&self.clerk_url, name)
    }

    pub(crate) fn is_development(&self) -> bool {
        self.configuration.is_development()
    }

    pub(crate) fn is_satellite(&self) -> bool {
        self.configuration.options.is_satellite
    }

    pub(crate) fn claim_rules(&self) -> ClaimRules<'_> {
        let options = &self.configuration.options;
        ClaimRules {
            audiences: &options.audiences,
            authorized_parties: &options.authorized_parties,
            accept_missing_azp: options.accept_missing_azp,
            issuers: &options.issuers,
            now: self.now,
            clock_skew: i64::try_from(options.clock_skew.as_millis()).unwrap_or(i64::MAX / 4),
            revocations: options.revocations.as_ref(),
        }
    }
}

/// The first value of a parameter.
fn query_parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The number of redirects. Anything but a number from zero was not set by this program, which therefore may be
/// unable to replace it: it counts as a loop, because counting on from it could go on forever.
fn redirect_count(text: &str) -> f64 {
    Some(text_to_number(text))
        .filter(|count| *count >= 0.0)
        .unwrap_or(f64::INFINITY)
}

/// The URL of the proxy, or else the host that issues the instance's tokens.
fn frontend_api(configuration: &Configuration, clerk_url: &Url) -> String {
    match &configuration.options.proxy_url {
        Some(path) if path.starts_with('/') => format!("{}{path}", clerk_url.origin().ascii_serialization()),
        Some(url) => url.clone(),
        None => configuration.original_frontend_api(),
    }
}

/// The token of an `Authorization` header: after `Bearer`, or the whole header if it is a single word.
fn authorization_token(header: &str) -> Option<&str> {
    let mut words = header.split(' ');
    let scheme = words.next().unwrap_or_default();
    match words.next().unwrap_or_default() {
        "" => truthy(scheme),
        token => (scheme == "Bearer").then_some(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorization_headers() {
        let cases = [
            ("Bearer a.b.c", Some("a.b.c")),
            ("Bearer a.b.c d", Some("a.b.c")),
            ("a.b.c", Some("a.b.c")),
            ("Bearer", Some("Bearer")),
            ("Bearer  a.b.c", Some("Bearer")),
            ("bearer a.b.c", None),
            ("Basic dXNlcg==", None),
            ("", None),
        ];
        for (header, token) in cases {
            assert_eq!(authorization_token(header), token, "{header:?}");
        }
    }
}
