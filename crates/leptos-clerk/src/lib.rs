#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod clerk_js;
mod components;
mod guard;
mod initial_state;
mod json;
mod mount;
mod provider;
mod runtime;
#[cfg(not(feature = "csr"))]
mod scripts;
mod show;
mod store;

pub use clerk_auth::{Auth, ClientOptions, ProtectedPaths, User};

#[cfg(not(feature = "csr"))]
pub use self::scripts::ClerkScripts;
pub use self::{
    components::{
        ButtonMode, ClerkFailed, PricingTable, SignIn, SignInButton, SignOutButton, SignUp, SignUpButton,
        SignedIn, SignedOut, UserButton, UserProfile, Waitlist,
    },
    guard::ProtectPaths,
    json::Json,
    provider::ClerkProvider,
    store::{Clerk, LoadStatus, use_auth, use_clerk, use_user},
};
