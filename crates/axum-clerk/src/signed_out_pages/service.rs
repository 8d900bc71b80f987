use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Body;
use clerk_auth::Auth;
use http::{Method, Request, Response};
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use super::SignedOutPages;
use crate::{CspNonce, accepts_encoding};

/// The layer of [`SignedOutPages::layer`].
#[derive(Clone, Debug)]
pub struct SignedOutPagesLayer {
    pages: SignedOutPages,
}

impl SignedOutPagesLayer {
    pub(super) const fn new(pages: SignedOutPages) -> Self {
        Self { pages }
    }
}

impl<S> Layer<S> for SignedOutPagesLayer {
    type Service = SignedOutPagesService<S>;

    fn layer(&self, inner: S) -> SignedOutPagesService<S> {
        SignedOutPagesService {
            inner,
            pages: self.pages.clone(),
        }
    }
}

/// The service of [`SignedOutPagesLayer`].
#[derive(Clone, Debug)]
pub struct SignedOutPagesService<S> {
    inner: S,
    pages: SignedOutPages,
}

pin_project! {
    /// The future of [`SignedOutPagesService`].
    #[project = FutureProjection]
    #[derive(Debug)]
    pub struct SignedOutPagesFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[project = StateProjection]
    #[derive(Debug)]
    enum State<F> {
        Kept { response: Option<Response<Body>> },
        Passed { #[pin] future: F },
    }
}

impl<F, E> Future for SignedOutPagesFuture<F>
where
    F: Future<Output = Result<Response<Body>, E>>,
{
    type Output = Result<Response<Body>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Kept { response } => response
                .take()
                .map_or(Poll::Pending, |response| Poll::Ready(Ok(response))),
            StateProjection::Passed { future } => future.poll(context),
        }
    }
}

impl<S> Service<Request<Body>> for SignedOutPagesService<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = SignedOutPagesFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let state = match self.pages.response_to(&request) {
            kept @ Some(_) => State::Kept { response: kept },
            None => State::Passed {
                future: self.inner.call(request),
            },
        };
        SignedOutPagesFuture { state }
    }
}

impl SignedOutPages {
    fn response_to(&self, request: &Request<Body>) -> Option<Response<Body>> {
        let pages = self.pages.load();
        let page = pages.get(request.uri().path())?;
        let Auth::SignedOut(visitor) = request.extensions().get()? else {
            return None;
        };
        let nonce = request.extensions().get::<CspNonce>()?;
        let plain = request.method() == Method::GET && request.uri().query().is_none() && !visitor.is_pending;
        plain.then(|| page.response(nonce, accepts_encoding(request.headers(), "gzip")))
    }
}
