//! Signing a user in as clerk-js does, without the network.

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt as _;
use url::{Url, form_urlencoded};

use crate::{keys::Instance, model::MOUNT, routes, start::LocalClerk};

use super::{SessionError, TestSession};

/// The origin of the app that a session belongs to, if the local Clerk was not told where the app is.
const DEFAULT_APP: &str = "http://localhost";

impl LocalClerk {
    /// Signs a user in, in a browser of their own, and returns the session.
    ///
    /// The user is identified by an e-mail address, a phone number, a username or an id (`user_…`). No password or
    /// second factor is needed. Nothing is sent over the network.
    ///
    /// ```
    /// use http::Method;
    /// use local_clerk::LocalClerk;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let clerk = LocalClerk::builder()
    ///     .seed_str("[[users]]\nemail_addresses = [\"ada@example.com\"]\n")
    ///     .start()
    ///     .await?;
    /// let ada = clerk.session_of("ada@example.com").await?;
    /// let request = ada.request(Method::DELETE, "/teams/1");
    /// assert_eq!(request.headers()["host"], "localhost");
    /// assert!(ada.cookies().contains("__session="));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If no user has this identifier, or if the user may not sign in.
    pub async fn session_of(&self, identifier: &str) -> Result<TestSession, SessionError> {
        let user_id = self.user_id(identifier).await?;
        let ticket = self.ticket(&user_id).await?;
        let browser = TestBrowser::open(self).await?;
        let signed_in = browser
            .post(
                "/v1/client/sign_ins",
                &[("strategy", "ticket"), ("ticket", &ticket)],
            )
            .await?;
        browser.session(user_id, &signed_in)
    }

    async fn user_id(&self, identifier: &str) -> Result<String, SessionError> {
        let field = if identifier.starts_with("user_") {
            "user_id"
        } else if identifier.contains('@') {
            "email_address"
        } else if identifier.starts_with('+') {
            "phone_number"
        } else {
            "username"
        };
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair(field, identifier)
            .finish();
        let users = self
            .backend(Method::GET, &format!("/v1/users?{query}"), &[])
            .await?;
        text(&users[0]["id"]).ok_or_else(|| SessionError::UnknownUser(identifier.to_owned()))
    }

    /// A sign-in token for the user.
    async fn ticket(&self, user_id: &str) -> Result<String, SessionError> {
        let token = self
            .backend(Method::POST, "/v1/sign_in_tokens", &[("user_id", user_id)])
            .await?;
        text(&token["token"]).ok_or_else(|| refused("there is no sign-in token in the reply"))
    }

    async fn backend(
        &self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<Value, SessionError> {
        let secret_key = self.keys().secret_key();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {secret_key}"));
        self.answer(request, form).await
    }

    /// Answers a request in this process, without the network.
    async fn answer(
        &self,
        request: http::request::Builder,
        form: &[(&str, &str)],
    ) -> Result<Value, SessionError> {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = request
            .header(header::HOST, &self.shared.own)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .map_err(|error| refused(error.to_string()))?;
        let Ok(response) = routes::service(Arc::clone(&self.shared)).oneshot(request).await;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX)
            .await
            .map_err(|error| refused(error.to_string()))?;
        let json: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if parts.status == StatusCode::OK {
            return Ok(json);
        }
        let message = text(&json["errors"][0]["long_message"]);
        Err(refused(message.unwrap_or_else(|| parts.status.to_string())))
    }
}

/// A browser with clerk-js in it, of which only the requests are left.
struct TestBrowser<'a> {
    clerk: &'a LocalClerk,
    app: String,
    dev_browser: Option<String>,
}

impl<'a> TestBrowser<'a> {
    async fn open(clerk: &'a LocalClerk) -> Result<Self, SessionError> {
        let app = clerk.shared.app.as_ref();
        let mut browser = Self {
            clerk,
            app: app.map_or_else(|| DEFAULT_APP.to_owned(), |url| url.app.clone()),
            dev_browser: None,
        };
        if clerk.keys().instance == Instance::Development {
            let created = browser.post("/v1/dev_browser", &[]).await?;
            browser.dev_browser = text(&created["id"]);
        }
        Ok(browser)
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Result<Value, SessionError> {
        let dev_browser = self.dev_browser.as_deref();
        let query = dev_browser
            .map(|token| format!("?__clerk_db_jwt={token}"))
            .unwrap_or_default();
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{MOUNT}{path}{query}"))
            .header(header::ORIGIN, &self.app);
        self.clerk.answer(request, form).await
    }

    fn session(self, user_id: String, signed_in: &Value) -> Result<TestSession, SessionError> {
        let (sign_in, client) = (&signed_in["response"], &signed_in["client"]);
        let session = &client["sessions"][0];
        let (Some(session_id), Some(token)) =
            (text(&session["id"]), text(&session["last_active_token"]["jwt"]))
        else {
            let status = text(&sign_in["status"]).unwrap_or_default();
            return Err(refused(format!("the sign-in has the status {status}")));
        };
        let client_uat = client["updated_at"].as_i64().unwrap_or_default() / 1000;
        let client_uat = client_uat.to_string();
        let suffix = &self.clerk.keys().cookie_suffix;
        let mut cookies = Vec::new();
        for (name, value) in [
            ("__session", Some(token.as_str())),
            ("__client_uat", Some(&client_uat)),
            ("__clerk_db_jwt", self.dev_browser.as_deref()),
        ] {
            if let Some(value) = value {
                cookies.push(format!("{name}={value}; {name}_{suffix}={value}"));
            }
        }
        Ok(TestSession {
            user_id,
            session_id,
            token: token.into(),
            cookies: cookies.join("; ").into(),
            host: host(&self.app),
        })
    }
}

/// The value of the `Host` header of requests to this origin.
fn host(origin: &str) -> String {
    let url = Url::parse(origin).ok();
    let host = url.as_ref().and_then(|url| Some((url.host_str()?, url.port())));
    match host {
        Some((host, Some(port))) => format!("{host}:{port}"),
        Some((host, None)) => host.to_owned(),
        None => String::new(),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn refused(reason: impl Into<String>) -> SessionError {
    SessionError::Refused {
        reason: reason.into(),
    }
}
