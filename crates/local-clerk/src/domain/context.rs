//! The context in which the rules apply.

use crate::{
    error::{ApiError, Error},
    keys::Keys,
    model::{Device, Organization, PublicUrl, SECOND, Settings, User},
    store::{self, Document, Store},
};

/// Everything that the rules depend on while one request is answered.
pub(crate) struct Context<'a> {
    /// The transaction.
    pub(crate) store: Store<'a>,
    pub(crate) keys: &'a Keys,
    /// The time of the request on the clock of the instance, in milliseconds since 1970.
    pub(crate) now: i64,
    /// The time of the request on the real clock, which is that of other programs: of browsers, which keep cookies,
    /// of servers, which verify tokens, and of authenticator apps.
    pub(crate) real_now: i64,
    /// Where the browser sees the Frontend API and the app.
    pub(crate) url: PublicUrl,
    /// The host and port that this instance listens on.
    pub(crate) own: &'a str,
    /// The public URL of the configured app, if any.
    pub(crate) app: Option<&'a PublicUrl>,
    /// The device that the request came from.
    pub(crate) device: Device,
    /// The browser's new client token in production: empty to forget the client, `None` to leave it as it is.
    pub(crate) client_token: Option<String>,
}

impl Context<'_> {
    /// Loads a document by its id; `what` names its kind in the error.
    ///
    /// # Errors
    /// If there is no such document.
    pub(crate) fn load<D: Document>(&self, id: &str, what: &str) -> Result<D, Error> {
        Ok(self
            .store
            .get::<D>(id)?
            .ok_or_else(|| ApiError::not_found(what, id))?)
    }

    pub(crate) fn settings(&self) -> Result<Settings, store::Error> {
        Ok(self.store.get(Settings::ID)?.unwrap_or_default())
    }

    /// Converts a time on the clock of the instance to the real one.
    pub(crate) fn real(&self, at: i64) -> i64 {
        at - (self.now - self.real_now)
    }

    /// Returns when a code or link that is sent now expires.
    pub(crate) fn code_expiry(&self) -> Result<i64, store::Error> {
        Ok(self.now + i64::from(self.settings()?.code_lifetime) * SECOND)
    }

    /// Fails unless this is the id of a user or an organization.
    pub(crate) fn check_subject(&self, id: &str) -> Result<(), Error> {
        let is_known = match id.split('_').next() {
            Some("user") => self.store.get::<User>(id)?.is_some(),
            Some("org") => self.store.get::<Organization>(id)?.is_some(),
            _ => false,
        };
        if is_known {
            return Ok(());
        }
        Err(ApiError::not_found("user or organization", id).into())
    }
}
