//! Protection of whole routers by one check.

use std::task::{Context, Poll};

use clerk_auth::{Auth, AuthCheck, Check};
use http::{Request, Response};
use tower::{Layer, Service};

use crate::{GuardFuture, Policy, Rejection, RequireAuth};

/// Lets only requests pass whose caller meets a check. Apply it with
/// [`route_layer`](axum::Router::route_layer), below [`ClerkLayer`](crate::ClerkLayer).
///
/// Other requests are answered as by [`MaybeAuth::protect`](crate::MaybeAuth::protect). Without a
/// [`ClerkLayer`](crate::ClerkLayer) every request is answered with [`Rejection::MissingLayer`].
///
/// ```
/// use axum::{Router, routing::get};
/// use axum_clerk::{AuthCheck, ProtectLayer};
///
/// let admin: Router = Router::new()
///     .route("/admin", get(async || "welcome"))
///     .route_layer(ProtectLayer::new(AuthCheck::role("org:admin")));
/// ```
#[derive(Clone, Debug)]
pub struct ProtectLayer<C = AuthCheck> {
    check: C,
}

impl<C: Check> ProtectLayer<C> {
    /// Creates a layer that lets callers pass who meet `check`.
    #[must_use]
    pub const fn new(check: C) -> Self {
        Self { check }
    }
}

impl ProtectLayer {
    /// Creates a layer that lets callers pass who meet a [`Policy`].
    #[must_use]
    pub fn policy<P: Policy>() -> ProtectLayer<P::Check> {
        ProtectLayer::new(P::check())
    }
}

impl RequireAuth {
    /// Creates a layer that lets signed-in callers pass.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use axum_clerk::RequireAuth;
    ///
    /// let account: Router = Router::new()
    ///     .route("/account", get(async || "your account"))
    ///     .route_layer(RequireAuth::layer());
    /// ```
    #[must_use]
    pub fn layer() -> ProtectLayer {
        ProtectLayer::new(AuthCheck::signed_in())
    }
}

impl<S, C: Clone> Layer<S> for ProtectLayer<C> {
    type Service = ProtectService<S, C>;

    fn layer(&self, inner: S) -> ProtectService<S, C> {
        ProtectService {
            inner,
            check: self.check.clone(),
        }
    }
}

/// The service of [`ProtectLayer`].
#[derive(Clone, Debug)]
pub struct ProtectService<S, C = AuthCheck> {
    inner: S,
    check: C,
}

impl<S, C, B, R> Service<Request<B>> for ProtectService<S, C>
where
    C: Check,
    S: Service<Request<B>, Response = Response<R>>,
    R: From<String>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = GuardFuture<S::Future, R>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let verdict = match request.extensions().get::<Auth>() {
            Some(auth) => auth.protect(&self.check).map(drop).map_err(Rejection::from),
            None => Err(Rejection::missing_layer(request.uri())),
        };
        match verdict {
            Ok(()) => GuardFuture::pass(self.inner.call(request)),
            Err(rejection) => GuardFuture::reject(rejection),
        }
    }
}
