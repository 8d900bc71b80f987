//! Extractors: [`MaybeAuth`] for any caller, [`RequireAuth`] for signed-in callers only.

use std::borrow::Borrow;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use clerk_auth::{Auth, AuthCheck, SignedIn};
use http::request::Parts;

use crate::Rejection;

/// The caller's authentication, signed in or not. Works with any state.
///
/// Fails with [`Rejection::MissingLayer`] where [`ClerkLayer`](crate::ClerkLayer) did not run: a forgotten layer
/// must not look like a signed-out visitor.
///
/// ```
/// use axum_clerk::MaybeAuth;
///
/// async fn home(MaybeAuth(auth): MaybeAuth) -> String {
///     match auth.signed_in() {
///         Some(who) => format!("Hello, {}", who.user_id),
///         None => "Hello, stranger".into(),
///     }
/// }
/// # let _: axum::Router = axum::Router::new().route("/", axum::routing::get(home));
/// ```
#[derive(Clone, Debug)]
pub struct MaybeAuth(pub Auth);

impl MaybeAuth {
    /// Returns the signed-in caller if every condition of the check holds.
    ///
    /// # Errors
    ///
    /// A rejection that says what the caller lacks.
    ///
    /// ```
    /// use axum_clerk::{AuthCheck, MaybeAuth, Rejection, Reverification};
    ///
    /// async fn remove_team(auth: MaybeAuth) -> Result<String, Rejection> {
    ///     let admin = auth.protect(AuthCheck::role("org:admin").within(Reverification::strict()))?;
    ///     Ok(format!("removed by {}", admin.user_id))
    /// }
    /// # let _: axum::Router = axum::Router::new().route("/", axum::routing::delete(remove_team));
    /// ```
    pub fn protect(&self, check: impl Borrow<AuthCheck>) -> Result<&SignedIn, Rejection> {
        Ok(self.0.protect(check.borrow())?)
    }
}

impl<S: Sync> FromRequestParts<S> for MaybeAuth {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        auth(parts).cloned().map(Self)
    }
}

/// A signed-in caller. Works with any state.
///
/// Other callers are redirected to the sign-in page if their browser asks for a document, and get a JSON 401
/// otherwise. `Option<RequireAuth>` is `None` for them; a missing [`ClerkLayer`](crate::ClerkLayer) is an error in
/// both forms.
///
/// ```
/// use axum::Json;
/// use axum_clerk::{RequireAuth, SignedIn};
///
/// async fn me(RequireAuth(who): RequireAuth) -> Json<SignedIn> {
///     Json(who)
/// }
/// # let _: axum::Router = axum::Router::new().route("/me", axum::routing::get(me));
/// ```
#[derive(Clone, Debug)]
pub struct RequireAuth(pub SignedIn);

impl<S: Sync> FromRequestParts<S> for RequireAuth {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        let signed_in = auth(parts)?.signed_in().ok_or(Rejection::SignedOut)?;
        Ok(Self(signed_in.clone()))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for RequireAuth {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Rejection> {
        Ok(auth(parts)?.signed_in().cloned().map(Self))
    }
}

fn auth(parts: &Parts) -> Result<&Auth, Rejection> {
    parts
        .extensions
        .get()
        .ok_or_else(|| Rejection::missing_layer(&parts.uri))
}
