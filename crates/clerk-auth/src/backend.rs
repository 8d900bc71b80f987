//! Request authentication: who is asking, by the rules of `@clerk/backend`.
//!
//! [`Clerk::authenticate`] decides over plain data; keys, refreshing and handshake payloads come from the
//! Backend API behind a small trait, and the time is passed in. Nothing here knows of axum or Leptos.

mod api;
mod authenticate;
mod context;
mod cookie_selection;
mod cookies;
mod directives;
mod env;
#[cfg(test)]
mod fixtures;
mod handshake;
mod hosts;
mod jwks;
mod jwt;
mod options;
mod organization;
mod outside;
mod path_pattern;
mod proxy;
mod publishable_key;
mod reason;
mod redirect;
mod referrer;
mod refresh;
mod request;
mod signing_key;
mod state;
mod url_query;
mod verify;
mod webhook;

use std::{
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

pub use api::is_loopback;
pub use api::{ApiError, BackendApi};
pub use authenticate::AuthenticateError;
pub use env::{EnvError, EnvErrors};
pub use options::{Options, OptionsError};
pub use organization::PatternError;
pub use proxy::{PROXY_PATH, Proxy, ProxyError, ProxyRequest};
pub use publishable_key::{InstanceType, PublishableKey};
pub use reason::{Reason, RefreshError, TokenReason};
pub use redirect::Redirect;
pub use request::{RequestTargetError, RequestView};
pub use state::{RequestState, Status};
pub use webhook::{EventAttributes, HttpRequest, MalformedSecret, WebhookError, WebhookEvent, WebhookSecret};

use http::HeaderMap;

use context::Context;
use jwks::Jwks;
use options::Instance;
use outside::Outside;
use reason::VerifyError;
use refresh::RefreshRequest;
use signing_key::SigningKey;

use crate::ClientOptions;

/// One Clerk instance. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Clerk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    instance: Instance,
    client_options: Arc<ClientOptions>,
    api: BackendApi,
    jwks: Jwks,
    proxy: Proxy,
}

/// The signing keys cannot be had from the Backend API.
#[derive(Debug, thiserror::Error)]
#[error("the signing keys cannot be had from the Backend API: {0}")]
pub struct KeysError(String);

impl Clerk {
    /// Checks the options. Nothing is asked of the network.
    ///
    /// # Errors
    /// A mistake in the options.
    pub fn new(options: Options) -> Result<Self, OptionsError> {
        let api = BackendApi::new(&options).map_err(OptionsError::HttpClient)?;
        let instance = Instance::new(options)?;
        let proxy = Proxy::new(&instance);
        Ok(Self(Arc::new(Inner {
            client_options: Arc::new(instance.client_options()),
            instance,
            api,
            jwks: Jwks::default(),
            proxy,
        })))
    }

    /// Reads the options from the process's environment, see [`Options::from_env`].
    ///
    /// # Errors
    /// Every mistake of the environment that can be found without the network.
    pub fn from_env() -> Result<Self, EnvErrors> {
        Ok(Self::new(Options::from_env()?).map_err(EnvError::from)?)
    }

    /// Verifies a webhook by its headers and its body exactly as it was received.
    ///
    /// # Errors
    /// No signing secret is configured, or the message is not by Clerk, too old or too new, or not an event.
    pub fn verify_webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<WebhookEvent, WebhookError> {
        match &self.0.instance.options.webhook_secret {
            Some(secret) => secret.verify(headers, body),
            None => Err(WebhookError::NotConfigured),
        }
    }

    /// Decides who is asking.
    ///
    /// # Errors
    /// A request that gets no decision: its target is not a path, or the configuration does not fit.
    pub async fn authenticate(&self, request: RequestView<'_>) -> Result<RequestState, AuthenticateError> {
        // A clock before 1970 finds every token in the future, which is as it should be.
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis();
        let context = Context::new(
            &self.0.instance,
            request,
            i64::try_from(now).unwrap_or(i64::MAX / 4),
        )?;
        let state = authenticate::authenticate(&context, &*self.0).await?;
        tracing::debug!(
            path = request.uri.path(),
            status = state.status.as_str(),
            reason = state.reason.as_ref().map(tracing::field::display),
            "request authenticated"
        );
        Ok(state)
    }

    #[must_use]
    pub fn backend_api(&self) -> &BackendApi {
        &self.0.api
    }

    #[must_use]
    pub fn proxy(&self) -> &Proxy {
        &self.0.proxy
    }

    /// What the browser needs to load clerk-js.
    #[must_use]
    pub fn client_options(&self) -> &Arc<ClientOptions> {
        &self.0.client_options
    }

    /// The address at which browsers reach the Frontend API: a path of the application, or a URL.
    #[must_use]
    pub fn frontend_api_url(&self) -> String {
        self.0.instance.frontend_api_url()
    }

    /// The options that this instance was made with.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.0.instance.options
    }

    #[must_use]
    pub fn publishable_key(&self) -> &PublishableKey {
        &self.0.instance.key
    }

    /// Whether tokens can be verified: the signing keys are at hand or can be fetched.
    ///
    /// # Errors
    /// They can not.
    pub async fn check_keys(&self) -> Result<(), KeysError> {
        if self.0.instance.jwt_key.is_some() {
            return Ok(());
        }
        self.0
            .jwks
            .check(&self.0.api, Instant::now())
            .await
            .map_err(|error| KeysError(error.to_string()))
    }
}

impl Outside for Inner {
    async fn signing_key(&self, kid: Option<&str>) -> Result<Arc<SigningKey>, VerifyError> {
        match &self.instance.jwt_key {
            Some(key) => Ok(Arc::clone(key)),
            None => self.jwks.key(kid, &self.api, Instant::now()).await,
        }
    }

    async fn refresh_session(
        &self,
        session_id: &str,
        request: &RefreshRequest<'_>,
    ) -> Result<Vec<String>, ApiError> {
        self.api.refresh_session(session_id, request).await
    }

    async fn handshake_payload(&self, nonce: &str) -> Result<Vec<String>, ApiError> {
        self.api.handshake_payload(nonce).await
    }
}
