//! The layer that limits what a user changes, from wherever.

use std::{
    num::NonZeroU32,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{http::Request, response::Response};
use axum_clerk::Auth;
use futures_util::future::{Either, Ready, ready};
use http_server::RateLimiter;
use tower::{Layer, Service};

/// Limits the state-changing requests of each signed-in user. Belongs below the Clerk layer.
#[derive(Clone, Debug)]
pub struct UserLimitLayer(Option<Arc<RateLimiter>>);

impl UserLimitLayer {
    /// Permits so many of them a minute, or any number.
    #[must_use]
    pub fn new(per_minute: Option<NonZeroU32>) -> Self {
        Self(per_minute.map(|rate| Arc::new(RateLimiter::new(rate, RateLimiter::BUCKETS))))
    }
}

impl<S> Layer<S> for UserLimitLayer {
    type Service = UserLimit<S>;

    fn layer(&self, inner: S) -> UserLimit<S> {
        UserLimit {
            inner,
            limiter: self.0.clone(),
        }
    }
}

/// What [`UserLimitLayer`] makes of a service.
#[derive(Clone, Debug)]
pub struct UserLimit<S> {
    inner: S,
    limiter: Option<Arc<RateLimiter>>,
}

impl<S: Service<Request<B>, Response = Response>, B> Service<Request<B>> for UserLimit<S> {
    type Response = Response;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<Response, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if let Some(limiter) = &self.limiter
            && !request.method().is_safe()
            && let Some(user_id) = request.extensions().get::<Auth>().and_then(Auth::user_id)
            && let Err(wait) = limiter.check(&user_id)
        {
            return Either::Right(ready(Ok(super::refuse(wait, &format!("the user {user_id:?}")))));
        }
        Either::Left(self.inner.call(request))
    }
}
