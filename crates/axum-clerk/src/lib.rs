//! Clerk authentication for axum.

mod error;
mod extract;
mod layer;
mod protect;
mod proxy;
mod rejection;

pub use clerk_auth;
pub use clerk_auth::{
    ActiveOrganization, Auth, AuthCheck, Clerk, Options, Redirect, Reverification, SignedIn, SignedOut, User,
};

pub use self::{
    error::ClerkError,
    extract::{MaybeAuth, RequireAuth},
    layer::{ClerkLayer, ClerkService, ResponseFuture},
    protect::{ProtectLayer, ProtectService},
    proxy::frontend_api_proxy,
    rejection::Rejection,
};
