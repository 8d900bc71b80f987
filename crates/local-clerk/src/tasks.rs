//! Session tasks: what a user has left to do before a session is good for anything else.

use super::{
    call::Call,
    errors::Error,
    model::{Session, User},
};

impl Call<'_> {
    /// The tasks of a session, first things first. One with any is pending. Who impersonates a user
    /// has none of the user's.
    pub(super) fn tasks(&self, session: &Session) -> Result<Vec<&'static str>, Error> {
        if session.actor.is_some() {
            return Ok(Vec::new());
        }
        let settings = self.settings()?;
        let user = self.store.get::<User>(&session.user_id)?.unwrap_or_default();
        let is_compromised = user
            .password_compromised_at
            .is_some_and(|at| at <= session.created_at);
        let tasks = [
            ("reset-password", is_compromised),
            (
                "setup-mfa",
                settings.second_factor_required && !user.has_second_factor(),
            ),
            (
                "choose-organization",
                settings.force_organization_selection && session.last_active_organization_id.is_none(),
            ),
        ];
        Ok(tasks
            .into_iter()
            .filter_map(|(task, is_open)| is_open.then_some(task))
            .collect())
    }
}
