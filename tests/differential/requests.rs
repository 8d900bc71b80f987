//! Random requests that cover everything the decision reads.

mod cookies;
mod handshakes;

use std::net::{Ipv4Addr, SocketAddr};

use handshakes::{NONCE, TOKEN};

use crate::{deviations::Deviation, instances::Instance, random::Random};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderName, HeaderValue, Method, Request},
};

const PATHS: [&str; 14] = [
    "/api/orgs/org_a",
    "/api/orgs/org_b",
    "/API/orgs/org_a/settings",
    "/api/orgs/org_a/settings",
    "/api/org-slug/acme",
    "/api/org-slug/bcorp/x",
    "/api/personal",
    "/api/personal/x",
    "/api/orgs/org_c.json",
    "/api/org-slug/b-corp/x/y",
    "/api/orgs",
    "/api/a%20b/%2e%2e/orgs/org_b",
    "/api/../api/orgs/org_a",
    "/",
];
const REFERRERS: [&str; 12] = [
    "https://satellite.example.org/x",
    "https://accounts.example.com/sign-in",
    "https://accounts.app.example.co.uk/",
    "https://clerk.example.com/",
    "https://foo-bar-13.accounts.dev/",
    "https://foo-bar-13.clerk.accounts.dev/",
    "https://accounts.foo-bar-13.lcl.dev/",
    "https://proxy.example.com/",
    "http://app.example.com/before",
    "https://public.example.com/",
    "nonsense",
    "about:blank",
];
const RETURN_TO: [&str; 10] = [
    "http%3A%2F%2Flocalhost%3A3000%2Fpath",
    "https%3A%2F%2Fa.localhost%2F%3F__clerk_synced%3Dfalse%26a%3Db%20c",
    "http://127.0.0.1?__clerk_synced=false",
    "http%3A%2F%2F%5B%3A%3A1%5D%3A3000",
    "http%3A%2F%2Fsatellite.test%2Fpath",
    "https%3A%2F%2Fsatellite.test%2F%3F__clerk_synced%3Dfalse%26a%3Db%20c",
    "https://satellite.test?__clerk_synced=false",
    "nonsense",
    "javascript:alert(1)",
    "",
];

/// A random request.
pub(crate) struct Case {
    pub(crate) id: usize,
    pub(crate) instance: usize,
    pub(crate) method: &'static str,
    host: &'static str,
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The kinds of the tokens.
    pub(crate) tokens: Vec<&'static str>,
    /// The parts of the request on which we deviate, without duplicates.
    pub(crate) deviations: Vec<Deviation>,
    /// Whether the URL of a production instance has the result of a handshake.
    pub(crate) has_foreign_handshake: bool,
    /// The name of the cookie with the result of a handshake, if it is the one that is read.
    pub(crate) handshake_cookie: Option<&'static str>,
    /// Whether the Backend API fails to look up the nonce that is read, or to refresh the session.
    has_failing_nonce: bool,
    has_failing_refresh: bool,
    has_failing_keys: bool,
    pub(crate) is_twin: bool,
    /// Texts of the request that an outcome may repeat, in the same order as in the twin.
    texts: Vec<String>,
}

impl Case {
    pub(crate) fn random(seed: u64, id: usize, instances: &[Instance]) -> Self {
        Self::make(seed, id, instances, false)
    }

    /// The same request, with every part on which we deviate substituted by the part that the official
    /// package treats as we treat the original.
    pub(crate) fn twin(seed: u64, id: usize, instances: &[Instance]) -> Self {
        Self::make(seed, id, instances, true)
    }

    /// The texts of this request that differ in its twin, each with that of the twin.
    pub(crate) fn substitutions<'a>(&'a self, twin: &'a Self) -> Vec<(&'a str, &'a str)> {
        assert_eq!(self.texts.len(), twin.texts.len());
        let pairs = self.texts.iter().zip(&twin.texts);
        pairs
            .filter(|(own, other)| own != other)
            .map(|(own, other)| (own.as_str(), other.as_str()))
            .collect()
    }

    fn make(seed: u64, id: usize, instances: &[Instance], is_twin: bool) -> Self {
        let random = &mut Random::new(seed, id as u64);
        let index = random.below(instances.len());
        let mut maker = Maker {
            random,
            instance: &instances[index],
            is_twin,
            has_token_in_header: false,
            results_in_query: Vec::new(),
            handshake_cookie: None,
            failing_nonces: [false; 2],
            has_failing_refresh: false,
            tokens: Vec::new(),
            deviations: Vec::new(),
            texts: Vec::new(),
        };
        let method = maker.random.mostly(85, "GET", &["POST", "HEAD", "PUT", "DELETE"]);
        let host = maker
            .random
            .mostly(70, "app.example.com", &["localhost:5001", "app.example.com:8443"]);
        let target = maker.target();
        let mut headers = vec![("host", host.to_owned())];
        maker.forwarded(&mut headers);
        maker.fetch_metadata(&mut headers);
        if method == "GET" && maker.random.percent(12) {
            let origin =
                maker
                    .random
                    .pick(&["https://primary.example.com", "http://app.example.com", "null"]);
            headers.push(("origin", origin.to_owned()));
        }
        maker.authorization(&mut headers);
        maker.cookies(&mut headers);
        let is_development = maker.instance.is_development;
        // With a token in the header, the results of handshakes are not read.
        let reads_results = !maker.has_token_in_header;
        let reads_query = reads_results && is_development;
        let nonce_in_query = maker.results_in_query.contains(&NONCE);
        let token_in_query = maker.results_in_query.contains(&TOKEN);
        let handshake_cookie = maker.handshake_cookie.filter(|cookie| {
            let hidden = reads_query && (nonce_in_query || token_in_query && *cookie == TOKEN);
            reads_results && !hidden
        });
        let [fails_in_query, fails_in_cookie] = maker.failing_nonces;
        let has_failing_nonce =
            reads_query && fails_in_query || handshake_cookie == Some(NONCE) && fails_in_cookie;
        let Maker {
            tokens,
            mut deviations,
            texts,
            has_failing_refresh,
            results_in_query,
            ..
        } = maker;
        deviations.sort_unstable();
        deviations.dedup();
        Self {
            id,
            instance: index,
            method,
            host,
            target,
            headers,
            tokens,
            deviations,
            has_foreign_handshake: reads_results && !is_development && !results_in_query.is_empty(),
            handshake_cookie,
            has_failing_nonce,
            has_failing_refresh,
            has_failing_keys: instances[index].has_failing_keys,
            is_twin,
            texts,
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let header = self.headers.iter().find(|(key, _)| *key == name);
        header.map_or("", |(_, value)| value.as_str())
    }

    /// The URL as the server sees it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}{}", self.host, self.target)
    }

    pub(crate) fn request(&self) -> Request<Body> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = Method::from_bytes(self.method.as_bytes()).unwrap();
        *request.uri_mut() = self.target.parse().unwrap();
        // A reverse proxy, which the official package always trusts.
        let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 50000));
        request.extensions_mut().insert(ConnectInfo(peer));
        for (name, value) in &self.headers {
            request.headers_mut().append(
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        request
    }
}

struct Maker<'a> {
    random: &'a mut Random,
    instance: &'a Instance,
    is_twin: bool,
    has_token_in_header: bool,
    /// The names of the parameters with results of handshakes.
    results_in_query: Vec<&'static str>,
    handshake_cookie: Option<&'static str>,
    /// Whether the nonce in the URL and that in the cookie cannot be looked up.
    failing_nonces: [bool; 2],
    has_failing_refresh: bool,
    tokens: Vec<&'static str>,
    deviations: Vec<Deviation>,
    texts: Vec<String>,
}

type Headers = Vec<(&'static str, String)>;

impl Maker<'_> {
    /// Records a part on which we deviate, and returns it, or its substitute in a twin.
    fn deviating(&mut self, deviation: Deviation, original: &str, substitute: &str) -> String {
        self.deviations.push(deviation);
        let text = if self.is_twin { substitute } else { original };
        self.texts.push(text.to_owned());
        text.to_owned()
    }

    fn target(&mut self) -> String {
        let path = match self.random.below(100) {
            0 => self.deviating(
                Deviation::PathNeverBecomesAHost,
                "//evil.example/x",
                "/evil.example/x",
            ),
            1..40 => "/api/me".to_owned(),
            _ => self.random.pick(&PATHS).to_owned(),
        };
        let mut query = Vec::new();
        let mut maybe = |random: &mut Random, chance, parameter: &[&str]| {
            if random.percent(chance) {
                query.push(random.pick(parameter).to_owned());
            }
        };
        maybe(
            self.random,
            10,
            &[
                "q=a%20b",
                "q=a+b&q=c",
                "flag",
                "x=%C3%A9",
                "x=%zz",
                "a=~*-._!'()",
                "",
            ],
        );
        maybe(
            self.random,
            12,
            &[
                "__clerk_synced=true",
                "__clerk_synced=false",
                "__clerk_synced=",
                "__clerk_synced=else",
            ],
        );
        maybe(
            self.random,
            8,
            &[
                "__clerk_db_jwt=query",
                "__clerk_db_jwt=",
                "__clerk_db_jwt=a&__clerk_db_jwt=b",
            ],
        );
        maybe(
            self.random,
            4,
            &["__dev_session=x", "__clerk_help=1", "__clerk_hs_reason=x"],
        );
        if self.random.percent(6) {
            let url = self.random.pick(&RETURN_TO);
            let is_read = self.instance.is_development && !self.instance.is_satellite;
            let is_of_satellite = url.contains("satellite.test");
            let is_allowed = url.starts_with("https") && self.instance.allows_satellite;
            let deviation = match url {
                "nonsense" | "javascript:alert(1)" => Some(Deviation::ReturnUrlMustBeHttp),
                _ if is_of_satellite && !is_allowed => Some(Deviation::ReturnOriginMustBeAllowed),
                _ => None,
            };
            let name = "__clerk_redirect_url";
            let name = match deviation.filter(|_| is_read) {
                Some(deviation) => self.deviating(deviation, name, "ignored_redirect_url"),
                None => name.to_owned(),
            };
            query.push(format!("{name}={url}"));
        }
        if self.random.percent(self.chance(9, 2)) {
            let token = self.handshake_token();
            query.push(self.result_in_query(TOKEN, &token));
        }
        if self.random.percent(self.chance(7, 2)) {
            let nonce = self.nonce();
            query.push(self.result_in_query(NONCE, &nonce));
        }
        self.random.shuffle(&mut query);
        if query.is_empty() {
            path
        } else {
            format!("{path}?{}", query.join("&"))
        }
    }

    fn forwarded(&mut self, headers: &mut Headers) {
        if self.random.percent(30) {
            let hosts = [
                "public.example.com",
                "public.example.com:3213, inner.example.com",
                "public.example.com,inner.example.com",
                "",
                "no host",
                "odd.example/x?y#z",
                "satellite.example.org",
            ];
            headers.push(("x-forwarded-host", self.random.pick(&hosts).to_owned()));
        }
        if self.random.percent(30) {
            let protos = ["https", "https,http", "http", "", "https, http"];
            headers.push(("x-forwarded-proto", self.random.pick(&protos).to_owned()));
        }
        if self.random.percent(3) {
            headers.push(("cloudfront-forwarded-proto", "https".to_owned()));
        }
    }

    fn fetch_metadata(&mut self, headers: &mut Headers) {
        match self.random.below(100) {
            0..60 => headers.push(("sec-fetch-dest", "document".to_owned())),
            60..78 => headers.push((
                "sec-fetch-dest",
                self.random
                    .pick(&["iframe", "empty", "image", "Document"])
                    .to_owned(),
            )),
            _ => {}
        }
        if self.random.percent(60) {
            let accepted = [
                "text/html,application/xhtml+xml",
                "*/*",
                "application/json",
                "application/json, text/html",
                "text/html",
            ];
            headers.push(("accept", self.random.pick(&accepted).to_owned()));
        }
        if self.random.percent(40) {
            headers.push(("referer", self.random.pick(&REFERRERS).to_owned()));
        }
        headers.push(("user-agent", "Mozilla/5.0".to_owned()));
    }

    fn authorization(&mut self, headers: &mut Headers) {
        if self.random.percent(18) {
            let token = self.token().text;
            let value = match self.random.below(12) {
                0 => token,
                1 => "Bearer".to_owned(),
                2 => format!("bearer {token}"),
                3 => format!("Bearer  {token}"),
                4 => format!("Bearer {token} more"),
                5 => "Basic dXNlcjpwYXNz".to_owned(),
                6 => format!(
                    "Bearer {}",
                    self.random.pick(&["mt_1", "oat_1", "ak_1", "test_header_token"])
                ),
                _ => format!("Bearer {token}"),
            };
            let has_other_scheme = value.starts_with("bearer ") || value.starts_with("Basic ");
            self.has_token_in_header = !has_other_scheme;
            headers.push(("authorization", value));
        }
    }
}
