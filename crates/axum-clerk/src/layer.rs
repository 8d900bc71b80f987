//! The layer: decides who is asking before anything else looks at the request.

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use clerk_auth::{AuthenticateError, Clerk, Redirect, RequestView, Status};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use tower::{Layer, Service};

use crate::{
    ClerkError, Rejection,
    error::{self, wants_document},
};

static AUTH_STATUS: HeaderName = HeaderName::from_static("x-clerk-auth-status");

/// For everything that depends on who is asking, and may set cookies.
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

type ErrorHook = Arc<dyn Fn(&ClerkError) -> Response<String> + Send + Sync>;

/// Authenticates every request. A tower layer for any service of [`http::Request`]s.
///
/// - A handshake is answered at once, with a redirect.
/// - Otherwise the request goes on with [`Auth`](clerk_auth::Auth), [`Redirect`], [`Clerk`] and
///   `Arc<`[`ClientOptions`](clerk_auth::ClientOptions)`>` in its extensions.
/// - The response gets the headers of Clerk's decision, and `Cache-Control: private, no-store` unless it says
///   `no-store` already.
/// - A [`Rejection`] is answered with a redirect to the sign-in page where a visitor asks for a document, and as
///   JSON otherwise.
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
    /// Authenticates by this instance. Errors are answered as JSON, unless [`on_error`](Self::on_error) says
    /// otherwise.
    #[must_use]
    pub fn new(clerk: Clerk) -> Self {
        Self {
            clerk,
            error_hook: Arc::new(ClerkError::to_json),
        }
    }

    /// Has `render` make the error responses, such as pages for [`ClerkError::wants_document`].
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
pub type ResponseFuture<R, E> = Pin<Box<dyn Future<Output = Result<Response<R>, E>> + Send>>;

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
        // The service that is ready handles the request; its clone waits for the next one.
        let clone = self.inner.clone();
        let inner = mem::replace(&mut self.inner, clone);
        let layer = self.layer.clone();
        Box::pin(layer.handle(inner, request))
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
        let decision = match self.clerk.authenticate(view).await {
            Ok(decision) => decision,
            Err(error) => return Ok(self.render(undecided(&error), wants_document)),
        };
        let mut response = if decision.headers.contains_key(header::LOCATION) {
            let mut response = Response::new(R::default());
            *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
            response
        } else if decision.status == Status::Handshake {
            let message = "Clerk: unexpected handshake without redirect";
            tracing::error!("{message}");
            let error = ClerkError::new(StatusCode::INTERNAL_SERVER_ERROR, "unexpected_handshake", message);
            self.render(error, wants_document)
        } else {
            let redirect = decision.redirect;
            parts.extensions.insert(decision.auth);
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
        if !decision.headers.contains_key(header::CACHE_CONTROL) && !forbids_storing(headers) {
            headers.insert(header::CACHE_CONTROL, PRIVATE);
        }
        append_all(headers, decision.headers);
        headers
            .entry(&AUTH_STATUS)
            .or_insert(HeaderValue::from_static(decision.status.as_str()));
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
        let mut response = Response::new(R::default());
        *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
        response.headers_mut().insert(header::LOCATION, location);
        response
    }

    fn render<R: From<String>>(&self, error: ClerkError, wants_document: bool) -> Response<R> {
        let error = ClerkError {
            wants_document,
            ..error
        };
        let mut response = (self.error_hook)(&error);
        if !forbids_storing(response.headers()) {
            response.headers_mut().insert(header::CACHE_CONTROL, PRIVATE);
        }
        response.map(R::from)
    }
}

/// What the visitor sent cannot be used, or the program is not configured for it.
fn undecided(error: &AuthenticateError) -> ClerkError {
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
    error::ClerkError::new(status, "authentication_failed", error.to_string())
}

/// Whether a response already says that nothing may store it, which is stricter than `private`.
fn forbids_storing(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|directive| directive.trim().eq_ignore_ascii_case("no-store"))
}

/// Appends, because a response may set many cookies.
fn append_all(headers: &mut HeaderMap, added: HeaderMap) {
    let mut name = None;
    for (next_name, value) in added {
        name = next_name.or(name);
        if let Some(name) = &name {
            headers.append(name, value);
        }
    }
}
