//! Extractors: [`MaybeAuth`] for any caller, [`RequireAuth`] for signed-in callers only.

use std::fmt;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use clerk_auth::{Auth, Check};
use http::request::Parts;

use crate::{AnyUser, Policy, Rejection};

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
    /// Returns the caller if every condition of the check holds: the signed-in user for an
    /// [`AuthCheck`](crate::AuthCheck), a user or a program for a [`TokenCheck`](crate::TokenCheck).
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
    pub fn protect<C: Check>(&self, check: C) -> Result<&C::Caller, Rejection> {
        Ok(self.0.protect(&check)?)
    }
}

impl<S: Sync> FromRequestParts<S> for MaybeAuth {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        auth(parts).cloned().map(Self)
    }
}

/// A caller who meets a [`Policy`]; without one, any signed-in user. Works with any state.
///
/// Signed-out callers are redirected to the sign-in page if their browser asks for a document, and get a JSON 401
/// otherwise; while Clerk is unavailable, those of whom nothing is known get a 503. Callers who are not allowed get a 403.
/// `Option<RequireAuth>` is `None` for all of them; a missing [`ClerkLayer`](crate::ClerkLayer) is an error in
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
pub struct RequireAuth<P: Policy = AnyUser>(pub <P::Check as Check>::Caller);

impl<P: Policy> Clone for RequireAuth<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<P: Policy> fmt::Debug for RequireAuth<P>
where
    <P::Check as Check>::Caller: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequireAuth").field(&self.0).finish()
    }
}

impl<S: Sync, P: Policy> FromRequestParts<S> for RequireAuth<P>
where
    Self: Send,
{
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        Ok(Self(auth(parts)?.protect(&P::check())?.clone()))
    }
}

impl<S: Sync, P: Policy> OptionalFromRequestParts<S> for RequireAuth<P>
where
    Self: Send,
{
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Rejection> {
        Ok(auth(parts)?.protect(&P::check()).ok().cloned().map(Self))
    }
}

fn auth(parts: &Parts) -> Result<&Auth, Rejection> {
    parts
        .extensions
        .get()
        .ok_or_else(|| Rejection::missing_layer(&parts.uri))
}
