#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ambiguous_path;
mod auth;
mod check;
mod claims;
mod client_options;
mod keys;
mod machine;
mod permissions;
mod protected_paths;
mod refusal;
mod reverification;
mod scoped;
mod token_type;
mod user;
mod user_source;

#[cfg(feature = "backend")]
mod backend;

pub use ambiguous_path::is_ambiguous_path;
pub use auth::{ActiveOrganization, Auth, SessionStatus, SignedIn, SignedOut};
#[cfg(feature = "backend")]
pub use backend::{
    ApiError, AuthenticateError, BackendApi, Clerk, EnvError, EnvErrors, EventAttributes, HttpRequest,
    InstanceType, IssuedUntilFuture, KeysError, MalformedSecret, Options, OptionsError, Outcome, PROXY_PATH,
    PatternError, Proxy, ProxyError, ProxyRequest, PublishableKey, Reason, Redirect, RefreshError,
    RequestState, RequestTargetError, RequestView, Revocation, RevocationStore, Revocations, Status,
    TokenReason, WebhookError, WebhookEvent, WebhookSecret, is_loopback,
};
#[cfg(feature = "backend")]
pub use backend::{api, webhooks};
pub use check::{AuthCheck, Check, Denied, TokenCheck};
pub use client_options::ClientOptions;
pub use keys::{FeatureKey, PermissionKey, PlanKey, RoleKey};
#[doc(hidden)]
pub use keys::{is_feature_or_plan, is_permission, is_role};
pub use machine::{Machine, MachineToken};
pub use protected_paths::ProtectedPaths;
pub use refusal::Refusal;
pub use reverification::{Reverification, ReverificationLevel};
pub use scoped::ClaimsError;
pub use token_type::{AcceptsToken, TokenType};
pub use user::User;
pub use user_source::{UserFuture, UserSource, UserUnavailable};
