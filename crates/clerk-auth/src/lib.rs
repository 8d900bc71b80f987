//! Who is asking: Clerk's authentication object as plain data, and (feature `backend`) the server half that
//! decides it.

mod auth;
mod auth_object;
mod check;
mod claims;
mod client_options;
mod permissions;
mod protected_paths;
mod scoped;
mod user;

#[cfg(feature = "backend")]
mod backend;

pub use auth::{ActiveOrganization, Auth, SessionStatus, SignedIn, SignedOut};
#[cfg(feature = "backend")]
pub use backend::*;
pub use check::{AuthCheck, Denied, Reverification, ReverificationLevel};
pub use claims::ClaimsError;
pub use client_options::ClientOptions;
pub use protected_paths::ProtectedPaths;
pub use user::User;
