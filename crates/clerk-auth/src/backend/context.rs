//! Everything of a request that the decision reads, in Clerk's terms.

use http::{Method, header};
use url::Url;

use super::{
    cookie_selection::{suffixed, uses_suffixed_cookies},
    cookies::Cookies,
    options::Instance,
    request::{RequestTargetError, RequestView},
    verify::ClaimRules,
};

static SEC_FETCH_DEST: header::HeaderName = header::HeaderName::from_static("sec-fetch-dest");

/// Everything of a request that the decision reads.
pub(super) struct Context<'a> {
    pub(super) instance: &'a Instance,
    pub(super) request: RequestView<'a>,
    /// In milliseconds of the Unix epoch.
    pub(super) now: i64,
    /// The public URL of the request.
    pub(super) clerk_url: Url,
    /// A host, or the proxy's URL.
    pub(super) frontend_api: String,
    pub(super) uses_suffixed_cookies: bool,
    pub(super) session_token_in_cookie: Option<String>,
    pub(super) token_in_header: Option<String>,
    pub(super) refresh_token: Option<String>,
    /// When the client last signed in or out, in Unix seconds; 0 when it is signed out.
    pub(super) client_uat: i64,
    pub(super) dev_browser_token: Option<String>,
    pub(super) handshake_token: Option<String>,
    pub(super) handshake_nonce: Option<String>,
    /// How many handshakes this visitor has gone through within two seconds.
    pub(super) redirect_count: f64,
    pub(super) is_get: bool,
    pub(super) sec_fetch_dest: Option<String>,
    pub(super) accept: Option<String>,
    pub(super) referrer: Option<String>,
    pub(super) origin: Option<String>,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        instance: &'a Instance,
        request: RequestView<'a>,
        now: i64,
    ) -> Result<Self, RequestTargetError> {
        let clerk_url = request.clerk_url()?;
        let cookie_header = request.header(&header::COOKIE).unwrap_or_default();
        let cookies = Cookies::parse(&cookie_header);
        let uses_suffixed_cookies = uses_suffixed_cookies(&cookies, instance, now);
        let cookie = |name: &str| cookies.get(name).map(str::to_owned);
        let suffixed = |name: &str| cookie(&suffixed(name, &instance.cookie_suffix));
        let selected = |name: &str| {
            if uses_suffixed_cookies {
                suffixed(name)
            } else {
                cookie(name)
            }
        };
        let query = |name: &str| query_parameter(&clerk_url, name).filter(|value| !value.is_empty());
        Ok(Self {
            frontend_api: frontend_api(instance, &clerk_url),
            uses_suffixed_cookies,
            session_token_in_cookie: selected("__session"),
            token_in_header: request
                .header(&header::AUTHORIZATION)
                .and_then(|header| authorization_token(&header).map(str::to_owned)),
            refresh_token: suffixed("__refresh"),
            client_uat: selected("__client_uat").map_or(0, |text| leading_integer(&text)),
            dev_browser_token: query("__clerk_db_jwt").or_else(|| selected("__clerk_db_jwt")),
            handshake_token: query("__clerk_handshake").or_else(|| cookie("__clerk_handshake")),
            handshake_nonce: query("__clerk_handshake_nonce").or_else(|| cookie("__clerk_handshake_nonce")),
            redirect_count: cookie("__clerk_redirect_count").map_or(0.0, |text| number(&text)),
            is_get: request.method == Method::GET,
            sec_fetch_dest: request.header(&SEC_FETCH_DEST),
            accept: request.header(&header::ACCEPT),
            referrer: request.header(&header::REFERER),
            origin: request.header(&header::ORIGIN),
            instance,
            request,
            now,
            clerk_url,
        })
    }

    /// The token in the cookie, else that in the header.
    pub(super) fn session_token(&self) -> Option<&str> {
        self.session_token_in_cookie
            .as_deref()
            .or(self.token_in_header.as_deref())
    }

    pub(super) fn query_parameter(&self, name: &str) -> Option<String> {
        query_parameter(&self.clerk_url, name)
    }

    pub(super) fn is_development(&self) -> bool {
        self.instance.is_development()
    }

    pub(super) fn is_satellite(&self) -> bool {
        self.instance.options.is_satellite
    }

    pub(super) fn claim_rules(&self) -> ClaimRules<'_> {
        let options = &self.instance.options;
        ClaimRules {
            audiences: &options.audiences,
            authorized_parties: &options.authorized_parties,
            issuers: &options.issuers,
            now: self.now,
            clock_skew: i64::try_from(options.clock_skew.as_millis()).unwrap_or(i64::MAX / 4),
        }
    }
}

/// The first value of a parameter.
fn query_parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The proxy's URL, else the host the instance's tokens are issued by.
fn frontend_api(instance: &Instance, clerk_url: &Url) -> String {
    match &instance.options.proxy_url {
        Some(path) if path.starts_with('/') => format!("{}{path}", clerk_url.origin().ascii_serialization()),
        Some(url) => url.clone(),
        None => instance.original_frontend_api(),
    }
}

/// The token of an `Authorization` header: after `Bearer`, or the whole header when it is one word.
fn authorization_token(header: &str) -> Option<&str> {
    let mut words = header.split(' ');
    let scheme = words.next().unwrap_or_default();
    match words.next().unwrap_or_default() {
        "" => Some(scheme).filter(|scheme| !scheme.is_empty()),
        token => (scheme == "Bearer").then_some(token),
    }
}

/// As JavaScript's `parseInt`, 0 for what is not a number.
fn leading_integer(text: &str) -> i64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    match &digits[..end] {
        "" => 0,
        digits => sign * digits.parse().unwrap_or(i64::MAX),
    }
}

/// A whole text that is a decimal number, 0 for any other.
fn number(text: &str) -> f64 {
    text.trim()
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
        .unwrap_or(0.0)
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

    #[test]
    fn client_uat_is_the_leading_integer() {
        let cases = [
            ("12", 12),
            ("1abc", 1),
            ("-5", -5),
            ("abc", 0),
            ("", 0),
            (" 7", 7),
            ("-", 0),
        ];
        for (text, number) in cases {
            assert_eq!(leading_integer(text), number, "{text:?}");
        }
        assert_eq!(leading_integer("99999999999999999999"), i64::MAX);
    }

    #[test]
    fn redirect_counts_are_whole_numbers_of_text() {
        for (text, count) in [
            ("3", 3.0),
            ("3.0", 3.0),
            ("3x", 0.0),
            ("", 0.0),
            ("inf", 0.0),
            ("NaN", 0.0),
        ] {
            assert_eq!(number(text), count, "{text:?}");
        }
    }
}
