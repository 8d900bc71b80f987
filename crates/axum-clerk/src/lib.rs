#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod accept_encoding;
mod cache_control;
mod csp;
mod csp_nonce;
mod error;
mod extract;
mod fetch_user;
mod guard;
mod layer;
mod protect;
mod protected_paths;
mod proxy;
mod rejection;
mod same_origin;
mod signed_out_pages;
mod user_cache;
#[cfg(feature = "tower-sessions")]
mod user_snapshots;
mod webhook;

pub use clerk_auth;
pub use clerk_auth::{
    ActiveOrganization, Auth, AuthCheck, Clerk, Options, ProtectedPaths, Redirect, Reverification, SignedIn,
    SignedOut, User, WebhookEvent,
};

#[cfg(feature = "tower-sessions")]
pub use self::user_snapshots::{
    UserSnapshots, UserSnapshotsFuture, UserSnapshotsLayer, UserSnapshotsService,
};
pub use self::{
    accept_encoding::accepts_encoding,
    csp::{CspPolicy, CspSources},
    csp_nonce::CspNonce,
    error::ClerkError,
    extract::{MaybeAuth, RequireAuth},
    fetch_user::FetchUserError,
    guard::GuardFuture,
    layer::{ClerkLayer, ClerkService, ResponseFuture},
    protect::{ProtectLayer, ProtectService},
    protected_paths::{ProtectPathsLayer, ProtectPathsService},
    proxy::{ProxySetupError, frontend_api_proxy},
    rejection::Rejection,
    same_origin::is_same_origin,
    signed_out_pages::{SignedOutPages, SignedOutPagesFuture, SignedOutPagesLayer, SignedOutPagesService},
    user_cache::UserCache,
    webhook::{VerifiedWebhook, WebhookRejection},
};
