use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Body;
use clerk_auth::Auth;
use http::{HeaderMap, Method, Request, Response, header};
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use super::SignedOutPages;
use crate::CspNonce;

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
        let page = self.pages.get(request.uri().path())?;
        let Auth::SignedOut(visitor) = request.extensions().get()? else {
            return None;
        };
        let nonce = request.extensions().get::<CspNonce>()?;
        let plain = request.method() == Method::GET && request.uri().query().is_none() && !visitor.is_pending;
        plain.then(|| page.response(nonce, accepts_gzip(request.headers())))
    }
}

/// Whether the client takes gzip: named with a weight other than zero (RFC 9110, section 12.5.3).
fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
            let weight = weight
                .trim()
                .strip_prefix("q=")
                .and_then(|q| q.parse::<f32>().ok());
            name.trim().eq_ignore_ascii_case("gzip") && weight.is_some_and(|weight| weight > 0.0)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_clients_that_name_it() {
        for (value, expected) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip, deflate, br, zstd", true),
            ("gzip;q=0, br", false),
            ("gzip;q=0.000", false),
            ("gzip;q=x", false),
            ("br", false),
            ("", false),
        ] {
            let headers = [(header::ACCEPT_ENCODING, value.parse().unwrap())]
                .into_iter()
                .collect();
            assert_eq!(accepts_gzip(&headers), expected, "{value}");
        }
    }
}
