//! Results of handshakes in the URL and in cookies, and what we do with them.

use serde_json::json;
use url::Url;

use super::{Case, Maker};
use crate::{
    backend_api,
    deviations::Deviation,
    keys::{OTHER, OWN},
    outcome::Outcome,
};

/// The names of parameters and cookies with the results of handshakes.
pub(super) const NONCE: &str = "__clerk_handshake_nonce";
pub(super) const TOKEN: &str = "__clerk_handshake";

impl Case {
    /// Whether the request can be redirected to its own URL without some parameters.
    pub(crate) fn follows_link(&self) -> bool {
        let wants_document = match self.header("sec-fetch-dest") {
            "" => self.header("accept").starts_with("text/html"),
            destination => matches!(destination, "document" | "iframe"),
        };
        matches!(self.method, "GET" | "HEAD") && wants_document
    }

    /// Whether the official package decided without an answer of the Backend API.
    pub(crate) fn is_unavailable(&self, theirs: &Outcome) -> bool {
        let reason = theirs.reason.as_str();
        let refresh = ["fetch-error", "unexpected-bapi-error"];
        self.has_failing_nonce && reason == "session-token-missing"
            || self.has_failing_keys && reason == "jwk-remote-failed-to-load"
            || self.has_failing_refresh
                && reason
                    .strip_prefix("session-token-expired-refresh-")
                    .is_some_and(|rest| refresh.contains(&rest))
    }

    /// The URL as the visitor sees it.
    pub(crate) fn public_url(&self) -> Url {
        let own = Url::parse(&self.url()).unwrap();
        let first = |name: &str| {
            let header = self.headers.iter().find(|(key, _)| *key == name);
            header.map(|(_, value)| value.split(',').next().unwrap())
        };
        let host = first("x-forwarded-host").unwrap_or(self.host);
        let proto = first("x-forwarded-proto").unwrap_or("http");
        match Url::parse(&format!("{proto}://{host}")) {
            Ok(mut url) if !host.is_empty() && !proto.is_empty() => {
                let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
                url.set_path(path);
                url.set_query(Some(query));
                url.set_fragment(None);
                url
            }
            _ => own,
        }
    }
}

impl Maker<'_> {
    /// The chance of the result of a handshake in percent. Without signing keys there is none: whether they were needed does
    /// not show in the answer of the official package.
    pub(super) fn chance(&self, in_development: usize, in_production: usize) -> usize {
        match self.instance.is_development {
            _ if self.instance.has_failing_keys => 0,
            true => in_development,
            false => in_production,
        }
    }

    pub(super) fn result_in_query(&mut self, name: &'static str, value: &str) -> String {
        self.results_in_query.push(name);
        self.failing_nonces[0] |= value == backend_api::failing_nonce();
        let parameter = format!("{name}={value}");
        if self.instance.is_development {
            return parameter;
        }
        let substitute = format!("ignored{parameter}");
        self.deviating(Deviation::HandshakeInQueryIsRemoved, &parameter, &substitute)
    }

    pub(super) fn result_in_cookie(&mut self, name: &'static str, value: &str) -> String {
        self.handshake_cookie = Some(name);
        self.failing_nonces[1] |= value == backend_api::failing_nonce();
        let cookie = format!("{name}={value}");
        let substitute = format!("ignored{cookie}");
        self.deviating(Deviation::UnusableCookieIsDeleted, &cookie, &substitute)
    }

    pub(super) fn handshake_token(&mut self) -> String {
        let set_cookies = self.set_cookies();
        let mut header = json!({"alg": "RS256", "kid": "ins_1", "typ": "JWT"});
        let mut claims = json!({"handshake": set_cookies});
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
        let token = key.sign(&header, &claims.to_string());
        self.texts.push(token.clone());
        token
    }

    pub(super) fn nonce(&mut self) -> String {
        let body = json!({"directives": self.set_cookies()}).to_string();
        let nonce = match self.random.below(8) {
            0 => "unknown".to_owned(),
            1 => backend_api::failing_nonce(),
            2 => backend_api::nonce(404, r#"{"errors":[{"code":"resource_not_found"}]}"#),
            3 => backend_api::nonce(200, r#"{"directives":[]}"#),
            _ => backend_api::nonce(200, &body),
        };
        self.texts.push(nonce.clone());
        nonce
    }
}
