//! The seed that a reset goes back to.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    keys::{Instance, StoredKeys},
    model::LastPublicUrl,
    store::{self, Document, Store},
};

use super::{Mistake, Seed, present::Present};

/// The seed that has replaced the configured one. A reset keeps it.
#[derive(Serialize, Deserialize)]
struct ReplacedSeed {
    text: String,
}

/// The kind of document that such a seed is.
pub(crate) const REPLACED: &str = ReplacedSeed::KIND;
/// What stays when a seed replaces everything else: the app knows the keys, and its address does not change.
const KEPT: &[&str] = &[StoredKeys::KIND, LastPublicUrl::KIND, REPLACED];

impl Document for ReplacedSeed {
    const KIND: &'static str = "seed";
    fn id(&self) -> &str {
        "seed"
    }
}

/// Why a seed could not be applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChangeError {
    #[error(transparent)]
    Mistake(#[from] Mistake),
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<store::Error> for ChangeError {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Seed {
    /// Returns the seed that has replaced the configured one, if one has.
    pub(crate) fn replaced(store: &Store<'_>) -> Result<Option<Self>, store::Error> {
        let stored = store.get::<ReplacedSeed>("seed")?;
        // It was valid when it was stored, and a version that refuses it goes back to the configured one.
        Ok(stored.and_then(|stored| Self::parse(&stored.text).ok()))
    }

    /// Goes back to this seed: deletes everything but the keys, also the offset of the clock.
    pub(crate) fn restore(&self, store: &Store<'_>, real_now: i64) -> Result<(), Error> {
        store.clear_except(KEPT)?;
        self.apply(store, real_now)
    }

    /// Goes to the seed of this text, as later resets do; also after a restart.
    pub(crate) fn replace(
        store: &Store<'_>,
        text: &str,
        instance: Instance,
        token_lifetime: Option<u32>,
        real_now: i64,
    ) -> Result<Arc<Self>, ChangeError> {
        let mut seed = Self::parse(text)?;
        seed.check_keys_are_kept(store, text, instance)?;
        if let Some(seconds) = token_lifetime {
            seed.set_token_lifetime(seconds);
        }
        seed.restore(store, real_now)?;
        store.put(&ReplacedSeed {
            text: text.to_owned(),
        })?;
        Ok(Arc::new(seed))
    }

    /// Adds the users, organizations, plans, roles, templates and OAuth applications of this text to what is there.
    pub(crate) fn extend(
        store: &Store<'_>,
        text: &str,
        instance: Instance,
        now: i64,
    ) -> Result<(), ChangeError> {
        let seed = Self::read(text)?;
        let present = Present::of(store, &seed)?;
        let seed = seed.checked(text, &present)?;
        seed.check_keys_are_kept(store, text, instance)?;
        Ok(seed.add(store, &present, now)?)
    }

    /// Fails if the seed fixes other keys than those of the instance, which has handed them out already.
    fn check_keys_are_kept(
        &self,
        store: &Store<'_>,
        text: &str,
        instance: Instance,
    ) -> Result<(), ChangeError> {
        let Some(place) = &self.keys else {
            return Ok(());
        };
        let stored = store.get::<StoredKeys>(StoredKeys::ID)?;
        if stored.is_some_and(|stored| stored.are_fixed_to(&self.fixed_keys(), instance)) {
            return Ok(());
        }
        let message = "keys: they cannot be changed while the local Clerk runs".to_owned();
        Err(Mistake::new(text, Some(place.span()), message).into())
    }
}
