//! The cache of the instance's signing keys, which the Backend API publishes.
//!
//! Keys are used for five minutes after they were fetched. An unknown key ID triggers another fetch, but only
//! every few seconds, so that forged IDs cannot flood the Backend API. While the Backend API is down, old
//! keys are used for another hour.

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use arc_swap::ArcSwapOption;
use tokio::{sync::Mutex, time::sleep};

use super::{
    api::{ApiError, BackendApi},
    reason::TokenReason,
    token::{SigningKey, TokenError, VerifyError},
};

const TIME_TO_LIVE: Duration = Duration::from_secs(5 * 60);
/// How long keys are used if newer ones cannot be fetched.
const STALE: Duration = Duration::from_secs(60 * 60);
/// The minimum time between two fetches caused by an unknown key ID.
const UNKNOWN_KID_INTERVAL: Duration = Duration::from_secs(5);
/// How long a failure is reported to other requests without another fetch.
const FAILURE_TTL: Duration = Duration::from_secs(1);
/// The delay before each further attempt.
const RETRY_DELAYS: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(400)];

/// The cache of one instance.
#[derive(Debug, Default)]
pub(crate) struct Jwks {
    keys: ArcSwapOption<KeySet>,
    /// Held while fetching, so that one request fetches and the others wait for its result.
    last_failure: Mutex<Option<(Instant, KeyError)>>,
}

/// Why there is no key for a token.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{error}")]
pub(crate) struct KeyError {
    pub(crate) error: VerifyError,
    /// How long to wait before another attempt, if the Backend API is unavailable.
    pub(crate) retry_after: Option<Duration>,
}

impl From<TokenError> for KeyError {
    fn from(error: TokenError) -> Self {
        Self {
            error: error.into(),
            retry_after: None,
        }
    }
}

#[derive(Debug)]
struct KeySet {
    keys: HashMap<String, Arc<SigningKey>>,
    fetched_at: Instant,
}

/// The result of looking up a key ID.
#[derive(Debug)]
enum Lookup {
    Found(Arc<SigningKey>),
    /// There is no such key, and it is too soon to fetch again.
    Unknown,
    /// The keys must be fetched.
    Fetch,
}

impl KeySet {
    fn is_fresh(&self, now: Instant) -> bool {
        now.duration_since(self.fetched_at) < TIME_TO_LIVE
    }

    fn lookup(&self, kid: &str, now: Instant) -> Lookup {
        match self.keys.get(kid) {
            Some(key) if self.is_fresh(now) => Lookup::Found(Arc::clone(key)),
            None if now.duration_since(self.fetched_at) < UNKNOWN_KID_INTERVAL => Lookup::Unknown,
            _ => Lookup::Fetch,
        }
    }
}

impl Jwks {
    /// The key with this ID.
    pub(crate) async fn key(
        &self,
        kid: Option<&str>,
        api: &BackendApi,
        now: Instant,
    ) -> Result<Arc<SigningKey>, KeyError> {
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

    /// Checks that there are current keys, fetching them if necessary.
    pub(crate) async fn check(&self, api: &BackendApi, now: Instant) -> Result<(), KeyError> {
        if self.keys.load().as_ref().is_some_and(|keys| keys.is_fresh(now)) {
            return Ok(());
        }
        match self.key(None, api, now).await {
            Err(KeyError {
                error: VerifyError::Token(error),
                ..
            }) if error.reason == TokenReason::KidMismatch => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    fn lookup(&self, kid: &str, now: Instant) -> Lookup {
        let keys = self.keys.load();
        keys.as_ref().map_or(Lookup::Fetch, |keys| keys.lookup(kid, now))
    }

    async fn fetch(&self, kid: &str, api: &BackendApi, now: Instant) -> Result<Lookup, KeyError> {
        let stale = self.stale_key(kid, now);
        let mut last_failure = match &stale {
            // With an old key available, do not wait for another request's fetch, which may take long to
            // fail.
            Some(key) => match self.last_failure.try_lock() {
                Ok(last_failure) => last_failure,
                Err(_) => return Ok(Lookup::Found(Arc::clone(key))),
            },
            None => self.last_failure.lock().await,
        };
        // Another request may have fetched the keys in the meantime.
        let lookup = self.lookup(kid, now);
        if !matches!(lookup, Lookup::Fetch) {
            return Ok(lookup);
        }
        let retry_delays = if stale.is_some() {
            &[]
        } else {
            RETRY_DELAYS.as_slice()
        };
        let failure = match &*last_failure {
            Some((at, error)) if now.duration_since(*at) < FAILURE_TTL => error.clone(),
            _ => match fetch_keys(api, retry_delays).await {
                Ok(keys) => {
                    *last_failure = None;
                    self.keys.store(Some(Arc::new(KeySet {
                        keys,
                        fetched_at: now,
                    })));
                    return Ok(self.lookup(kid, now));
                }
                Err(error) => {
                    tracing::warn!(%error, has_old_key = stale.is_some(), "the signing keys could not be fetched");
                    *last_failure = Some((Instant::now().max(now), error.clone()));
                    error
                }
            },
        };
        stale.map(Lookup::Found).ok_or(failure)
    }

    /// The key to use while newer ones cannot be fetched.
    fn stale_key(&self, kid: &str, now: Instant) -> Option<Arc<SigningKey>> {
        let keys = self.keys.load();
        let keys = keys
            .as_ref()
            .filter(|keys| now.duration_since(keys.fetched_at) < STALE)?;
        keys.keys.get(kid).cloned()
    }
}

async fn fetch_keys(
    api: &BackendApi,
    retry_delays: &[Duration],
) -> Result<HashMap<String, Arc<SigningKey>>, KeyError> {
    let mut response = api.jwks().await;
    for delay in retry_delays {
        match &response {
            Err(error) if error.is_temporary() => sleep(*delay).await,
            _ => break,
        }
        response = api.jwks().await;
    }
    let keys: HashMap<_, _> = response
        .map_err(jwks_error)?
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
        return Err(failed_to_load(message.to_owned()).into());
    }
    Ok(keys)
}

fn jwks_error(error: ApiError) -> KeyError {
    let retry_after = error.retry_after();
    let error = match error {
        ApiError::Status {
            code: Some(code),
            message,
            ..
        } if code == "clerk_key_invalid" => {
            TokenError::new(TokenReason::SecretKeyInvalid, message.unwrap_or_default()).into()
        }
        ApiError::Status { status, .. } => {
            failed_to_load(format!("Error loading Clerk JWKS with code={}", status.as_u16())).into()
        }
        error => VerifyError::Unexpected(error.to_string()),
    };
    KeyError { error, retry_after }
}

fn failed_to_load(message: String) -> TokenError {
    TokenError::new(TokenReason::JwksFailedToLoad, message)
}

pub(crate) fn kid_mismatch(kid: &str) -> TokenError {
    TokenError::new(
        TokenReason::KidMismatch,
        format!(
            "Unable to find a signing key in JWKS that matches the kid='{kid}' of the provided session token. \
             Please make sure that the __session cookie or the HTTP authorization header contain a \
             Clerk-generated session JWT."
        ),
    )
}
