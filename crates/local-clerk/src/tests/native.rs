//! Programs that are no standard browsers.

use axum::{body::Body, extract::Request};
use http::{Method, header};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use url::form_urlencoded;

use super::{Answer, Local, PASSWORD};
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
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/__clerk{path}?_is_native=1"))
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

#[tokio::test]
async fn times_of_a_dev_browser_are_texts() {
    let local = Local::new(Instance::Development).await;
    let made = local.browser().await.post("/v1/dev_browser", &[]).await.ok();
    for time in ["created_at", "updated_at"] {
        let text = made[time].as_str().unwrap();
        assert!(OffsetDateTime::parse(text, &Rfc3339).is_ok(), "{text}");
    }
}
