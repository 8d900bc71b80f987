//! The server: axum around Clerk and the pages.
//!
//! A request passes `app`, which logs it, answers it with a static file or adds the security headers, and then the
//! layers of `router` from the outside in: the Clerk layer, the session and the page.

mod api;
mod app;
mod errors;
mod health;
mod pages;
mod redirect;
mod router;
mod security;
mod sessions;
mod static_files;
mod webhooks;

pub use self::sessions::StoreError;

use std::io;

use axum::{Router, http::header::InvalidHeaderValue, serve::ListenerExt};
use axum_clerk::{
    Clerk, Options, ProxySetupError,
    clerk_auth::{InstanceType, OptionsError},
};
use tokio::net::TcpListener;
use tower::make::Shared;

use self::{app::App, router::AppState, sessions::Sessions};
use crate::config::Config;

/// Why the server cannot be built, in one line.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    Clerk(#[from] OptionsError),
    #[error(transparent)]
    Sessions(#[from] StoreError),
    #[error(transparent)]
    Proxy(#[from] ProxySetupError),
    #[error("the Content Security Policy cannot be sent, check the URLs of Clerk: {0}")]
    ContentSecurityPolicy(#[from] InvalidHeaderValue),
}

/// The whole program except for its socket. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Server {
    app: App,
    sessions: Sessions,
}

impl Server {
    /// Builds the server for one Clerk instance: opens the session store and sets up the routes.
    ///
    /// # Errors
    ///
    /// A Clerk configuration that is inconsistent, or a session store that cannot be opened.
    pub async fn build(config: &Config, options: Options) -> Result<Self, BuildError> {
        let clerk = Clerk::new(options)?;
        if accepts_any_party(&clerk) {
            tracing::warn!(
                "CLERK_AUTHORIZED_PARTIES is not set: session tokens issued for any origin are accepted"
            );
        }
        let https = config.app_url.scheme() == "https";
        let sessions = Sessions::open(&config.session, &clerk.options().secret_key, https).await?;
        let state = AppState::new(clerk, sessions.clone());
        Ok(Self {
            app: App::new(config, &state).await?,
            sessions,
        })
    }

    /// Returns the routes, for tests without a socket.
    pub fn router(&self) -> Router {
        Router::new().fallback_service(self.app.clone())
    }

    /// Serves until `shutdown` resolves and the requests in progress are answered.
    ///
    /// # Errors
    ///
    /// The socket failed.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        // A page is sent in pieces: with Nagle's algorithm each would wait for the peer's delayed acknowledgement.
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY could not be set");
            }
        });
        let sessions = self.sessions;
        let cleanup = tokio::spawn(async move { sessions.delete_expired().await });
        let served = axum::serve(listener, Shared::new(self.app))
            .with_graceful_shutdown(shutdown)
            .await;
        cleanup.abort();
        served
    }
}

/// Checks whether a production instance accepts session tokens that were issued for any origin.
fn accepts_any_party(clerk: &Clerk) -> bool {
    let options = clerk.options();
    !options.local
        && options.authorized_parties.is_empty()
        && clerk.publishable_key().instance_type() == InstanceType::Production
}
