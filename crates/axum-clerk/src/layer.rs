//! The layer that authenticates requests.

mod refuse;
mod service;

use std::{fmt, sync::Arc};

use clerk_auth::{AcceptsToken, Clerk, UserSource};
use http::Response;
use tower::Layer;

pub use self::service::{ClerkService, ResponseFuture};

#[cfg(feature = "leptos")]
use crate::server_fns::ServerFns;
use crate::{ClerkError, UserCache, current_user};

type ErrorHook = Arc<dyn Fn(&ClerkError) -> Response<String> + Send + Sync>;

/// Authenticates every request. A tower layer for any service of [`http::Request`]s.
///
/// - A handshake is answered at once, with a redirect.
/// - Otherwise the request is passed on with [`Auth`](clerk_auth::Auth), [`Redirect`](clerk_auth::Redirect), [`Clerk`],
///   `Arc<`[`ClientOptions`](clerk_auth::ClientOptions)`>`, [`UserSource`] and [`Refusal`](clerk_auth::Refusal) in its extensions.
/// - The response gets the headers of Clerk's decision, and `Cache-Control: private, no-store` unless it says
///   `no-store` already.
/// - A [`Rejection`](crate::Rejection) is answered with a redirect to the sign-in page if the visitor's browser asks for a document,
///   and as JSON otherwise.
/// - A [`Refusal`](clerk_auth::Refusal), in which `protect` of leptos-clerk says why it has refused the caller, sets the status of a server
///   function's error, and that of a page whose head has not been sent yet: a signed-out visitor is redirected to the
///   sign-in page.
///
/// While Clerk's Backend API is unavailable (no answer, 429 or a server error), requests that need it are neither redirected
/// nor lose their cookies: they are passed on signed out, with [`Auth::retry_after`](clerk_auth::Auth::retry_after), and a
/// [`Rejection`](crate::Rejection) is answered with 503 and `Retry-After`.
///
/// As in Clerk's SDKs, the public URL of a request is that of `X-Forwarded-Host` and `X-Forwarded-Proto`, if it has them.
/// Remove both in front of this layer unless they come from a reverse proxy that you trust.
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
    accepts: AcceptsToken,
    users: UserSource,
    error_hook: ErrorHook,
    #[cfg(feature = "leptos")]
    server_fns: ServerFns,
}

impl ClerkLayer {
    /// Creates a layer that authenticates by this instance. Errors are answered as JSON unless
    /// [`on_error`](Self::on_error) says otherwise.
    #[must_use]
    pub fn new(clerk: Clerk) -> Self {
        Self {
            accepts: AcceptsToken::default(),
            users: current_user::from_api(clerk.clone()),
            clerk,
            error_hook: Arc::new(ClerkError::to_json),
            #[cfg(feature = "leptos")]
            server_fns: ServerFns::default(),
        }
    }

    /// Accepts tokens of other kinds than that of sessions, which programs send in the `Authorization` header:
    /// `acceptsToken` in Clerk's JavaScript SDKs. Their callers are [`Auth::Machine`](clerk_auth::Auth::Machine), and do not
    /// count as signed in: a route lets them pass only by an [`AuthCheck::token`](clerk_auth::AuthCheck::token) or
    /// [`AuthCheck::or_token`](clerk_auth::AuthCheck::or_token).
    ///
    /// A token that is not a JWT is verified by the Backend API, whose answer is used for ten seconds: that is how long a
    /// revoked token may still be accepted. A JWT is accepted until it expires.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use axum_clerk::{Auth, AuthCheck, Clerk, ClerkLayer, Policy, RequireAuth, TokenCheck, TokenType};
    ///
    /// enum Reader {}
    ///
    /// impl Policy for Reader {
    ///     type Check = TokenCheck;
    ///
    ///     fn check() -> TokenCheck {
    ///         AuthCheck::signed_in().or_token(TokenType::ApiKey).scope("posts:read")
    ///     }
    /// }
    ///
    /// async fn posts(RequireAuth(caller): RequireAuth<Reader>) -> String {
    ///     match caller {
    ///         Auth::Machine(program) => format!("read by {}", program.subject),
    ///         caller => format!("read by {:?}", caller.user_id()),
    ///     }
    /// }
    ///
    /// fn app(clerk: Clerk) -> Router {
    ///     Router::new()
    ///         .route("/posts", get(posts))
    ///         .layer(ClerkLayer::new(clerk).accepts([TokenType::SessionToken, TokenType::ApiKey]))
    /// }
    /// ```
    #[must_use]
    pub fn accepts(mut self, accepts: impl Into<AcceptsToken>) -> Self {
        self.accepts = accepts.into();
        self
    }

    /// Takes the users of [`CurrentUser`](crate::CurrentUser), and of `current_user` in leptos-clerk, from a cache.
    #[must_use]
    pub fn users(mut self, users: UserCache) -> Self {
        self.users = current_user::from_cache(users);
        self
    }

    /// Lets everybody call a server function of Leptos. All others can only be called by authenticated callers, whether they
    /// call [`protect`](https://docs.rs/leptos-clerk/latest/leptos_clerk/fn.protect.html) or not; others get a 401.
    ///
    /// What a caller must be beyond that is for the function itself to check, which also runs where no request reaches
    /// this layer: while a page is rendered. The functions are those that are registered when this layer is applied to a
    /// service.
    ///
    /// ```
    /// use axum_clerk::{Clerk, ClerkLayer};
    ///
    /// fn layer<Search: server_fn::ServerFn>(clerk: Clerk) -> ClerkLayer {
    ///     ClerkLayer::new(clerk).public_server_fn::<Search>()
    /// }
    /// ```
    #[cfg(feature = "leptos")]
    #[must_use]
    pub fn public_server_fn<F: server_fn::ServerFn>(mut self) -> Self {
        self.server_fns.publish::<F>();
        self
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
        let layer = Self {
            #[cfg(feature = "leptos")]
            server_fns: self.server_fns.registered(),
            ..self.clone()
        };
        ClerkService::new(inner, layer)
    }
}
