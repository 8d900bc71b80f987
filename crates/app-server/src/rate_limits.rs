//! Limits on how often a client may do what is costly.

mod users;

use std::{num::NonZeroU32, time::Duration};

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use http_server::{Client, RateLimiter};
use memchr::memmem;

pub use self::users::{UserLimit, UserLimitLayer};

use crate::{health, refusal};

/// Clerk delivers the webhooks of all users from few addresses, and they are signed.
const WEBHOOK_FACTOR: u32 = 10;

/// The budget that clients share whose addresses are not known, in those of single clients.
const SHARED_FACTOR: u32 = 50;

/// A cookie or a parameter with this name is exchanged for a session at the Backend API.
const HANDSHAKE: &[u8] = b"__clerk_handshake";

/// Limits what each client does that is costly, by the network that it belongs to.
#[derive(Debug)]
pub struct RateLimits {
    clients: RateLimiter,
    webhooks: RateLimiter,
    shared: RateLimiter,
    /// The path at which webhooks are received.
    webhook_path: &'static str,
}

impl RateLimits {
    /// Permits so many costly requests a minute, and a multiple of them at the path of the webhooks.
    #[must_use]
    pub fn new(per_minute: NonZeroU32, webhook_path: &'static str) -> Self {
        let times = |factor| per_minute.saturating_mul(NonZeroU32::MIN.saturating_add(factor - 1));
        Self {
            clients: RateLimiter::new(per_minute, RateLimiter::BUCKETS),
            webhooks: RateLimiter::new(times(WEBHOOK_FACTOR), RateLimiter::BUCKETS),
            shared: RateLimiter::new(times(SHARED_FACTOR), 1),
            webhook_path,
        }
    }

    /// Answers a request for the app that exceeds the budget of its client.
    pub fn refuse(&self, request: &Request, client: Client) -> Option<Response> {
        if health::PATHS.contains(&request.uri().path()) {
            return None;
        }
        let is_webhook = request.uri().path() == self.webhook_path;
        let is_costly = is_webhook || !request.method().is_safe() || carries_handshake(request);
        let limiter = if is_webhook { &self.webhooks } else { &self.clients };
        is_costly.then(|| self.check(limiter, client))?
    }

    /// Answers a request to the Frontend API, with this path, that exceeds the budget of its client.
    pub fn refuse_proxied(&self, path: &str, client: Client) -> Option<Response> {
        let is_costly = ["/sign_in", "/sign_up"].iter().any(|part| path.contains(part))
            // Another spelling of these paths, which browsers do not use.
            || path.contains('%')
            || path.contains("//");
        is_costly.then(|| self.check(&self.clients, client))?
    }

    fn check(&self, limiter: &RateLimiter, client: Client) -> Option<Response> {
        let (checked, whose) = match client.network() {
            Some(network) => (limiter.check(&network), "the client"),
            None => (
                self.shared.check(&()),
                "all clients whose addresses are not known",
            ),
        };
        Some(refuse(checked.err()?, whose))
    }
}

fn carries_handshake(request: &Request) -> bool {
    let mut cookies = request.headers().get_all(header::COOKIE).iter();
    let query = request.uri().query().unwrap_or_default();
    cookies.any(|cookies| memmem::find(cookies.as_bytes(), HANDSHAKE).is_some())
        || memmem::find(query.as_bytes(), HANDSHAKE).is_some()
}

fn refuse(wait: Duration, whose: &str) -> Response {
    let detail = format!("the budget of {whose} is used up, see APP_RATE_LIMIT");
    let message = "Too many requests. Please try again later.";
    let status = StatusCode::TOO_MANY_REQUESTS;
    let mut response = refusal::refuse(status, "too_many_requests", message, &detail);
    // The header has whole seconds.
    let wait = HeaderValue::from(wait.as_secs() + 1);
    response.headers_mut().insert(header::RETRY_AFTER, wait);
    response
}
