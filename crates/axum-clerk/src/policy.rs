//! [`Policy`]: a check as a type.

use clerk_auth::{AuthCheck, Check};

/// A check as a type, for [`RequireAuth`](crate::RequireAuth) and
/// [`ProtectLayer::policy`](crate::ProtectLayer::policy), so that it is written down once.
///
/// ```
/// use axum::{Router, routing::get};
/// use axum_clerk::{AuthCheck, Policy, ProtectLayer, RequireAuth};
///
/// enum Admin {}
///
/// impl Policy for Admin {
///     type Check = AuthCheck;
///
///     fn check() -> AuthCheck {
///         AuthCheck::role("org:admin")
///     }
/// }
///
/// async fn settings(RequireAuth(admin): RequireAuth<Admin>) -> String {
///     format!("Hello, {}", admin.user_id)
/// }
///
/// let router: Router = Router::new()
///     .route("/settings", get(settings))
///     .route("/audit-log", get(async || "empty").layer(ProtectLayer::policy::<Admin>()));
/// ```
pub trait Policy {
    /// The kind of the check, which determines the caller that passes it: an [`AuthCheck`] or a
    /// [`TokenCheck`](crate::TokenCheck).
    type Check: Check;

    /// Returns the check.
    fn check() -> Self::Check;
}

/// The policy that lets every signed-in user pass.
#[derive(Clone, Copy, Debug)]
pub enum AnyUser {}

impl Policy for AnyUser {
    type Check = AuthCheck;

    fn check() -> AuthCheck {
        AuthCheck::signed_in()
    }
}
