//! What is compared: our response, made by the whole program, and the answer of the official package.

use axum::{Router, http::header};
use http_body_util::BodyExt;
use serde_json::{Map, Value};
use tower::ServiceExt;

use crate::{oracle::Answer, requests::Case};

const HEADERS: [&str; 2] = ["access-control-allow-origin", "access-control-allow-credentials"];

/// The fields of the auth object, under our names and theirs.
const AUTH: [(&str, &str); 10] = [
    ("user_id", "userId"),
    ("session_id", "sessionId"),
    ("org_id", "orgId"),
    ("org_role", "orgRole"),
    ("org_slug", "orgSlug"),
    ("org_permissions", "orgPermissions"),
    ("actor", "actor"),
    ("session_status", "sessionStatus"),
    ("factor_verification_age", "factorVerificationAge"),
    ("session_claims", "sessionClaims"),
];

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    /// `signed-in`, `signed-out`, `handshake`, or `error` for a request that cannot be authenticated.
    pub(crate) status: String,
    /// For an error, the HTTP status of our response or the message of their exception.
    pub(crate) reason: String,
    message: String,
    pub(crate) location: String,
    headers: Vec<(String, String)>,
    /// Without the session cookie of the application.
    set_cookies: Vec<String>,
    /// Of redirects only.
    cache_control: String,
    /// Of `/api/me` only.
    pub(crate) auth: Option<Value>,
    /// Whether we answer with 503, as only `/api/me` does.
    is_unavailable: bool,
}

impl Outcome {
    /// Sends the request to the whole program.
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
            is_unavailable: parts.status == 503,
            status: text("x-clerk-auth-status"),
            reason: text("x-clerk-auth-reason"),
            message: timeless(&text("x-clerk-auth-message")),
            location: text("location"),
            headers: HEADERS
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
            return Self::error(parts.status.as_u16());
        }
        // The application redirects to its sign-in page by itself, with another `Cache-Control`.
        if text("cache-control") == "private, no-store" {
            outcome.location.clear();
        }
        if !outcome.location.is_empty() {
            assert_eq!(parts.status, 307);
            outcome.cache_control = text("cache-control");
        } else if returns_auth(case) {
            if parts.status == 200 {
                let body = body.collect().await.unwrap().to_bytes();
                outcome.auth = Some(auth_object(&serde_json::from_slice(&body).unwrap()));
            } else if !outcome.is_unavailable {
                assert_eq!(parts.status, if wants_document(case) { 307 } else { 401 });
            }
        } else {
            assert!(
                outcome.is_unavailable || !parts.status.is_server_error(),
                "{}",
                parts.status
            );
        }
        outcome
    }

    /// A request that cannot be authenticated, answered with this HTTP status.
    pub(crate) fn error(status: u16) -> Self {
        Self {
            status: "error".to_owned(),
            reason: status.to_string(),
            ..Self::default()
        }
    }

    /// The same outcome, but signed out for another reason.
    pub(crate) fn signed_out(self, reason: &str) -> Self {
        Self {
            status: "signed-out".to_owned(),
            reason: reason.to_owned(),
            auth: None,
            ..self
        }
    }

    /// The same outcome, but with nothing changed in the browser, because the Backend API is unavailable.
    pub(crate) fn unavailable(self, case: &Case) -> Self {
        Self {
            status: "signed-out".to_owned(),
            location: String::new(),
            headers: HEADERS.map(|name| (name.to_owned(), String::new())).into(),
            set_cookies: Vec::new(),
            cache_control: String::new(),
            auth: None,
            is_unavailable: is_api_me(case) && matches!(case.method, "GET" | "HEAD"),
            ..self
        }
    }

    /// A redirect to the URL without the results of handshakes.
    pub(crate) fn cleaned(case: &Case) -> Self {
        let mut url = case.public_url();
        let pairs = url.query_pairs().into_owned();
        let rest: Vec<_> = pairs
            .filter(|(name, _)| !name.contains("__clerk_handshake"))
            .collect();
        url.set_query(None);
        if !rest.is_empty() {
            url.query_pairs_mut().extend_pairs(rest);
        }
        Self {
            status: "signed-out".to_owned(),
            reason: "handshake-in-query".to_owned(),
            location: url.into(),
            headers: HEADERS.map(|name| (name.to_owned(), String::new())).into(),
            cache_control: "no-store".to_owned(),
            ..Self::default()
        }
    }

    /// Adds the cookies that delete another.
    pub(crate) fn delete_cookie(&mut self, name: &str, case: &Case) {
        let url = case.public_url();
        let secure = if url.scheme() == "https" { "; Secure" } else { "" };
        let labels: Vec<&str> = url
            .domain()
            .into_iter()
            .flat_map(|host| host.split('.'))
            .collect();
        let domains =
            (0..labels.len().saturating_sub(1)).map(|at| format!("; Domain={}", labels[at..].join(".")));
        for domain in std::iter::once(String::new()).chain(domains) {
            let rest = "Max-Age=0; HttpOnly; SameSite=Lax";
            self.set_cookies
                .push(format!("{name}=; Path=/{domain}; {rest}{secure}"));
        }
    }

    /// Whether the cookies are those of a handshake, and not those of a refresh.
    pub(crate) fn has_handshake_cookies(&self) -> bool {
        let has = |start: &str| self.set_cookies.iter().any(|cookie| cookie.starts_with(start));
        self.reason == "session-token-missing" || has("foo=bar") && !has("echo=")
    }

    /// Removes the headers by which other origins may read the response, and returns whether there were any.
    pub(crate) fn remove_cors(&mut self) -> bool {
        let values = self.headers.iter_mut().map(|(_, value)| std::mem::take(value));
        values.filter(|value| !value.is_empty()).count() > 0
    }

    /// Replaces texts of a request by those of its twin, and removes the cookie that repeats a refresh
    /// request.
    pub(crate) fn in_terms_of_the_twin(&self, substitutions: &[(&str, &str)]) -> Self {
        let replaced = |text: &String| {
            let mut text = text.clone();
            for (own, other) in substitutions {
                text = text.replace(&escaped(own), &escaped(other)).replace(own, other);
            }
            text
        };
        Self {
            location: replaced(&self.location),
            set_cookies: self
                .set_cookies
                .iter()
                .filter(|cookie| !cookie.starts_with("echo="))
                .map(replaced)
                .collect(),
            ..self.clone()
        }
    }

    pub(crate) fn theirs(answer: &Answer, case: &Case) -> Self {
        if let Some(error) = &answer.error {
            return Self {
                status: "error".to_owned(),
                reason: error.clone(),
                ..Self::default()
            };
        }
        let text = |name: &str| {
            let header = answer.headers.iter().find(|(key, _)| key == name);
            header.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let set_cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
        let location = text("location");
        let shows_auth = location.is_empty() && returns_auth(case);
        Self {
            status: answer.status.clone(),
            reason: answer.reason.clone().unwrap_or_default(),
            message: timeless(answer.message.as_deref().unwrap_or_default()),
            cache_control: text("cache-control"),
            headers: HEADERS
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
            is_unavailable: false,
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

    fn fields(&self) -> [(&'static str, String); 9] {
        [
            ("status", self.status.clone()),
            ("reason", self.reason.clone()),
            ("message", self.message.clone()),
            ("location", self.location.clone()),
            ("headers", format!("{:?}", self.headers)),
            ("set-cookie", format!("{:?}", self.set_cookies)),
            ("cache-control", self.cache_control.clone()),
            ("auth", format!("{:?}", self.auth)),
            ("unavailable", self.is_unavailable.to_string()),
        ]
    }
}

/// The form in which a text appears in the query of a location.
fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Our auth object under their names. It has exactly the fields of [`AUTH`].
fn auth_object(ours: &Map<String, Value>) -> Value {
    assert_eq!(ours.len(), AUTH.len(), "{ours:?}");
    AUTH.iter()
        .map(|&(own, theirs)| (theirs.to_owned(), ours[own].clone()))
        .collect()
}

/// Whether the response is the auth object of a signed-in caller.
fn returns_auth(case: &Case) -> bool {
    is_api_me(case) && case.method == "GET"
}

fn is_api_me(case: &Case) -> bool {
    case.target.split('?').next() == Some("/api/me")
}

/// Whether a signed-out caller is redirected to the sign-in page.
fn wants_document(case: &Case) -> bool {
    matches!(case.header("sec-fetch-dest"), "document" | "iframe")
        || case.header("accept").contains("text/html")
}

/// A message without what depends on the time or on the library.
pub(crate) fn timeless(message: &str) -> String {
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
