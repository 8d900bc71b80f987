#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod auth;
mod check;
mod claims;
mod client_options;
mod permissions;
mod protected_paths;
mod reverification;
mod scoped;
mod user;

#[cfg(feature = "backend")]
mod backend;

pub use auth::{ActiveOrganization, Auth, SessionStatus, SignedIn, SignedOut};
#[cfg(feature = "backend")]
pub use backend::{
    ApiError, AuthenticateError, BackendApi, Clerk, EnvError, EnvErrors, EventAttributes, HttpRequest,
    InstanceType, KeysError, MalformedSecret, Options, OptionsError, Outcome, PROXY_PATH, PatternError,
    Proxy, ProxyError, ProxyRequest, PublishableKey, Reason, Redirect, RefreshError, RequestState,
    RequestTargetError, RequestView, Status, TokenReason, WebhookError, WebhookEvent, WebhookSecret,
};
pub use check::{AuthCheck, Denied};
pub use client_options::ClientOptions;
pub use protected_paths::ProtectedPaths;
pub use reverification::{Reverification, ReverificationLevel};
pub use scoped::ClaimsError;
pub use user::User;
