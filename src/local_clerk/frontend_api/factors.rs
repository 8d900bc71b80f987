//! Checking passwords, with Clerk's lockout.

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::{Client, MINUTE, User},
};

/// Failed attempts that lock an account, as in Clerk's default settings.
const MAX_FAILED_ATTEMPTS: u32 = 100;
const LOCKOUT: i64 = 60 * MINUTE;

pub(in super::super) const fn attempts_remaining(user: &User) -> u32 {
    MAX_FAILED_ATTEMPTS.saturating_sub(user.failed_attempts)
}

impl Call<'_> {
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
        if self
            .sessions_of(client)?
            .iter()
            .any(|(session, _)| session.user_id == user.id)
        {
            let why = "You're already signed in.";
            return Err(ApiError::bad_request("identifier_already_signed_in", why).into());
        }
        Ok(())
    }

    /// Counts a failed attempt, which locks the account when there were too many.
    pub(super) fn count_failure(&self, user: &mut User) -> Result<(), Error> {
        user.failed_attempts += 1;
        if user.failed_attempts >= MAX_FAILED_ATTEMPTS {
            user.failed_attempts = 0;
            user.locked_until = Some(self.now + LOCKOUT);
        }
        self.store.put(user)?;
        Ok(())
    }
}
