//! [`Clerk`]: one Clerk instance.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use http::HeaderMap;

use super::{
    api::{ApiError, BackendApi, RefreshRequest},
    authenticate::{AuthenticateError, BackendClient, RequestState, authenticate},
    config::{Configuration, EnvError, EnvErrors, Options, OptionsError, PublishableKey},
    jwks::Jwks,
    machine_tokens::{Answer, MachineTokens},
    nonces::Nonces,
    proxy::Proxy,
    request::{Context, RequestView},
    token::{KeySource, SigningKey, VerifyError},
    webhook::{WebhookError, WebhookEvent},
};
use crate::{
    client_options::ClientOptions,
    token_type::{AcceptsToken, TokenType},
};

/// One Clerk instance: authenticates requests, calls the Backend API and verifies webhooks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Clerk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    configuration: Configuration,
    client_options: Arc<ClientOptions>,
    api: BackendApi,
    jwks: Jwks,
    nonces: Nonces,
    machine_tokens: MachineTokens,
    proxy: Proxy,
}

/// The calls of the Backend API for one decision.
struct Calls<'a> {
    clerk: &'a Inner,
    /// Set by the first call for which the Backend API was unavailable.
    retry_after: OnceLock<Duration>,
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
            nonces: Nonces::new(configuration.options.handshakes_per_second),
            machine_tokens: MachineTokens::new(configuration.options.machine_tokens_per_second),
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

    /// As [`Clerk::authenticate`], of a request that may come from a program with a token of its own: an API key, a
    /// machine-to-machine token, or the access token of an OAuth application. A valid one is [`Auth::Machine`].
    ///
    /// A token that is not a JWT is verified by the Backend API, whose answer is used for ten seconds: that is how long a
    /// revoked token may still be accepted. A JWT is verified without the network, and accepted until it expires.
    ///
    /// # Errors
    ///
    /// As [`Clerk::authenticate`].
    ///
    /// ```no_run
    /// use clerk_auth::{Auth, Clerk, TokenType};
    ///
    /// # async fn example(clerk: Clerk, parts: http::request::Parts) -> Result<(), clerk_auth::AuthenticateError> {
    /// let accepts = [TokenType::SessionToken, TokenType::ApiKey].into();
    /// match clerk.authenticate_accepting(&parts, &accepts).await?.auth {
    ///     Auth::SignedIn(user) => println!("user {}", user.user_id),
    ///     Auth::Machine(program) => println!("a program with the scopes {:?}", program.scopes),
    ///     _ => println!("nobody"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`Auth::Machine`]: crate::Auth::Machine
    pub async fn authenticate_accepting<'a>(
        &self,
        request: impl Into<RequestView<'a>>,
        accepts: &AcceptsToken,
    ) -> Result<RequestState, AuthenticateError> {
        self.decide(request.into(), accepts, SystemTime::now()).await
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
        self.decide(request.into(), &AcceptsToken::default(), now).await
    }

    async fn decide(
        &self,
        request: RequestView<'_>,
        accepts: &AcceptsToken,
        now: SystemTime,
    ) -> Result<RequestState, AuthenticateError> {
        // With a clock before 1970 every token is in the future, as it should be.
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let now = i64::try_from(now).unwrap_or(i64::MAX / 4);
        let context = Context::new(&self.0.configuration, request, now)?;
        let calls = Calls {
            clerk: &self.0,
            retry_after: OnceLock::new(),
        };
        let decision = authenticate(&context, &calls, accepts).await;
        let state = match (decision, calls.retry_after.get()) {
            (Ok(state), Some(&retry_after)) => state.undecided(retry_after),
            (Err(_), Some(&retry_after)) => return Err(AuthenticateError::Unavailable { retry_after }),
            (decision, None) => decision?,
        };
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

impl Calls<'_> {
    fn note(&self, retry_after: Option<Duration>) {
        if let Some(retry_after) = retry_after {
            self.retry_after.get_or_init(|| retry_after);
        }
    }
}

impl KeySource for Calls<'_> {
    async fn signing_key(&self, kid: Option<&str>) -> Result<Arc<SigningKey>, VerifyError> {
        let Inner {
            configuration,
            api,
            jwks,
            ..
        } = self.clerk;
        match &configuration.jwt_key {
            Some(key) => Ok(Arc::clone(key)),
            None => jwks.key(kid, api, Instant::now()).await.map_err(|failure| {
                self.note(failure.retry_after);
                failure.error
            }),
        }
    }
}

impl BackendClient for Calls<'_> {
    async fn refresh_session(
        &self,
        session_id: &str,
        request: &RefreshRequest<'_>,
    ) -> Result<Vec<String>, ApiError> {
        let refreshed = self.clerk.api.refresh_session(session_id, request).await;
        refreshed.inspect_err(|error| self.note(error.retry_after()))
    }

    async fn handshake_cookies(&self, nonce: &str) -> Result<Option<Vec<String>>, Arc<ApiError>> {
        let Inner { api, nonces, .. } = self.clerk;
        let cookies = nonces
            .cookies(nonce, Instant::now(), || api.handshake_payload(nonce))
            .await;
        cookies.inspect_err(|error| self.note(error.retry_after()))
    }

    async fn verify_token(&self, token_type: TokenType, token: &str) -> Option<Answer> {
        let Inner {
            configuration,
            api,
            machine_tokens,
            ..
        } = self.clerk;
        let secret_key = configuration.options.machine_secret_key.as_ref();
        let secret_key = secret_key.filter(|_| token_type == TokenType::M2mToken);
        let answer = machine_tokens
            .answer(token, Instant::now(), || {
                api.verify_token(token_type, token, secret_key)
            })
            .await?;
        Some(answer.inspect_err(|error| self.note(error.retry_after())))
    }
}
