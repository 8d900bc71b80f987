//! What is compared: of our answer over the whole program, and of the oracle's.

use axum::{Router, http::header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::{oracle::Answer, requests::Case};

const NAMES: [&str; 3] = [
    "location",
    "access-control-allow-origin",
    "access-control-allow-credentials",
];

/// The fields of the auth object, as each side names them.
const AUTH: [(&str, &str); 8] = [
    ("user_id", "userId"),
    ("session_id", "sessionId"),
    ("org_id", "orgId"),
    ("org_role", "orgRole"),
    ("org_slug", "orgSlug"),
    ("org_permissions", "orgPermissions"),
    ("actor", "actor"),
    ("session_claims", "sessionClaims"),
];

#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// `signed-in`, `signed-out`, `handshake`, or `error` for a request that gets no decision.
    pub(crate) status: String,
    pub(crate) reason: String,
    message: String,
    pub(crate) location: String,
    headers: Vec<(String, String)>,
    /// Without the application's own.
    set_cookies: Vec<String>,
    /// Only of redirects.
    cache_control: String,
    /// Only where `/api/me` tells.
    pub(crate) auth: Option<Value>,
}

impl Outcome {
    /// Asks the whole program.
    pub(crate) async fn ours(router: Router, case: &Case) -> Self {
        let response = router.oneshot(case.request()).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = |name: &str| {
            let value = parts.headers.get(name);
            value
                .map(|value| {
                    value
                        .as_bytes()
                        .iter()
                        .copied()
                        .map(char::from)
                        .collect::<String>()
                })
                .unwrap_or_default()
        };
        let mut outcome = Self {
            status: text("x-clerk-auth-status"),
            reason: text("x-clerk-auth-reason"),
            message: timeless(&text("x-clerk-auth-message")),
            location: text("location"),
            headers: NAMES[1..]
                .iter()
                .map(|&name| (name.to_owned(), text(name)))
                .collect(),
            set_cookies: parts
                .headers
                .get_all(header::SET_COOKIE)
                .iter()
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .filter(|cookie| !cookie.starts_with("app_session="))
                .collect(),
            ..Self::default()
        };
        if outcome.status.is_empty() {
            assert!(
                parts.status.is_client_error() || parts.status.is_server_error(),
                "{}",
                parts.status
            );
            return Self {
                status: "error".to_owned(),
                ..Self::default()
            };
        }
        // The application redirects too, but only Clerk's redirects are the same for every visitor.
        if text("cache-control") == "private, no-store" {
            outcome.location.clear();
        }
        if !outcome.location.is_empty() {
            assert_eq!(parts.status, 307);
            outcome.cache_control = text("cache-control");
        } else if tells_auth(case) && parts.status.is_success() {
            let body = body.collect().await.unwrap().to_bytes();
            let auth: Value = serde_json::from_slice(&body).unwrap();
            outcome.auth = Some(
                AUTH.iter()
                    .map(|&(ours, theirs)| (theirs.to_owned(), auth[ours].clone()))
                    .collect(),
            );
        }
        outcome
    }

    pub(crate) fn theirs(answer: &Answer, case: &Case) -> Self {
        if answer.error.is_some() {
            return Self {
                status: "error".to_owned(),
                ..Self::default()
            };
        }
        let text = |name: &str| {
            let header = answer.headers.iter().find(|(key, _)| key == name);
            header.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let set_cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
        let location = text("location");
        let shows_auth = location.is_empty() && tells_auth(case);
        Self {
            status: answer.status.clone(),
            reason: answer.reason.clone().unwrap_or_default(),
            message: timeless(answer.message.as_deref().unwrap_or_default()),
            cache_control: text("cache-control"),
            headers: NAMES[1..]
                .iter()
                .map(|&name| (name.to_owned(), text(name)))
                .collect(),
            set_cookies: set_cookies.map(|(_, value)| value.clone()).collect(),
            auth: answer.auth.as_ref().filter(|_| shows_auth).map(|auth| {
                AUTH.iter()
                    .map(|&(_, theirs)| (theirs.to_owned(), auth[theirs].clone()))
                    .collect()
            }),
            location,
        }
    }

    /// What differs, if anything.
    pub(crate) fn difference(&self, theirs: &Self) -> Option<String> {
        let differing: Vec<String> = self
            .fields()
            .into_iter()
            .zip(theirs.fields())
            .filter(|(ours, theirs)| ours != theirs)
            .map(|((name, ours), (_, theirs))| format!("{name}: ours {ours}\n  {name}: theirs {theirs}"))
            .collect();
        (!differing.is_empty()).then(|| differing.join("\n  "))
    }

    fn fields(&self) -> [(&'static str, String); 8] {
        [
            ("status", self.status.clone()),
            ("reason", self.reason.clone()),
            ("message", self.message.clone()),
            ("location", self.location.clone()),
            ("headers", format!("{:?}", self.headers)),
            ("set-cookie", format!("{:?}", self.set_cookies)),
            ("cache-control", self.cache_control.clone()),
            ("auth", format!("{:?}", self.auth)),
        ]
    }
}

fn tells_auth(case: &Case) -> bool {
    case.target.split('?').next() == Some("/api/me") && case.method == "GET"
}

/// Messages without what depends on the moment or on the library.
fn timeless(message: &str) -> String {
    let end = [
        "Current date: ",
        "Error verifying JWT signature.",
        "Error verifying handshake token.",
        "Error loading Clerk JWKS",
    ]
    .iter()
    .filter_map(|start| message.find(start))
    .min();
    message[..end.unwrap_or(message.len())].to_owned()
}
