//! [`Clerk`]: one Clerk instance.

use std::{
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use http::HeaderMap;

use super::{
    api::{ApiError, BackendApi, RefreshRequest},
    authenticate::{AuthenticateError, BackendClient, RequestState, authenticate},
    config::{Configuration, EnvError, EnvErrors, Options, OptionsError, PublishableKey},
    jwks::Jwks,
    proxy::Proxy,
    request::{Context, RequestView},
    token::{KeySource, SigningKey, VerifyError},
    webhook::{WebhookError, WebhookEvent},
};
use crate::client_options::ClientOptions;

/// One Clerk instance: authenticates requests, calls the Backend API and verifies webhooks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Clerk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    configuration: Configuration,
    client_options: Arc<ClientOptions>,
    api: BackendApi,
    jwks: Jwks,
    proxy: Proxy,
}

/// The signing keys could not be loaded from the Backend API.
#[derive(Debug, thiserror::Error)]
#[error("the signing keys could not be loaded from the Backend API: {0}")]
pub struct KeysError(String);

impl Clerk {
    /// Validates the options. Does not use the network.
    ///
    /// # Errors
    ///
    /// The first mistake in the options.
    pub fn new(options: Options) -> Result<Self, OptionsError> {
        let api = BackendApi::new(&options).map_err(OptionsError::HttpClient)?;
        let configuration = Configuration::new(options)?;
        Ok(Self(Arc::new(Inner {
            client_options: Arc::new(configuration.client_options()),
            proxy: Proxy::new(&configuration),
            configuration,
            api,
            jwks: Jwks::default(),
        })))
    }

    /// Reads the options from the process's environment, see [`Options::from_env`].
    ///
    /// # Errors
    ///
    /// Every mistake in the environment that can be found without the network.
    ///
    /// ```no_run
    /// let clerk = clerk_auth::Clerk::from_env()?;
    /// # Ok::<(), clerk_auth::EnvErrors>(())
    /// ```
    pub fn from_env() -> Result<Self, EnvErrors> {
        Ok(Self::new(Options::from_env()?).map_err(EnvError::from)?)
    }

    /// Authenticates a request: decides whether it is signed in, signed out, or has to go through a handshake
    /// first.
    ///
    /// Takes [`http::request::Parts`], an [`http::Request`] or a [`RequestView`]. The network is used only to
    /// fetch signing keys (unless [`Options::jwt_key`] is set), to refresh an expired session, and to read
    /// the result of a handshake.
    ///
    /// # Errors
    ///
    /// The request is malformed, or the configuration does not fit it, see [`AuthenticateError`].
    ///
    /// ```
    /// use clerk_auth::{Clerk, Options, Outcome};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let clerk = Clerk::new(Options::new("pk_live_Y2xlcmsuZXhhbXBsZS5jb20k", "sk_live_example"))?;
    /// let (parts, ()) = http::Request::get("https://example.com/").body(())?.into_parts();
    ///
    /// match clerk.authenticate(&parts).await?.into_outcome() {
    ///     // Respond with an empty 307 and these headers.
    ///     Outcome::Redirect { headers } => assert!(headers.contains_key("location")),
    ///     // Handle the request, and append these headers to the response.
    ///     Outcome::Decided { auth, headers } => {
    ///         assert!(!auth.is_signed_in());
    ///         assert_eq!(headers["x-clerk-auth-status"], "signed-out");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn authenticate<'a>(
        &self,
        request: impl Into<RequestView<'a>>,
    ) -> Result<RequestState, AuthenticateError> {
        self.authenticate_at(request, SystemTime::now()).await
    }

    /// As [`Clerk::authenticate`], at another time than now: for tests, and for clocks that are moved.
    ///
    /// # Errors
    ///
    /// As [`Clerk::authenticate`].
    ///
    /// A token of [`http::request::Parts`] is verified without the network if the instance's public key is
    /// known:
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// use clerk_auth::{AuthCheck, Clerk, Denied, Options};
    ///
    /// # const PUBLIC_KEY: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/keys/public.pem"));
    /// # const TOKEN: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/keys/token.txt"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let clerk = Clerk::new(Options {
    ///     jwt_key: Some(PUBLIC_KEY.to_owned()),
    ///     ..Options::new("pk_live_Y2xlcmsuZXhhbXBsZS5jb20k", "sk_live_example")
    /// })?;
    /// let request = http::Request::get("https://example.com/teams")
    ///     .header("authorization", format!("Bearer {}", TOKEN.trim()))
    ///     .body(())?;
    /// let (parts, ()) = request.into_parts();
    ///
    /// let issued = UNIX_EPOCH + Duration::from_secs(1_795_411_469);
    /// let state = clerk.authenticate_at(&parts, issued + Duration::from_secs(30)).await?;
    /// let user = state.auth.protect(&AuthCheck::role("org:admin"))?;
    /// assert_eq!(user.user_id, "user_1");
    /// assert!(state.auth.has(&AuthCheck::permission("org:posts:read")));
    /// assert_eq!(state.auth.protect(&AuthCheck::plan("pro")), Err(Denied::Forbidden));
    ///
    /// let state = clerk.authenticate_at(&parts, issued + Duration::from_secs(3_600)).await?;
    /// assert_eq!(state.auth.protect(&AuthCheck::signed_in()), Err(Denied::SignedOut));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn authenticate_at<'a>(
        &self,
        request: impl Into<RequestView<'a>>,
        now: SystemTime,
    ) -> Result<RequestState, AuthenticateError> {
        let request = request.into();
        // With a clock before 1970 every token is in the future, as it should be.
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let now = i64::try_from(now).unwrap_or(i64::MAX / 4);
        let context = Context::new(&self.0.configuration, request, now)?;
        let state = authenticate(&context, &*self.0).await?;
        tracing::debug!(
            path = request.uri.path(),
            status = state.status.as_str(),
            reason = state.reason.as_ref().map(tracing::field::display),
            "request authenticated"
        );
        Ok(state)
    }

    /// The client of the Backend API.
    #[must_use]
    pub fn api(&self) -> &BackendApi {
        &self.0.api
    }

    /// Verifies a webhook by its headers and its body exactly as it was received.
    ///
    /// Clerk repeats a message until it is accepted: the same event may arrive more than once, with the same
    /// `svix-id` header.
    ///
    /// # Errors
    ///
    /// No signing secret is configured, the signature is not valid, the message is too old or too far in the
    /// future, or the body is not an event.
    ///
    /// ```
    /// use clerk_auth::{Clerk, Options, WebhookError, WebhookSecret};
    /// use http::HeaderMap;
    ///
    /// let clerk = Clerk::new(Options {
    ///     webhook_secret: Some(WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?),
    ///     ..Options::new("pk_test_Y2xlcmsuZXhhbXBsZS5jb20k", "sk_test_example")
    /// })?;
    ///
    /// // The headers and the body of `POST /webhooks/clerk`.
    /// let (headers, body) = (HeaderMap::new(), br#"{"type": "user.created", "data": {}}"#);
    /// match clerk.verify_webhook(&headers, body) {
    ///     Ok(event) => println!("{}", event.event_type),
    ///     Err(error) => assert!(matches!(error, WebhookError::MissingHeader("svix-id"))),
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify_webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<WebhookEvent, WebhookError> {
        match &self.options().webhook_secret {
            Some(secret) => secret.verify(headers, body),
            None => Err(WebhookError::NotConfigured),
        }
    }

    /// The rules of the Frontend API proxy.
    #[must_use]
    pub fn proxy(&self) -> &Proxy {
        &self.0.proxy
    }

    /// What the browser needs to load clerk-js. Contains no secrets.
    #[must_use]
    pub fn client_options(&self) -> &Arc<ClientOptions> {
        &self.0.client_options
    }

    /// The URL at which browsers reach the Frontend API, or a path of this application.
    #[must_use]
    pub fn frontend_api_url(&self) -> String {
        self.0.configuration.frontend_api_url()
    }

    /// The options of this instance.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.0.configuration.options
    }

    /// The publishable key of this instance.
    #[must_use]
    pub fn publishable_key(&self) -> &PublishableKey {
        &self.0.configuration.key
    }

    /// Checks that session tokens can be verified: the signing keys are known or can be fetched. Suitable for
    /// a readiness probe.
    ///
    /// # Errors
    ///
    /// The signing keys could not be fetched.
    pub async fn check_keys(&self) -> Result<(), KeysError> {
        if self.0.configuration.jwt_key.is_some() {
            return Ok(());
        }
        self.0
            .jwks
            .check(&self.0.api, Instant::now())
            .await
            .map_err(|error| KeysError(error.to_string()))
    }
}

impl KeySource for Inner {
    async fn signing_key(&self, kid: Option<&str>) -> Result<Arc<SigningKey>, VerifyError> {
        match &self.configuration.jwt_key {
            Some(key) => Ok(Arc::clone(key)),
            None => self.jwks.key(kid, &self.api, Instant::now()).await,
        }
    }
}

impl BackendClient for Inner {
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
