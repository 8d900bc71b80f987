//! Who may sign in, including Clerk's lockout.

use crate::{
    error::{ApiError, Error},
    model::{Client, MINUTE, User},
    store,
};

use super::Context;

/// How long an account stays locked, in milliseconds.
pub(crate) const LOCKOUT: i64 = 60 * MINUTE;

impl Context<'_> {
    /// Returns how many failed attempts are left before the account is locked.
    pub(crate) fn attempts_remaining(&self, user: &User) -> Result<u32, store::Error> {
        Ok(self
            .settings()?
            .lockout_attempts
            .saturating_sub(user.failed_attempts))
    }

    /// Fails if the user is banned or locked.
    pub(crate) fn check_admission(&self, user: &User) -> Result<(), ApiError> {
        if user.banned {
            Err(ApiError::account_banned())
        } else if user.is_locked(self.now) {
            Err(ApiError::account_locked())
        } else {
            Ok(())
        }
    }

    /// Fails if the client has a session and the instance allows only one.
    pub(crate) fn check_another_session(&self, client: &Client) -> Result<(), Error> {
        if !self.settings()?.multi_session && !self.sessions_of(client)?.is_empty() {
            return Err(ApiError::session_exists().into());
        }
        Ok(())
    }

    /// Fails if the user already has a session on the client.
    pub(crate) fn check_not_signed_in(&self, client: &Client, user: &User) -> Result<(), Error> {
        let sessions = self.sessions_of(client)?;
        match sessions.iter().find(|(session, _)| session.user_id == user.id) {
            Some((session, _)) => Err(ApiError::already_signed_in(&session.id).into()),
            None => Ok(()),
        }
    }

    /// Counts a failed attempt, and locks the account after too many.
    pub(crate) fn count_failure(&self, user: &mut User) -> Result<(), Error> {
        user.failed_attempts += 1;
        if self.attempts_remaining(user)? == 0 {
            user.failed_attempts = 0;
            user.locked_until = Some(self.now + LOCKOUT);
        }
        self.store.put(user)?;
        Ok(())
    }
}
