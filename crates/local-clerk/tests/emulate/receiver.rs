//! An app that receives webhooks.

use std::sync::{
    Arc,
    atomic::{AtomicU16, Ordering},
};

use aws_lc_rs::hmac;
use axum::{Router, body::Bytes, extract::State, routing::post};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, StatusCode};
use reqwest::Method;
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc},
};

use crate::{Answer, Suite};

/// A signing secret other than that of the instance.
pub(crate) const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZg==";

/// The app, as a test sees it.
pub(crate) struct Receiver {
    pub(crate) url: String,
    app: App,
    received: mpsc::UnboundedReceiver<Webhook>,
}

#[derive(Clone)]
struct App {
    /// The status of the replies.
    status: Arc<AtomicU16>,
    /// As many replies as it has permits are sent.
    replies: Arc<Semaphore>,
    webhooks: mpsc::UnboundedSender<Webhook>,
}

/// A request that the app has received.
pub(crate) struct Webhook {
    headers: HeaderMap,
    body: Bytes,
}

impl Receiver {
    /// Starts an app that accepts webhooks.
    pub(crate) async fn start() -> Self {
        let (webhooks, received) = mpsc::unbounded_channel();
        let app = App {
            status: Arc::new(AtomicU16::new(204)),
            replies: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            webhooks,
        };
        let routes = Router::new()
            .route("/hook", post(receive))
            .with_state(app.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, app, received }
    }

    /// Answers with this status from now on.
    pub(crate) fn answer_with(&self, status: u16) {
        self.app.status.store(status, Ordering::SeqCst);
    }

    /// Answers nothing until `resume`.
    pub(crate) fn stall(&self) {
        self.app.replies.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub(crate) fn resume(&self) {
        self.app.replies.add_permits(1000);
    }

    /// Waits for the next webhook.
    pub(crate) async fn next(&mut self) -> Webhook {
        self.received.recv().await.unwrap()
    }

    /// Returns the webhooks that were received and not returned yet.
    pub(crate) fn all(&mut self) -> Vec<Webhook> {
        std::iter::from_fn(|| self.received.try_recv().ok()).collect()
    }
}

async fn receive(State(app): State<App>, headers: HeaderMap, body: Bytes) -> StatusCode {
    app.webhooks.send(Webhook { headers, body }).unwrap();
    app.replies.acquire().await.unwrap().forget();
    StatusCode::from_u16(app.status.load(Ordering::SeqCst)).unwrap()
}

impl Webhook {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(crate) fn id(&self) -> &str {
        self.header("svix-id")
    }

    pub(crate) fn event(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn event_type(&self) -> String {
        self.event()["type"].as_str().unwrap().to_owned()
    }

    /// Tells whether a secret has signed it, as the specification of Standard Webhooks says.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut message = format!("{}.{}.", self.id(), self.header("svix-timestamp")).into_bytes();
        message.extend_from_slice(&self.body);
        let signature = self.header("svix-signature").strip_prefix("v1,").unwrap();
        let signature = STANDARD.decode(signature).unwrap();
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &key), &message, &signature).is_ok()
    }
}

/// The addresses of the users in these events.
pub(crate) fn addresses(webhooks: &[Webhook]) -> Vec<String> {
    let address = |webhook: &Webhook| {
        let address = &webhook.event()["data"]["email_addresses"][0]["email_address"];
        address.as_str().unwrap().to_owned()
    };
    webhooks.iter().map(address).collect()
}

impl Suite {
    /// Adds an endpoint; returns its path.
    pub(crate) async fn add_webhook(&self, endpoint: Value) -> String {
        let made = self.post("/webhooks", endpoint).await;
        format!("/webhooks/{}", made["id"].as_str().unwrap())
    }

    pub(crate) async fn patch(&self, path: &str, change: Value) -> Answer {
        self.control(Method::PATCH, path, change).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.control(Method::DELETE, path, Value::Null).await
    }

    /// The deliveries of `user.created`, newest first, when nothing is to be sent any more.
    pub(crate) async fn settled(&self) -> Vec<Value> {
        let deliveries = self.get("/deliveries?type=user.created&wait=idle").await;
        assert_eq!(
            deliveries["total_count"],
            deliveries["data"].as_array().unwrap().len()
        );
        deliveries["data"].as_array().unwrap().clone()
    }
}
