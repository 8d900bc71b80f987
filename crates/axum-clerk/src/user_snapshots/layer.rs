//! The layer that gives requests their user.

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use clerk_auth::Auth;
use http::{Request, Response, StatusCode, header};
use tower::{Layer, Service};
use tower_sessions::Session;

use super::UserSnapshots;
use crate::{ClerkError, Rejection};

/// The layer of [`UserSnapshots::layer`].
#[derive(Clone, Debug)]
pub struct UserSnapshotsLayer {
    snapshots: UserSnapshots,
}

impl UserSnapshotsLayer {
    pub(super) const fn new(snapshots: UserSnapshots) -> Self {
        Self { snapshots }
    }
}

impl<S> Layer<S> for UserSnapshotsLayer {
    type Service = UserSnapshotsService<S>;

    fn layer(&self, inner: S) -> UserSnapshotsService<S> {
        UserSnapshotsService {
            inner,
            snapshots: self.snapshots.clone(),
        }
    }
}

/// The service of [`UserSnapshotsLayer`].
#[derive(Clone, Debug)]
pub struct UserSnapshotsService<S> {
    inner: S,
    snapshots: UserSnapshots,
}

/// The future of [`UserSnapshotsService`].
pub struct UserSnapshotsFuture<R, E>(Pin<Box<dyn Future<Output = Result<Response<R>, E>> + Send>>);

impl<R, E> Future for UserSnapshotsFuture<R, E> {
    type Output = Result<Response<R>, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<R, E> fmt::Debug for UserSnapshotsFuture<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserSnapshotsFuture")
    }
}

impl<S, B, R> Service<Request<B>> for UserSnapshotsService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: From<String> + Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = UserSnapshotsFuture<R, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The service that is ready handles this request; its clone gets ready for the next one.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let snapshots = self.snapshots.clone();
        UserSnapshotsFuture(Box::pin(async move {
            if let Err(response) = snapshots.insert_user(&mut request).await {
                return Ok(response);
            }
            inner.call(request).await
        }))
    }
}

impl UserSnapshots {
    async fn insert_user<B, R: From<String>>(&self, request: &mut Request<B>) -> Result<(), Response<R>> {
        // Programs that send a token keep no cookies: each of their requests would create a session.
        if request.headers().contains_key(header::AUTHORIZATION) {
            return Ok(());
        }
        let extensions = request.extensions();
        let (auth, session) = match (extensions.get::<Auth>(), extensions.get::<Session>()) {
            (Some(auth), Some(session)) => (auth.clone(), session.clone()),
            (None, _) => return Err(missing_clerk_layer(request)),
            (_, None) => return Err(missing_session_layer(request)),
        };
        match self.user(&session, &auth).await {
            Ok(Some(user)) => {
                request.extensions_mut().insert(user);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "the session store failed; the request is handled without the user");
            }
        }
        Ok(())
    }
}

fn missing_clerk_layer<B, R: From<String>>(request: &Request<B>) -> Response<R> {
    let rejection = Rejection::missing_layer(request.uri());
    let mut response = rejection.response();
    response.extensions_mut().insert(rejection);
    response
}

fn missing_session_layer<B, R: From<String>>(request: &Request<B>) -> Response<R> {
    let message = "UserSnapshots needs a session: add a SessionManagerLayer above its layer.";
    tracing::error!(path = request.uri().path(), "{message}");
    let message = if cfg!(debug_assertions) {
        message
    } else {
        "The server is misconfigured."
    };
    ClerkError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "missing_session_layer",
        message,
    )
    .to_json()
    .map(R::from)
}
