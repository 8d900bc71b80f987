//! Who may sign in, with Clerk's lockout.

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::{Client, MINUTE, User},
    store,
};

const LOCKOUT: i64 = 60 * MINUTE;

impl Call<'_> {
    /// Failed attempts that the account still has before it is locked.
    pub(in super::super) fn attempts_remaining(&self, user: &User) -> Result<u32, store::Error> {
        Ok(self
            .settings()?
            .lockout_attempts
            .saturating_sub(user.failed_attempts))
    }

    /// May this user sign in at all?
    pub(super) fn check_admission(&self, user: &User) -> Result<(), ApiError> {
        if user.banned {
            Err(ApiError::account_banned())
        } else if user.is_locked(self.now) {
            Err(ApiError::account_locked())
        } else {
            Ok(())
        }
    }

    /// May this browser begin one more session?
    pub(super) fn check_another_session(&self, client: &Client) -> Result<(), Error> {
        if !self.settings()?.multi_session && !self.sessions_of(client)?.is_empty() {
            return Err(ApiError::session_exists().into());
        }
        Ok(())
    }

    /// Is the user not signed in here already?
    pub(super) fn check_not_signed_in(&self, client: &Client, user: &User) -> Result<(), Error> {
        let sessions = self.sessions_of(client)?;
        match sessions.iter().find(|(session, _)| session.user_id == user.id) {
            Some((session, _)) => Err(ApiError::already_signed_in(&session.id).into()),
            None => Ok(()),
        }
    }

    /// Counts a failed attempt, which locks the account when there were too many.
    pub(super) fn count_failure(&self, user: &mut User) -> Result<(), Error> {
        user.failed_attempts += 1;
        if self.attempts_remaining(user)? == 0 {
            user.failed_attempts = 0;
            user.locked_until = Some(self.now + LOCKOUT);
        }
        self.store.put(user)?;
        Ok(())
    }
}
