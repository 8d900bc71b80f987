#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod accept_encoding;
mod cache_control;
mod csp;
mod csp_nonce;
mod csp_report;
mod current_user;
mod error;
mod extract;
mod fetch_user;
mod guard;
mod kept_forms;
mod layer;
mod policy;
mod protect;
mod protected_paths;
mod proxy;
#[cfg(feature = "api")]
mod public_plans;
mod rejection;
mod same_origin;
#[cfg(feature = "leptos")]
mod server_fns;
mod signed_out_pages;
mod user_cache;
#[cfg(feature = "tower-sessions")]
mod user_snapshots;
mod webhook;

pub use clerk_auth;
pub use clerk_auth::{
    AcceptsToken, ActiveOrganization, Auth, AuthCheck, Check, Clerk, Machine, MachineToken, Options,
    ProtectedPaths, Redirect, Reverification, Revocation, RevocationStore, Revocations, SignedIn, SignedOut,
    TokenCheck, TokenType, User, WebhookEvent, is_ambiguous_path,
};

#[cfg(feature = "api")]
pub use self::public_plans::PublicPlans;
#[cfg(feature = "tower-sessions")]
pub use self::user_snapshots::{
    UserSnapshots, UserSnapshotsFuture, UserSnapshotsLayer, UserSnapshotsService,
};
pub use self::{
    accept_encoding::accepts_encoding,
    csp::{CspPolicy, CspSourceError, CspSources},
    csp_nonce::CspNonce,
    csp_report::{CspReport, CspReportRejection},
    current_user::CurrentUser,
    error::ClerkError,
    extract::{MaybeAuth, RequireAuth},
    fetch_user::FetchUserError,
    guard::GuardFuture,
    kept_forms::{KeptFormsFuture, KeptFormsLayer, KeptFormsService},
    layer::{ClerkLayer, ClerkService, ResponseFuture},
    policy::{AnyUser, Policy},
    protect::{ProtectLayer, ProtectService},
    protected_paths::{ProtectPathsLayer, ProtectPathsService},
    proxy::{ProxySetupError, frontend_api_proxy},
    rejection::Rejection,
    same_origin::is_same_origin,
    signed_out_pages::{SignedOutPages, SignedOutPagesFuture, SignedOutPagesLayer, SignedOutPagesService},
    user_cache::UserCache,
    webhook::{VerifiedWebhook, WebhookRejection},
};
