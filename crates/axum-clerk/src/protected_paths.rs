//! Protection of pages by their paths.

use std::task::{Context, Poll};

use clerk_auth::{Auth, ProtectedPaths, Redirect};
use http::{HeaderValue, Request, Response, StatusCode, Uri, header};
use tower::{Layer, Service};

use crate::{GuardFuture, Rejection};

/// Redirects signed-out visitors of protected paths to the sign-in page, from which they return to the page they
/// asked for. Apply it below [`ClerkLayer`](crate::ClerkLayer).
///
/// It redirects whatever the request accepts, since the paths name pages; for API routes use
/// [`ProtectLayer`](crate::ProtectLayer). While Clerk is unavailable, visitors of whom nothing is known get a 503.
/// Other paths pass. Without a [`ClerkLayer`](crate::ClerkLayer) protected
/// paths are answered with [`Rejection::MissingLayer`].
///
/// ```
/// use axum::{Router, routing::get};
/// use axum_clerk::{ProtectPathsLayer, ProtectedPaths};
///
/// const PROTECTED: ProtectedPaths = ProtectedPaths::new(&["/profile"]);
///
/// let pages: Router = Router::new()
///     .route("/", get(async || "home"))
///     .route("/profile", get(async || "your profile"))
///     .layer(ProtectPathsLayer::new(PROTECTED));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ProtectPathsLayer {
    paths: ProtectedPaths,
}

impl ProtectPathsLayer {
    /// Creates a layer that protects `paths` and everything below them.
    #[must_use]
    pub const fn new(paths: ProtectedPaths) -> Self {
        Self { paths }
    }
}

impl<S> Layer<S> for ProtectPathsLayer {
    type Service = ProtectPathsService<S>;

    fn layer(&self, inner: S) -> ProtectPathsService<S> {
        ProtectPathsService {
            inner,
            paths: self.paths,
        }
    }
}

/// The service of [`ProtectPathsLayer`].
#[derive(Clone, Debug)]
pub struct ProtectPathsService<S> {
    inner: S,
    paths: ProtectedPaths,
}

impl<S, B, R> Service<Request<B>> for ProtectPathsService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: Default + From<String>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = GuardFuture<S::Future, R>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if !self.paths.contains(request.uri().path()) {
            return GuardFuture::pass(self.inner.call(request));
        }
        let extensions = request.extensions();
        match (extensions.get::<Auth>(), extensions.get::<Redirect>()) {
            (Some(auth), _) if auth.is_signed_in() => GuardFuture::pass(self.inner.call(request)),
            (Some(auth), _) if auth.retry_after().is_some() => {
                GuardFuture::reject(Rejection::of_signed_out(auth))
            }
            (Some(_), Some(redirect)) => GuardFuture::answer(redirect_to_sign_in(redirect, request.uri())),
            _ => GuardFuture::reject(Rejection::missing_layer(request.uri())),
        }
    }
}

fn redirect_to_sign_in<R: Default + From<String>>(redirect: &Redirect, uri: &Uri) -> Response<R> {
    let Ok(location) = HeaderValue::try_from(redirect.sign_in_location()) else {
        tracing::error!(
            path = uri.path(),
            "the sign-in URL is not legal in a Location header"
        );
        return Rejection::SignedOut.response();
    };
    let mut response = Response::new(R::default());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    response.headers_mut().insert(header::LOCATION, location);
    response
}
