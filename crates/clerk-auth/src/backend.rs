//! The server half: verifies tokens, decides requests, calls the Backend API, verifies webhooks and applies
//! the rules of the Frontend API proxy.
//!
//! The rooms, from the bottom up; each imports only from those before it:
//!
//! - `javascript`, `header_value`, `log_throttle`, `reason`, `webhook`: no dependencies within the crate
//! - `revocations`: sessions and users whose tokens count as expired
//! - `token`: JSON Web Tokens, their signatures and claims
//! - `config`: options, their validation, and what is derived from them
//! - `api`, `jwks`, `nonces`, `machine_tokens`: the Backend API client, and the caches of signing keys, handshake nonces and
//!   tokens of programs
//! - `webhooks`: the data of webhooks by their types, and each message once
//! - `request`: what authentication reads of a request
//! - `authenticate`: the decision
//! - `proxy`: the rules of the Frontend API proxy
//! - `clerk`: [`Clerk`], which ties them together

pub mod api;
mod authenticate;
mod clerk;
mod config;
#[cfg(test)]
mod fixtures;
mod header_value;
mod javascript;
mod jwks;
mod log_throttle;
mod machine_tokens;
mod nonces;
mod proxy;
mod reason;
mod request;
mod revocations;
mod token;
mod webhook;
pub mod webhooks;

pub use api::{ApiError, BackendApi};
pub use authenticate::{AuthenticateError, Outcome, Redirect, RequestState, Status};
pub use clerk::{Clerk, KeysError};
pub use config::{
    EnvError, EnvErrors, InstanceType, Options, OptionsError, PROXY_PATH, PatternError, PublishableKey,
    is_loopback,
};
pub use proxy::{Proxy, ProxyError, ProxyRequest};
pub use reason::{Reason, RefreshError, TokenReason};
pub use request::{RequestTargetError, RequestView};
pub use revocations::{IssuedUntilFuture, Revocation, RevocationStore, Revocations};
pub use webhook::{EventAttributes, HttpRequest, MalformedSecret, WebhookError, WebhookEvent, WebhookSecret};
