//! Checking passwords, with Clerk's lockout.

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::{MINUTE, User},
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
