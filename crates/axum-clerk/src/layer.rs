//! The layer that authenticates requests.

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use clerk_auth::{AuthenticateError, Clerk, Redirect, RequestState, RequestView, Status};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use tower::{Layer, Service};

use crate::{ClerkError, Rejection, cache_control::forbid_storing, error::wants_document};

static AUTH_STATUS: HeaderName = HeaderName::from_static("x-clerk-auth-status");

type ErrorHook = Arc<dyn Fn(&ClerkError) -> Response<String> + Send + Sync>;

/// Authenticates every request. A tower layer for any service of [`http::Request`]s.
///
/// - A handshake is answered at once, with a redirect.
/// - Otherwise the request is passed on with [`Auth`](clerk_auth::Auth), [`Redirect`], [`Clerk`] and
///   `Arc<`[`ClientOptions`](clerk_auth::ClientOptions)`>` in its extensions.
/// - The response gets the headers of Clerk's decision, and `Cache-Control: private, no-store` unless it says
///   `no-store` already.
/// - A [`Rejection`] is answered with a redirect to the sign-in page if the visitor's browser asks for a document,
///   and as JSON otherwise.
///
/// ```no_run
/// use axum::{Router, routing::get};
/// use axum_clerk::{Clerk, ClerkLayer, MaybeAuth};
///
/// fn app(clerk: Clerk) -> Router {
///     Router::new()
///         .route("/", get(async |MaybeAuth(auth): MaybeAuth| format!("{:?}", auth.user_id())))
///         .layer(ClerkLayer::new(clerk))
/// }
/// ```
#[derive(Clone)]
pub struct ClerkLayer {
    clerk: Clerk,
    error_hook: ErrorHook,
}

impl ClerkLayer {
    /// Creates a layer that authenticates by this instance. Errors are answered as JSON unless
    /// [`on_error`](Self::on_error) says otherwise.
    #[must_use]
    pub fn new(clerk: Clerk) -> Self {
        Self {
            clerk,
            error_hook: Arc::new(ClerkError::to_json),
        }
    }

    /// Renders error responses by `render`, for example as pages if [`ClerkError::wants_document`].
    ///
    /// ```
    /// use axum::http::Response;
    /// use axum_clerk::{Clerk, ClerkError, ClerkLayer};
    ///
    /// fn layer(clerk: Clerk) -> ClerkLayer {
    ///     ClerkLayer::new(clerk).on_error(|error| {
    ///         if !error.wants_document {
    ///             return error.to_json();
    ///         }
    ///         let mut response = Response::new(format!("Error {}", error.status));
    ///         *response.status_mut() = error.status;
    ///         response
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn on_error(
        mut self,
        render: impl Fn(&ClerkError) -> Response<String> + Send + Sync + 'static,
    ) -> Self {
        self.error_hook = Arc::new(render);
        self
    }
}

impl fmt::Debug for ClerkLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClerkLayer")
            .field("clerk", &self.clerk)
            .finish_non_exhaustive()
    }
}

impl<S> Layer<S> for ClerkLayer {
    type Service = ClerkService<S>;

    fn layer(&self, inner: S) -> ClerkService<S> {
        ClerkService {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`ClerkLayer`].
#[derive(Clone, Debug)]
pub struct ClerkService<S> {
    inner: S,
    layer: ClerkLayer,
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
        let layer = self.layer.clone();
        ResponseFuture(Box::pin(layer.handle(inner, request)))
    }
}

impl ClerkLayer {
    async fn handle<S, B, R>(self, mut inner: S, request: Request<B>) -> Result<Response<R>, S::Error>
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
        let state = match self.clerk.authenticate(view).await {
            Ok(state) => state,
            Err(error) => return Ok(self.render(authentication_error(&error), wants_document)),
        };
        let RequestState {
            status,
            headers: added,
            auth,
            redirect,
            ..
        } = state;
        let mut response = if added.contains_key(header::LOCATION) {
            temporary_redirect()
        } else if status == Status::Handshake {
            let message = "Clerk: unexpected handshake without redirect";
            tracing::error!("{message}");
            let error = ClerkError::new(StatusCode::INTERNAL_SERVER_ERROR, "unexpected_handshake", message);
            self.render(error, wants_document)
        } else {
            parts.extensions.insert(auth);
            parts.extensions.insert(redirect.clone());
            parts.extensions.insert(self.clerk.clone());
            parts.extensions.insert(Arc::clone(self.clerk.client_options()));
            let response = inner.call(Request::from_parts(parts, body)).await?;
            match response.extensions().get::<Rejection>() {
                Some(&rejection) => self.reject(rejection, &redirect, wants_document),
                None => response,
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

    fn reject<R: Default + From<String>>(
        &self,
        rejection: Rejection,
        redirect: &Redirect,
        wants_document: bool,
    ) -> Response<R> {
        if !wants_document {
            return rejection.response();
        }
        let location = match rejection {
            Rejection::SignedOut => HeaderValue::try_from(redirect.sign_in_location()).ok(),
            _ => None,
        };
        let Some(location) = location else {
            return self.render(rejection.error(), wants_document);
        };
        let mut response = temporary_redirect();
        response.headers_mut().insert(header::LOCATION, location);
        response
    }

    fn render<R: From<String>>(&self, error: ClerkError, wants_document: bool) -> Response<R> {
        let error = ClerkError {
            wants_document,
            ..error
        };
        let mut response = (self.error_hook)(&error);
        forbid_storing(response.headers_mut());
        response.map(R::from)
    }
}

fn temporary_redirect<R: Default>() -> Response<R> {
    let mut response = Response::new(R::default());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    response
}

/// Distinguishes a malformed request from a configuration that cannot work.
fn authentication_error(error: &AuthenticateError) -> ClerkError {
    let status = match error {
        AuthenticateError::SatelliteSignInUrl => {
            tracing::error!(%error, "requests cannot be authenticated");
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => {
            tracing::debug!(%error, "a request cannot be authenticated");
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
