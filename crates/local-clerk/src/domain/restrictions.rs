//! Who may sign up: the allowlist, the blocklist and related restrictions.

use crate::{
    error::{ApiError, Error, ErrorKind},
    model::{List, ListedIdentifier, Restrictions},
    store,
};

use super::Context;

impl Context<'_> {
    pub(crate) fn restrictions(&self) -> Result<Restrictions, store::Error> {
        Ok(self.store.get(Restrictions::ID)?.unwrap_or_default())
    }

    /// Fails if the restrictions forbid signing up with this e-mail address or phone number.
    pub(crate) fn check_may_sign_up(&self, identifier: &str, param: &str) -> Result<(), Error> {
        let restrictions = self.restrictions()?;
        let is_listed = |list: List| {
            let entries = self.store.of::<ListedIdentifier>(list.object())?;
            Ok::<_, store::Error>(entries.iter().any(|entry| entry.covers(identifier)))
        };
        let is_refused = restrictions.allowlist && !is_listed(List::Allow)?
            || restrictions.blocklist && is_listed(List::Block)?;
        if is_refused {
            let message = format!("{identifier} is not allowed to access this application.");
            return Err(ApiError::new(ErrorKind::Forbidden, "not_allowed_access", message).into());
        }
        let local = identifier.rsplit_once('@').map(|(local, _)| local);
        if restrictions.block_email_subaddresses && local.is_some_and(|local| local.contains(['+', '=', '#']))
        {
            let message =
                "E-mail addresses with a subaddress, such as jane+news@example.com, are not allowed.";
            return Err(ApiError::form("form_email_address_blocked", param, message).into());
        }
        Ok(())
    }
}
