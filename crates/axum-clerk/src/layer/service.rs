//! The service of the layer.

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use clerk_auth::{AuthenticateError, Refusal, RequestState, RequestView, Status};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use tower::Service;

use super::{
    ClerkLayer,
    refuse::{SignIn, is_form, is_from_own_page, referrer, temporary_redirect},
};
use crate::{ClerkError, Rejection, cache_control::forbid_storing, error::wants_document};

static AUTH_STATUS: HeaderName = HeaderName::from_static("x-clerk-auth-status");

/// The service of [`ClerkLayer`].
#[derive(Clone, Debug)]
pub struct ClerkService<S> {
    inner: S,
    layer: Arc<ClerkLayer>,
}

impl<S> ClerkService<S> {
    pub(super) fn new(inner: S, layer: ClerkLayer) -> Self {
        Self {
            inner,
            layer: Arc::new(layer),
        }
    }
}

/// The future of [`ClerkService`].
pub struct ResponseFuture<R, E>(Pin<Box<dyn Future<Output = Result<Response<R>, E>> + Send>>);

impl<R, E> Future for ResponseFuture<R, E> {
    type Output = Result<Response<R>, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<R, E> fmt::Debug for ResponseFuture<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseFuture")
    }
}

impl<S, B, R> Service<Request<B>> for ClerkService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default + From<String> + Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = ResponseFuture<R, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The service that is ready handles this request; its clone gets ready for the next one.
        let clone = self.inner.clone();
        let inner = mem::replace(&mut self.inner, clone);
        let layer = Arc::clone(&self.layer);
        ResponseFuture(Box::pin(async move { layer.handle(inner, request).await }))
    }
}

impl ClerkLayer {
    async fn handle<S, B, R>(&self, mut inner: S, request: Request<B>) -> Result<Response<R>, S::Error>
    where
        S: Service<Request<B>, Response = Response<R>>,
        R: Default + From<String>,
    {
        let (mut parts, body) = request.into_parts();
        let wants_document = wants_document(&parts.headers);
        let view = RequestView {
            method: &parts.method,
            uri: &parts.uri,
            headers: &parts.headers,
        };
        let state = match self.clerk.authenticate_accepting(view, &self.accepts).await {
            Ok(state) => state.settled(),
            Err(error) => return Ok(self.render(authentication_error(&error), wants_document)),
        };
        let RequestState {
            status,
            headers: added,
            auth,
            redirect,
            clerk_url,
            ..
        } = state;
        let form_page =
            (wants_document && is_form(&parts)).then(|| redirect.returning_to(referrer(&parts.headers)));
        let sign_in = SignIn {
            redirect: form_page.as_ref().unwrap_or(&redirect),
            is_for_form: form_page.is_some(),
            is_for_own_form: form_page.is_some() && is_from_own_page(&parts.headers, &clerk_url),
            wants_document,
        };
        let mut response = if added.contains_key(header::LOCATION) {
            temporary_redirect()
        } else if status == Status::Handshake {
            let message = "Clerk: unexpected handshake without redirect";
            tracing::error!("{message}");
            let error = ClerkError::new(StatusCode::INTERNAL_SERVER_ERROR, "unexpected_handshake", message);
            self.render(error, wants_document)
        } else if let Some(rejection) = self.refuse_server_fn(parts.uri.path(), &auth) {
            self.reject(rejection, sign_in)
        } else {
            parts.extensions.insert(auth);
            parts.extensions.insert(redirect.clone());
            parts.extensions.insert(self.clerk.clone());
            parts.extensions.insert(Arc::clone(self.clerk.client_options()));
            parts.extensions.insert(self.users.clone());
            let refusal = Refusal::default();
            parts.extensions.insert(refusal.clone());
            let response = inner.call(Request::from_parts(parts, body)).await?;
            match (response.extensions().get::<Rejection>(), refusal.denied()) {
                (Some(&rejection), _) => self.reject(rejection, sign_in),
                (None, Some(denied)) => self.refuse(response, denied, sign_in),
                (None, None) => response,
            }
        };
        let headers = response.headers_mut();
        if !added.contains_key(header::CACHE_CONTROL) {
            forbid_storing(headers);
        }
        append_all(headers, added);
        headers
            .entry(&AUTH_STATUS)
            .or_insert(HeaderValue::from_static(status.as_str()));
        Ok(response)
    }
}

/// Distinguishes a malformed request from a configuration that cannot work.
fn authentication_error(error: &AuthenticateError) -> ClerkError {
    let status = match error {
        AuthenticateError::Unavailable { retry_after } => {
            let retry_after = *retry_after;
            return Rejection::Unavailable { retry_after }.error();
        }
        AuthenticateError::SatelliteSignInUrl => {
            tracing::error!(%error, "requests cannot be authenticated");
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => {
            // Formatted by `Debug`, parts of the request that the text repeats cannot add lines to the log.
            tracing::debug!(error = ?error.to_string(), "a request cannot be authenticated");
            StatusCode::BAD_REQUEST
        }
    };
    ClerkError::new(status, "authentication_failed", error.to_string())
}

/// Appends rather than replaces, because a response may set several cookies.
fn append_all(headers: &mut HeaderMap, added: HeaderMap) {
    let mut name = None;
    for (next_name, value) in added {
        name = next_name.or(name);
        if let Some(name) = &name {
            headers.append(name, value);
        }
    }
}
