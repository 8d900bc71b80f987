//! The instance's signing keys, as the Backend API publishes them.
//!
//! One cache belongs to one instance. Keys live for five minutes from when they were fetched, however
//! often they are used. A key id that is not among them is asked for again, but only every few seconds, so
//! that forged ids cannot make this server hammer the Backend API. While that is down, old keys are good
//! for an hour more.

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
    keys: ArcSwapOption<KeySet>,
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
        if self.keys.load().as_ref().is_some_and(|keys| keys.is_fresh(now)) {
            return Ok(());
        }
        match self.key(None, api, now).await {
            Err(VerifyError::Token(error)) if error.reason == TokenReason::KidMismatch => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    fn lookup(&self, kid: &str, now: Instant) -> Lookup {
        let keys = self.keys.load();
        keys.as_ref().map_or(Lookup::Fetch, |keys| keys.lookup(kid, now))
    }

    async fn fetch(&self, kid: &str, api: &BackendApi, now: Instant) -> Result<Lookup, VerifyError> {
        let stale = self.stale_key(kid, now);
        let mut last_failure = match &stale {
            // With an old key at hand nobody waits for another's fetch, which may take long to fail.
            Some(key) => match self.last_failure.try_lock() {
                Ok(last_failure) => last_failure,
                Err(_) => return Ok(Lookup::Found(Arc::clone(key))),
            },
            None => self.last_failure.lock().await,
        };
        // Somebody may have fetched while this request waited.
        let lookup = self.lookup(kid, now);
        if !matches!(lookup, Lookup::Fetch) {
            return Ok(lookup);
        }
        let retries = if stale.is_some() { &[] } else { RETRIES.as_slice() };
        let failure = match &*last_failure {
            Some((at, error)) if now.duration_since(*at) < FAILURE_PAUSE => error.clone(),
            _ => match fetch_keys(api, retries).await {
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

    /// The key that serves while no newer one can be had.
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
    retries: &[Duration],
) -> Result<HashMap<String, Arc<SigningKey>>, VerifyError> {
    let mut answer = api.jwks().await;
    for pause in retries {
        match &answer {
            Err(error) if error.is_temporary() => sleep(*pause).await,
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
