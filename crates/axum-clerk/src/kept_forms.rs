//! Forms whose values survive that their visitor has to sign in.

mod page;

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::{Body, to_bytes};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use tower::{Layer, Service};

use crate::{cache_control::forbid_storing, error::wants_document};

/// The longest form that is kept, in bytes.
const LIMIT: usize = 64 * 1024;

/// Marks the response to a form that the application's own page has sent, and whose visitor has to sign in.
#[derive(Clone)]
pub(crate) struct FormRefused {
    /// The sign-in page.
    pub(crate) sign_in: HeaderValue,
}

/// Keeps the values of a form that is posted without JavaScript by a visitor who is not signed in any more. Apply it outside
/// of [`ClerkLayer`](crate::ClerkLayer).
///
/// Without JavaScript nothing renews the session cookie, which lasts for a minute, and a `POST` cannot be redirected to a
/// handshake. The visitor would be sent to the sign-in page, and what they have entered would be lost. With this layer the
/// answer is a page (401) with a link to the sign-in page, which opens in a new tab, and a button that sends the same form
/// again.
///
/// Only for forms of the application itself (see [`is_same_origin`](crate::is_same_origin)) that are
/// `application/x-www-form-urlencoded` and have at most 64 KiB. The values are in the page, not in a URL or on the server, and
/// the page is not stored. Any other response stays what it is.
///
/// ```
/// use axum::{Router, routing::post};
/// use axum_clerk::{Clerk, ClerkLayer, KeptFormsLayer, RequireAuth};
///
/// fn app(clerk: Clerk) -> Router {
///     Router::new()
///         .route("/account", post(async || "saved"))
///         .route_layer(RequireAuth::layer())
///         .layer(ClerkLayer::new(clerk))
///         .layer(KeptFormsLayer)
/// }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct KeptFormsLayer;

impl<S> Layer<S> for KeptFormsLayer {
    type Service = KeptFormsService<S>;

    fn layer(&self, inner: S) -> KeptFormsService<S> {
        KeptFormsService { inner }
    }
}

/// The service of [`KeptFormsLayer`].
#[derive(Clone, Debug)]
pub struct KeptFormsService<S> {
    inner: S,
}

/// The future of [`KeptFormsService`].
pub struct KeptFormsFuture<R, E>(Pin<Box<dyn Future<Output = Result<Response<R>, E>> + Send>>);

impl<R, E> Future for KeptFormsFuture<R, E> {
    type Output = Result<Response<R>, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<R, E> fmt::Debug for KeptFormsFuture<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptFormsFuture")
    }
}

impl<S, R> Service<Request<Body>> for KeptFormsService<S>
where
    S: Service<Request<Body>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    R: From<String> + Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = KeptFormsFuture<R, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // The service that is ready handles this request; its clone gets ready for the next one.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        if !is_form(&request) {
            return KeptFormsFuture(Box::pin(inner.call(request)));
        }
        KeptFormsFuture(Box::pin(async move {
            let (parts, body) = request.into_parts();
            let Ok(form) = to_bytes(body, LIMIT).await else {
                let mut response = Response::new(R::from(String::new()));
                *response.status_mut() = StatusCode::BAD_REQUEST;
                return Ok(response);
            };
            let action = parts.uri.clone();
            let response = inner
                .call(Request::from_parts(parts, Body::from(form.clone())))
                .await?;
            let Some(FormRefused { sign_in }) = response.extensions().get::<FormRefused>().cloned() else {
                return Ok(response);
            };
            let page = page::render(&action, sign_in.to_str().unwrap_or("/"), &form);
            // The cookies of the decision stay.
            let (mut head, _) = response.into_parts();
            head.status = StatusCode::UNAUTHORIZED;
            head.headers.remove(header::LOCATION);
            head.headers.remove(header::CONTENT_LENGTH);
            head.headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            );
            forbid_storing(&mut head.headers);
            Ok(Response::from_parts(head, R::from(page)))
        }))
    }
}

/// Whether a browser has sent a form whose values can be kept.
fn is_form(request: &Request<Body>) -> bool {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    let content_type = text(header::CONTENT_TYPE).unwrap_or_default();
    *request.method() == Method::POST
        && wants_document(request.headers())
        && content_type.starts_with("application/x-www-form-urlencoded")
        && length.is_some_and(|length| length <= LIMIT)
}
