//! Protection of whole routers.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use clerk_auth::{Auth, AuthCheck};
use http::{Request, Response};
use tower::{Layer, Service};

use crate::{Rejection, RequireAuth};

/// Lets only requests pass whose caller meets a check; use it with
/// [`route_layer`](axum::Router::route_layer), below [`ClerkLayer`](crate::ClerkLayer).
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
pub struct ProtectLayer {
    check: AuthCheck,
}

impl ProtectLayer {
    /// Protects by this check.
    pub const fn new(check: AuthCheck) -> Self {
        Self { check }
    }
}

impl RequireAuth {
    /// Lets only signed-in callers pass.
    #[must_use]
    pub fn layer() -> ProtectLayer {
        ProtectLayer::new(AuthCheck::signed_in())
    }
}

impl<S> Layer<S> for ProtectLayer {
    type Service = ProtectService<S>;

    fn layer(&self, inner: S) -> ProtectService<S> {
        ProtectService {
            inner,
            check: self.check.clone(),
        }
    }
}

/// The service of [`ProtectLayer`].
#[derive(Clone, Debug)]
pub struct ProtectService<S> {
    inner: S,
    check: AuthCheck,
}

impl<S, B, R> Service<Request<B>> for ProtectService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
    R: From<String> + Send + 'static,
    S::Error: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let verdict = match request.extensions().get::<Auth>() {
            Some(auth) => auth.protect(&self.check).map(drop).map_err(Rejection::from),
            None => {
                tracing::error!(path = request.uri().path(), "{}", Rejection::MissingLayer);
                Err(Rejection::MissingLayer)
            }
        };
        match verdict {
            Ok(()) => Box::pin(self.inner.call(request)),
            Err(rejection) => Box::pin(async move {
                let mut response = rejection.response();
                response.extensions_mut().insert(rejection);
                Ok(response)
            }),
        }
    }
}
