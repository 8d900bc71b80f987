//! The cases with which the official package tests its decision.

mod cookies;
mod handshake;
mod headers;
mod hostile;
mod organizations;
mod satellites;
mod tokens;

use std::{
    sync::{Arc, LazyLock},
    time::{Duration, UNIX_EPOCH},
};

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Uri,
    header::{LOCATION, SET_COOKIE},
};
use serde_json::{Value, json};
use url::Url;

use super::{
    decision::authenticate,
    error::AuthenticateError,
    state::{Outcome, RequestState, Status},
};
use crate::{
    AcceptsToken,
    backend::{
        clerk::Clerk,
        config::{Configuration, Options},
        fixtures::{DEV_KEY, LIVE_KEY, Signer, Stub, options_with_key},
        jwks::kid_mismatch,
        request::{Context, RequestView},
        token::VerifyError,
    },
};

static SIGNER: LazyLock<Signer> = LazyLock::new(Signer::new);

/// In Unix seconds.
const NOW: i64 = 1_795_411_469;
const EXPIRED: &str = "session-token-expired-refresh-non-eligible-no-refresh-cookie";
const APP: &str = "http://app.test";

/// The age of a token in seconds. It is valid for a minute.
const ACTIVE: i64 = 0;
const OLD: i64 = 600;
const EARLY: i64 = -600;

fn claims(age: i64) -> Value {
    let iat = NOW - age;
    json!({"sub": "user_12345", "sid": "sess_1", "iat": iat, "nbf": iat - 10, "exp": iat + 60})
}

/// Builds a request.
struct Case {
    signer: &'static Signer,
    options: Options,
    stub: Stub,
    method: Method,
    target: String,
    cookies: Vec<String>,
    headers: HeaderMap,
    now: i64,
}

impl Case {
    fn new(key: &str) -> Self {
        let signer = &*SIGNER;
        Self {
            options: options_with_key(key),
            stub: Stub::new(signer.key()),
            signer,
            method: Method::GET,
            target: "/".to_owned(),
            cookies: Vec::new(),
            headers: HeaderMap::new(),
            now: NOW * 1000,
        }
        .header("host", "app.test")
    }

    fn dev() -> Self {
        Self::new(DEV_KEY)
    }

    fn live() -> Self {
        Self::new(LIVE_KEY)
    }

    fn options(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    fn stub(mut self, change: impl FnOnce(&mut Stub)) -> Self {
        change(&mut self.stub);
        self
    }

    fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    fn at(mut self, target: &str) -> Self {
        self.target = target.to_owned();
        self
    }

    fn later(mut self, seconds: i64) -> Self {
        self.now += seconds * 1000;
        self
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
        self
    }

    fn document(self) -> Self {
        self.header("sec-fetch-dest", "document")
    }

    fn cookie(mut self, cookie: &str) -> Self {
        self.cookies.push(cookie.to_owned());
        self
    }

    fn dev_browser(self) -> Self {
        self.cookie("__clerk_db_jwt=needstobeset")
    }

    /// Adds `__session` and the matching `__client_uat`.
    fn session(self, age: i64) -> Self {
        let claims = claims(age);
        self.session_of(&claims)
    }

    fn session_of(self, claims: &Value) -> Self {
        let token = self.signer.sign(claims);
        self.cookie(&format!("__session={token}"))
            .cookie(&format!("__client_uat={}", claims["iat"]))
    }

    fn bearer(self, age: i64) -> Self {
        let token = self.signer.sign(&claims(age));
        self.header("authorization", &format!("Bearer {token}"))
    }

    fn handshake_token(&self, set_cookies: &[String]) -> String {
        self.signer.sign(&json!({"handshake": set_cookies, "iat": NOW}))
    }

    async fn decide(mut self) -> Result<RequestState, AuthenticateError> {
        if !self.cookies.is_empty() {
            self.headers
                .insert("cookie", self.cookies.join("; ").parse().unwrap());
        }
        let configuration = Configuration::new(self.options).unwrap();
        let uri: Uri = self.target.parse().unwrap();
        let view = RequestView {
            method: &self.method,
            uri: &uri,
            headers: &self.headers,
        };
        let context = Context::new(&configuration, view, self.now).unwrap();
        authenticate(&context, &self.stub, &AcceptsToken::default()).await
    }

    async fn state(self) -> RequestState {
        self.decide().await.unwrap()
    }

    async fn signs_in(self) -> RequestState {
        let state = self.state().await;
        assert_eq!(state.status, Status::SignedIn, "{state:?}");
        assert_eq!(state.auth.user_id(), Some("user_12345"));
        assert!(!state.headers.contains_key("x-clerk-auth-status"));
        state
    }

    async fn ends_signed_out(self, reason: &str) -> RequestState {
        let state = self.state().await;
        assert_eq!(state.status, Status::SignedOut, "{state:?}");
        assert_eq!(state.reason.as_ref().unwrap().to_string(), reason);
        assert_eq!(state.headers["x-clerk-auth-reason"], reason);
        assert!(!state.auth.is_signed_in());
        state
    }

    /// Returns the location of the handshake.
    async fn goes_through_handshake(self, reason: &str) -> Url {
        let state = self.state().await;
        assert_eq!(state.status, Status::Handshake, "{state:?}");
        assert_eq!(state.reason.as_ref().unwrap().to_string(), reason);
        assert_eq!(state.headers["x-clerk-auth-status"], "handshake");
        assert_eq!(state.headers["cache-control"], "no-store");
        assert!(!state.auth.is_signed_in());
        location(&state).unwrap()
    }

    /// Asserts a handshake at `endpoint` that returns to `redirect_url`.
    async fn goes_to(self, endpoint: &str, reason: &str, redirect_url: &str) -> Url {
        let url = self.goes_through_handshake(reason).await;
        assert_eq!(url.as_str().split('?').next(), Some(endpoint));
        assert_eq!(parameter(&url, "redirect_url").as_deref(), Some(redirect_url));
        assert_eq!(parameter(&url, "__clerk_hs_reason").as_deref(), Some(reason));
        assert_eq!(parameter(&url, "suffixed_cookies").as_deref(), Some("false"));
        assert_eq!(
            parameter(&url, "__clerk_api_version").as_deref(),
            Some("2026-05-12")
        );
        assert_eq!(parameter(&url, "format").as_deref(), Some("nonce"));
        url
    }
}

const ENDPOINT: &str = "https://clerk.clerk.dev/v1/client/handshake";

fn location(state: &RequestState) -> Option<Url> {
    state
        .headers
        .get(LOCATION)
        .map(|value| Url::parse(value.to_str().unwrap()).unwrap())
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn set_cookies(state: &RequestState) -> Vec<&str> {
    state
        .headers
        .get_all(SET_COOKIE)
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect()
}
