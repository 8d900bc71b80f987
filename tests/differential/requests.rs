//! Requests over all that the decision reads.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request},
};
use serde_json::json;

use crate::{
    backend_api,
    instances::Instance,
    keys::{OTHER, OWN},
    random::Random,
    tokens::{NOW, Token},
};

const PATHS: [&str; 11] = [
    "/api/orgs/org_a",
    "/api/orgs/org_b",
    "/API/orgs/org_a/settings",
    "/api/orgs/org_a/settings",
    "/api/org-slug/acme",
    "/api/org-slug/bcorp/x",
    "/api/personal",
    "/api/personal/x",
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
const RETURN_TO: [&str; 6] = [
    "http%3A%2F%2Fsatellite.test%2Fpath",
    "https%3A%2F%2Fsatellite.test%2F%3F__clerk_synced%3Dfalse%26a%3Db%20c",
    "https://satellite.test?__clerk_synced=false",
    "nonsense",
    "javascript:alert(1)",
    "",
];

/// A request, and what was put into it.
pub(crate) struct Case {
    pub(crate) id: usize,
    pub(crate) instance: usize,
    pub(crate) method: &'static str,
    host: &'static str,
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The kinds of the tokens, for telling deviations.
    pub(crate) tokens: Vec<&'static str>,
}

impl Case {
    pub(crate) fn random(seed: u64, id: usize, instances: &[Instance]) -> Self {
        let random = &mut Random::new(seed, id as u64);
        let index = random.below(instances.len());
        let mut maker = Maker {
            random,
            instance: &instances[index],
            tokens: Vec::new(),
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
        let tokens = maker.tokens;
        Self {
            id,
            instance: index,
            method,
            host,
            target,
            headers,
            tokens,
        }
    }

    /// The URL as this server sees it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}{}", self.host, self.target)
    }

    pub(crate) fn request(&self) -> Request<Body> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = Method::from_bytes(self.method.as_bytes()).unwrap();
        *request.uri_mut() = self.target.parse().unwrap();
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
    tokens: Vec<&'static str>,
}

type Headers = Vec<(&'static str, String)>;

impl Maker<'_> {
    fn target(&mut self) -> String {
        let path = match self.random.below(100) {
            0 => "//evil.example/x",
            1..50 => "/api/me",
            _ => self.random.pick(&PATHS),
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
            query.push(format!("__clerk_redirect_url={}", self.random.pick(&RETURN_TO)));
        }
        if self
            .random
            .percent(if self.instance.is_development { 9 } else { 2 })
        {
            query.push(format!("__clerk_handshake={}", self.handshake_token()));
        }
        if self
            .random
            .percent(if self.instance.is_development { 7 } else { 2 })
        {
            query.push(format!("__clerk_handshake_nonce={}", self.nonce()));
        }
        self.random.shuffle(&mut query);
        if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", query.join("&"))
        }
    }

    fn forwarded(&mut self, headers: &mut Headers) {
        if self.random.percent(30) {
            let hosts = [
                "public.example.com",
                "public.example.com:3213, inner.example.com",
                "public.example.com,evil.example",
                "",
                "no host",
                "evil.example/x?y#z",
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
            headers.push(("authorization", value));
        }
    }

    fn cookies(&mut self, headers: &mut Headers) {
        let mut cookies = Vec::new();
        let suffix = &self.instance.suffix.clone();
        let mut iat = *NOW - 60;
        for (name, chance) in [("__session".to_owned(), 65), (format!("__session_{suffix}"), 45)] {
            if self.random.percent(chance) {
                let token = self.token();
                iat = token.iat;
                cookies.push(format!("{name}={}", token.text));
            }
        }
        for (name, chance) in [
            ("__client_uat".to_owned(), 75),
            (format!("__client_uat_{suffix}"), 50),
        ] {
            if self.random.percent(chance) {
                let odd = ["0", "0", "", "abc", "1abc", "-5", "1", "99999999999"];
                let uat = match self.random.below(10) {
                    0..6 => iat.to_string(),
                    6 => (iat + 10).to_string(),
                    7 => (iat - 10).to_string(),
                    _ => self.random.pick(&odd).to_owned(),
                };
                cookies.push(format!("{name}={uat}"));
            }
        }
        for name in ["__clerk_db_jwt".to_owned(), format!("__clerk_db_jwt_{suffix}")] {
            if self.random.percent(60) {
                cookies.push(format!(
                    "{name}={}",
                    self.random.mostly(90, "browser", &["", "a%3Bb%20c", "\"q\""])
                ));
            }
        }
        if self.random.percent(30) {
            cookies.push(format!("__refresh_{suffix}={}", self.refresh_token()));
        }
        if self.random.percent(8) {
            let count = self
                .random
                .pick(&["1", "2", "3", "3", "3.0", "x", "", "4", "-1", "0.5"]);
            cookies.push(format!("__clerk_redirect_count={count}"));
        }
        if self
            .random
            .percent(if self.instance.is_development { 2 } else { 10 })
        {
            cookies.push(format!("__clerk_handshake={}", self.handshake_token()));
        }
        if self
            .random
            .percent(if self.instance.is_development { 2 } else { 6 })
        {
            cookies.push(format!("__clerk_handshake_nonce={}", self.nonce()));
        }
        let noise = [
            "a=b",
            "__refresh=unsuffixed",
            "novalue",
            "=empty",
            "__session_other=x",
            "c=%",
            "d=__session=x",
            "__client_uat=7",
        ];
        for _ in 0..self.random.below(3) {
            cookies.push(self.random.pick(&noise).to_owned());
        }
        self.random.shuffle(&mut cookies);
        match cookies.len() {
            0 => {}
            n if n > 2 && self.random.percent(5) => {
                let (one, two) = cookies.split_at(n / 2);
                headers.push(("cookie", one.join("; ")));
                headers.push(("cookie", two.join(";")));
            }
            _ => headers.push((
                "cookie",
                cookies.join(self.random.mostly(90, "; ", &[";", " ;\t"])),
            )),
        }
    }

    fn token(&mut self) -> Token {
        let issuer = match self.random.below(20) {
            0 => "clerk.other.example.com",
            1 => self.instance.key_host,
            _ => &self.instance.issuer,
        };
        let token = Token::random(self.random, issuer);
        self.tokens.push(token.kind);
        token
    }

    /// Cookies as a handshake or refresh sets them.
    fn directives(&mut self) -> Vec<String> {
        let mut directives = vec!["foo=bar; Path=/; Domain=example.com; HttpOnly".to_owned()];
        for name in ["__session", "__session_x"] {
            if self.random.percent(55) {
                let token = match self.random.below(10) {
                    0..6 => Token::of("valid", &self.instance.issuer).text,
                    6 => String::new(),
                    _ => self.token().text,
                };
                directives.push(format!("{name}={token}; Path=/"));
            }
        }
        if self.random.percent(30) {
            directives.push(format!("__client_uat={}; Path=/", *NOW - 60));
        }
        directives
    }

    fn handshake_token(&mut self) -> String {
        let directives = self.directives();
        let mut header = json!({"alg": "RS256", "kid": "ins_1", "typ": "JWT"});
        let mut claims = json!({"handshake": directives});
        let mut key = &OWN;
        match self.random.below(24) {
            0 => return "garbage".to_owned(),
            1 => key = &OTHER,
            2 => header["cat"] = json!("cl_B7d4PD222AAA"),
            3 => header["cat"] = json!("cl_B7d4PD111AAA"),
            4 => header["kid"] = json!("ins_unknown"),
            5 => header["alg"] = json!("HS256"),
            6 => claims = json!({"handshake": "no list"}),
            7 => claims["exp"] = json!(1),
            8 => header["typ"] = json!("at+jwt"),
            _ => {}
        }
        key.sign(&header, &claims.to_string())
    }

    fn nonce(&mut self) -> String {
        let body = json!({"directives": self.directives()}).to_string();
        match self.random.below(8) {
            0 => "unknown".to_owned(),
            1 => backend_api::write(500, "{}"),
            2 => backend_api::write(404, r#"{"errors":[{"code":"resource_not_found"}]}"#),
            3 => backend_api::write(200, r#"{"directives":[]}"#),
            _ => backend_api::write(200, &body),
        }
    }

    fn refresh_token(&mut self) -> String {
        let cookies = self.directives();
        match self.random.below(12) {
            0 => "unknown".to_owned(),
            1 => backend_api::write(
                404,
                r#"{"errors":[{"code":"resource_not_found","message":"gone"}]}"#,
            ),
            2 => backend_api::write(500, r#"{"errors":[]}"#),
            3 => backend_api::write(422, r#"{"errors":[{"code":"unexpected_error","message":"x"}]}"#),
            4 => backend_api::write(200, r#"{"object":"cookies","cookies":[]}"#),
            5 => backend_api::write(200, "{not json"),
            _ => backend_api::write(200, &json!({"object": "cookies", "cookies": cookies}).to_string()),
        }
    }
}
