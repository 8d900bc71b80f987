//! Programs that are no standard browsers.

use axum::{body::Body, extract::Request};
use http::{Method, header};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use url::{Url, form_urlencoded};

use super::{Answer, Local, PASSWORD, oauth::STRATEGY};
use crate::Instance;

/// A native app: it has no cookies, but a token that replies give it.
struct App<'a> {
    local: &'a Local,
    token: Option<String>,
}

impl App<'_> {
    async fn call(&mut self, method: Method, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/__clerk{path}{separator}_is_native=1"))
            .header(header::HOST, "127.0.0.1:5002")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, token);
        }
        let answer = self.local.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.cookies(), [""; 0]);
        if let Some(token) = answer.headers.get(header::AUTHORIZATION) {
            self.token = Some(token.to_str().unwrap().to_owned());
        }
        answer
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Value {
        self.call(Method::POST, path, fields).await.ok()
    }

    async fn sessions(&mut self) -> Vec<Value> {
        let client = self.call(Method::GET, "/v1/client", &[]).await.ok();
        client["response"]["sessions"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_native_app_is_identified_by_its_token() {
    for instance in [Instance::Development, Instance::Production] {
        let local = Local::new(instance).await;
        let mut app = App {
            local: &local,
            token: None,
        };
        assert!(app.sessions().await.is_empty());
        let fields = [("email_address", "jane@example.com"), ("password", PASSWORD)];
        let sign_up = app.post("/v1/client/sign_ups", &fields).await;
        let path = format!(
            "/v1/client/sign_ups/{}",
            sign_up["response"]["id"].as_str().unwrap()
        );
        let code = [("strategy", "email_code"), ("code", "424242")];
        app.post(&format!("{path}/prepare_verification"), &code[..1])
            .await;
        let wrong = [code[0], ("code", "000000")];
        let refused = app
            .call(Method::POST, &format!("{path}/attempt_verification"), &wrong)
            .await;
        assert_eq!(refused.error(), (422, "form_code_incorrect"));
        assert_eq!(
            refused.headers[header::AUTHORIZATION],
            app.token.as_deref().unwrap()
        );
        app.post(&format!("{path}/attempt_verification"), &code).await;

        let sessions = app.sessions().await;
        assert_eq!(sessions[0]["status"], "active");
        let tokens = format!(
            "/v1/client/sessions/{}/tokens",
            sessions[0]["id"].as_str().unwrap()
        );
        assert!(app.post(&tokens, &[]).await["jwt"].is_string());

        let token = app.token.clone().unwrap();
        app.token = Some(format!("Bearer {token}"));
        assert_eq!(app.sessions().await.len(), 1);
        for unknown in [None, Some(String::new()), Some("unknown".to_owned())] {
            let mut stranger = App {
                local: &local,
                token: unknown,
            };
            assert!(stranger.sessions().await.is_empty());
            assert_ne!(stranger.token.as_deref(), Some(&*token));
        }

        app.call(Method::DELETE, "/v1/client/sessions", &[]).await.ok();
        assert!(app.sessions().await.is_empty());
    }
}

/// Allows the authorization at this URL in a browser that knows nothing of the app. Returns where the browser is sent to.
async fn authorize(local: &Local, url: &Value) -> Url {
    let mut browser = local.browser().await;
    let url = Url::parse(url.as_str().unwrap()).unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1;
    let page = browser.get(&format!("/provider/authorize?state={state}")).await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains(" my-app:;"), "{policy}");
    let mut fields = super::oauth::allow("jane@example.com").to_vec();
    fields.push(("state", &state));
    let decided = browser.post("/provider/authorize", &fields).await;
    let callback = Url::parse(decided.headers[header::LOCATION].to_str().unwrap()).unwrap();
    let back = browser
        .get(&format!("/v1/oauth_callback?{}", callback.query().unwrap()))
        .await;
    Url::parse(back.headers[header::LOCATION].to_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_native_app_continues_an_authorization_with_a_nonce() {
    let local = Local::new(Instance::Development).await;
    let redirect_url = json!({ "url": "my-app://callback" });
    local
        .backend(Method::POST, "/v1/redirect_urls", &redirect_url)
        .await
        .ok();
    let mut app = App {
        local: &local,
        token: None,
    };
    let fields = [("strategy", STRATEGY), ("redirect_url", "other-app://callback")];
    let unknown = app.call(Method::POST, "/v1/client/sign_ins", &fields).await;
    assert_eq!(unknown.error(), (400, "resource_missmatch"));

    let fields = [("strategy", STRATEGY), ("redirect_url", "my-app://callback")];
    let started = app.post("/v1/client/sign_ins", &fields).await["response"].take();
    let url = &started["first_factor_verification"]["external_verification_redirect_url"];
    let target = authorize(&local, url).await;
    assert_eq!(target.scheme(), "my-app");
    let path = format!("/v1/client/sign_ins/{}", started["id"].as_str().unwrap());
    let early = app.call(Method::GET, &path, &[]).await;
    assert_eq!(
        early.error(),
        (404, "resource_not_found"),
        "the token has been replaced"
    );
    let nonce = target.query().unwrap();
    assert!(nonce.starts_with("rotating_token_nonce="), "{nonce}");
    let with_nonce = format!("{path}?{nonce}");
    let found = app.call(Method::GET, &with_nonce, &[]).await.ok();
    let verification = &found["response"]["first_factor_verification"];
    assert_eq!(verification["status"], "transferable");
    let transfer = [("transfer", "true"), ("password", PASSWORD)];
    let signed_up = app.post("/v1/client/sign_ups", &transfer).await;
    assert_eq!(signed_up["response"]["status"], "complete");
    assert_eq!(app.sessions().await.len(), 1);
    let mut stranger = App {
        local: &local,
        token: None,
    };
    let used = stranger.call(Method::GET, &with_nonce, &[]).await;
    assert_eq!(used.error(), (404, "resource_not_found"));

    let mut other = App {
        local: &local,
        token: None,
    };
    let started = other.post("/v1/client/sign_ins", &fields).await["response"].take();
    let url = &started["first_factor_verification"]["external_verification_redirect_url"];
    let target = authorize(&local, url).await;
    let path = format!(
        "/v1/client/sign_ins/{}?{}",
        started["id"].as_str().unwrap(),
        target.query().unwrap()
    );
    let found = other.call(Method::GET, &path, &[]).await.ok();
    assert_eq!(found["response"]["status"], "complete");
    assert_eq!(other.sessions().await.len(), 1);
}

#[tokio::test]
async fn times_of_a_dev_browser_are_texts() {
    let local = Local::new(Instance::Development).await;
    let made = local.browser().await.post("/v1/dev_browser", &[]).await.ok();
    for time in ["created_at", "updated_at"] {
        let text = made[time].as_str().unwrap();
        assert!(OffsetDateTime::parse(text, &Rfc3339).is_ok(), "{text}");
    }
}
