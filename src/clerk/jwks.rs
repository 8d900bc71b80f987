//! The instance's signing keys, as the Backend API publishes them.
//!
//! One cache belongs to one instance. Keys live for five minutes from when they were fetched, however
//! often they are used. A key id that is not among them is asked for again, but only every few seconds, so
//! that forged ids cannot make this server hammer the Backend API. While that is down, old keys are good
//! for an hour more.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use tokio::{sync::Mutex, time::sleep};

use super::{
    api::{ApiError, BackendApi},
    reason::{TokenError, TokenReason, VerifyError},
    signing_key::SigningKey,
};

const TIME_TO_LIVE: Duration = Duration::from_secs(5 * 60);
/// How long keys serve that cannot be fetched anew.
const STALE: Duration = Duration::from_secs(60 * 60);
/// Between two fetches for the sake of an unknown key id.
const UNKNOWN_KID_PAUSE: Duration = Duration::from_secs(5);
/// After a failure, in which others get the same answer without asking.
const FAILURE_PAUSE: Duration = Duration::from_secs(1);
/// Before each further attempt.
const RETRIES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(400)];

#[derive(Debug, Default)]
pub(super) struct Jwks {
    keys: ArcSwap<Option<KeySet>>,
    /// Held while fetching, so that one request fetches and the others wait for its keys.
    last_failure: Mutex<Option<(Instant, VerifyError)>>,
}

#[derive(Debug)]
struct KeySet {
    keys: HashMap<String, Arc<SigningKey>>,
    fetched_at: Instant,
}

/// What a set of keys says of a key id.
#[derive(Debug)]
enum Lookup {
    Found(Arc<SigningKey>),
    /// There is no such key, and it is too soon to ask again.
    Unknown,
    /// The Backend API has to be asked.
    Fetch,
}

impl KeySet {
    fn is_fresh(&self, now: Instant) -> bool {
        now.duration_since(self.fetched_at) < TIME_TO_LIVE
    }

    fn lookup(&self, kid: &str, now: Instant) -> Lookup {
        match self.keys.get(kid) {
            Some(key) if self.is_fresh(now) => Lookup::Found(Arc::clone(key)),
            None if now.duration_since(self.fetched_at) < UNKNOWN_KID_PAUSE => Lookup::Unknown,
            _ => Lookup::Fetch,
        }
    }

    /// The key, when these keys cannot be fetched anew.
    fn stale_key(&self, kid: &str, now: Instant) -> Option<Lookup> {
        let key = self
            .keys
            .get(kid)
            .filter(|_| now.duration_since(self.fetched_at) < STALE)?;
        Some(Lookup::Found(Arc::clone(key)))
    }
}

impl Jwks {
    /// The key with this id.
    pub(super) async fn key(
        &self,
        kid: Option<&str>,
        api: &BackendApi,
        now: Instant,
    ) -> Result<Arc<SigningKey>, VerifyError> {
        let kid = kid.unwrap_or("undefined");
        let mut lookup = self.lookup(kid, now);
        if matches!(lookup, Lookup::Fetch) {
            lookup = self.fetch(kid, api, now).await?;
        }
        match lookup {
            Lookup::Found(key) => Ok(key),
            Lookup::Unknown | Lookup::Fetch => Err(kid_mismatch(kid).into()),
        }
    }

    /// Makes sure that there are keys.
    pub(super) async fn check(&self, api: &BackendApi, now: Instant) -> Result<(), VerifyError> {
        if self
            .keys
            .load()
            .as_ref()
            .as_ref()
            .is_some_and(|keys| keys.is_fresh(now))
        {
            return Ok(());
        }
        match self.key(None, api, now).await {
            Err(VerifyError::Token(error)) if error.reason == TokenReason::KidMismatch => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    fn lookup(&self, kid: &str, now: Instant) -> Lookup {
        let keys = self.keys.load();
        keys.as_ref()
            .as_ref()
            .map_or(Lookup::Fetch, |keys| keys.lookup(kid, now))
    }

    async fn fetch(&self, kid: &str, api: &BackendApi, now: Instant) -> Result<Lookup, VerifyError> {
        let mut last_failure = self.last_failure.lock().await;
        // Somebody may have fetched while this request waited.
        let lookup = self.lookup(kid, now);
        if !matches!(lookup, Lookup::Fetch) {
            return Ok(lookup);
        }
        let failure = match &*last_failure {
            Some((at, error)) if now.duration_since(*at) < FAILURE_PAUSE => error.clone(),
            _ => match fetch_keys(api).await {
                Ok(keys) => {
                    *last_failure = None;
                    self.keys.store(Arc::new(Some(KeySet {
                        keys,
                        fetched_at: now,
                    })));
                    return Ok(self.lookup(kid, now));
                }
                Err(error) => {
                    *last_failure = Some((Instant::now().max(now), error.clone()));
                    error
                }
            },
        };
        let keys = self.keys.load();
        let stale = keys.as_ref().as_ref().and_then(|keys| keys.stale_key(kid, now));
        let stale = stale.ok_or_else(|| failure.clone())?;
        tracing::warn!(error = %failure, "the signing keys could not be fetched, the old ones are used");
        Ok(stale)
    }
}

async fn fetch_keys(api: &BackendApi) -> Result<HashMap<String, Arc<SigningKey>>, VerifyError> {
    let mut answer = api.jwks().await;
    for pause in RETRIES {
        match &answer {
            Err(error) if error.is_temporary() => sleep(pause).await,
            _ => break,
        }
        answer = api.jwks().await;
    }
    let keys: HashMap<_, _> = answer
        .map_err(failed)?
        .into_iter()
        .map(|jwk| {
            (
                jwk.kid.clone().unwrap_or_default(),
                Arc::new(SigningKey::from_jwk(jwk)),
            )
        })
        .collect();
    if keys.is_empty() {
        let message = "The JWKS endpoint did not contain any signing keys. Contact support@clerk.com.";
        return Err(failed_to_load(message.to_owned()));
    }
    Ok(keys)
}

fn failed(error: ApiError) -> VerifyError {
    match error {
        ApiError::Status {
            code: Some(code),
            message,
            ..
        } if code == "clerk_key_invalid" => {
            TokenError::new(TokenReason::SecretKeyInvalid, message.unwrap_or_default()).into()
        }
        ApiError::Status { status, .. } => {
            failed_to_load(format!("Error loading Clerk JWKS with code={}", status.as_u16()))
        }
        error => VerifyError::Unexpected(error.to_string()),
    }
}

fn failed_to_load(message: String) -> VerifyError {
    TokenError::new(TokenReason::JwksFailedToLoad, message).into()
}

fn kid_mismatch(kid: &str) -> TokenError {
    TokenError::new(
        TokenReason::KidMismatch,
        format!(
            "Unable to find a signing key in JWKS that matches the kid='{kid}' of the provided session token. \
             Please make sure that the __session cookie or the HTTP authorization header contain a \
             Clerk-generated session JWT."
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::{
        future::IntoFuture,
        sync::atomic::{AtomicU16, AtomicUsize, Ordering},
    };

    use axum::{Json, Router, http::StatusCode, routing::get};
    use futures_util::future::join_all;
    use serde_json::json;
    use url::Url;

    use super::{
        super::fixtures::{Signer, options},
        *,
    };

    /// A Backend API that counts, and can be made to fail.
    struct Stub {
        api: BackendApi,
        asked: Arc<AtomicUsize>,
        status: Arc<AtomicU16>,
    }

    impl Stub {
        async fn start() -> Self {
            let (asked, status) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU16::new(200)));
            let jwk = Signer::new().jwk();
            let handler = {
                let (asked, status) = (Arc::clone(&asked), Arc::clone(&status));
                move || async move {
                    asked.fetch_add(1, Ordering::SeqCst);
                    let status = StatusCode::from_u16(status.load(Ordering::SeqCst)).unwrap();
                    (status, Json(json!({"keys": [jwk]})))
                }
            };
            let router: Router = Router::new().route("/v1/jwks", get(handler));
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut options = options();
            options.api_url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
            tokio::spawn(axum::serve(listener, router).into_future());
            Self {
                api: BackendApi::new(&options).unwrap(),
                asked,
                status,
            }
        }

        fn fails_with(&self, status: u16) {
            self.status.store(status, Ordering::SeqCst);
        }

        fn asked(&self) -> usize {
            self.asked.load(Ordering::SeqCst)
        }
    }

    fn reason<T>(outcome: Result<T, VerifyError>) -> TokenReason {
        match outcome {
            Err(VerifyError::Token(error)) => error.reason,
            Err(VerifyError::Unexpected(error)) => panic!("{error}"),
            Ok(_) => panic!("there should be no key"),
        }
    }

    #[tokio::test]
    async fn keys_live_for_five_minutes_from_when_they_were_fetched() {
        let (stub, jwks, start) = (Stub::start().await, Jwks::default(), Instant::now());
        for (seconds, asked) in [(0, 1), (100, 1), (299, 1), (300, 2), (599, 2), (600, 3)] {
            jwks.key(Some("ins_1"), &stub.api, start + Duration::from_secs(seconds))
                .await
                .unwrap();
            assert_eq!(stub.asked(), asked, "{seconds}");
        }
    }

    #[tokio::test]
    async fn requests_at_the_same_time_fetch_once() {
        let (stub, jwks, now) = (Stub::start().await, Jwks::default(), Instant::now());
        let keys = join_all((0..50).map(|_| jwks.key(Some("ins_1"), &stub.api, now))).await;
        assert!(keys.iter().all(Result::is_ok));
        assert_eq!(stub.asked(), 1);
    }

    #[tokio::test]
    async fn unknown_key_ids_are_asked_for_every_few_seconds_only() {
        let (stub, jwks, start) = (Stub::start().await, Jwks::default(), Instant::now());
        for (seconds, asked) in [(0, 1), (1, 1), (4, 1), (5, 2), (9, 2), (10, 3)] {
            let kid = format!("ins_forged_{seconds}");
            let now = start + Duration::from_secs(seconds);
            assert_eq!(
                reason(jwks.key(Some(&kid), &stub.api, now).await),
                TokenReason::KidMismatch
            );
            assert_eq!(stub.asked(), asked, "{seconds}");
        }
        assert_eq!(
            reason(jwks.key(None, &stub.api, start).await),
            TokenReason::KidMismatch
        );
    }

    #[tokio::test]
    async fn old_keys_serve_for_an_hour_while_the_backend_api_is_down() {
        let (stub, jwks, start) = (Stub::start().await, Jwks::default(), Instant::now());
        jwks.key(Some("ins_1"), &stub.api, start).await.unwrap();
        stub.fails_with(401);
        for seconds in [300, 3_599] {
            jwks.key(Some("ins_1"), &stub.api, start + Duration::from_secs(seconds))
                .await
                .unwrap();
        }
        let late = jwks.key(Some("ins_1"), &stub.api, start + STALE).await;
        assert_eq!(reason(late), TokenReason::JwksFailedToLoad);
        let unknown = jwks
            .key(Some("else"), &stub.api, start + Duration::from_secs(300))
            .await;
        assert_eq!(reason(unknown), TokenReason::JwksFailedToLoad);
    }

    #[tokio::test]
    async fn only_failures_of_their_side_are_retried() {
        for (status, asked) in [(401, 1), (404, 1), (500, 3)] {
            let (stub, jwks, now) = (Stub::start().await, Jwks::default(), Instant::now());
            stub.fails_with(status);
            assert_eq!(
                reason(jwks.key(Some("ins_1"), &stub.api, now).await),
                TokenReason::JwksFailedToLoad
            );
            // Others get the same answer for a second.
            assert_eq!(
                reason(jwks.key(Some("ins_1"), &stub.api, now).await),
                TokenReason::JwksFailedToLoad
            );
            assert_eq!(stub.asked(), asked, "{status}");
        }
    }

    #[tokio::test]
    async fn checking_asks_only_when_there_are_no_fresh_keys() {
        let (stub, jwks, start) = (Stub::start().await, Jwks::default(), Instant::now());
        for (seconds, asked) in [(0, 1), (100, 1), (300, 2)] {
            jwks.check(&stub.api, start + Duration::from_secs(seconds))
                .await
                .unwrap();
            assert_eq!(stub.asked(), asked, "{seconds}");
        }
    }
}
