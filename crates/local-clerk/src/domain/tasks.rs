//! Session tasks: what a user has to complete before a session becomes active.

use crate::{
    error::Error,
    model::{Session, Task, User},
};

use super::Context;

impl Context<'_> {
    /// Returns the open tasks of a session in their order; a session with any is pending. A session that
    /// impersonates its user has none.
    pub(crate) fn tasks(&self, session: &Session) -> Result<Vec<Task>, Error> {
        if session.actor.is_some() {
            return Ok(Vec::new());
        }
        let settings = self.settings()?;
        let user = self.store.get::<User>(&session.user_id)?.unwrap_or_default();
        let is_compromised = user
            .password_compromised_at
            .is_some_and(|at| at <= session.created_at);
        let tasks = [
            (Task::ResetPassword, is_compromised),
            (
                Task::SetupMfa,
                settings.second_factor_required && !user.has_second_factor(),
            ),
            (
                Task::ChooseOrganization,
                settings.force_organization_selection && session.last_active_organization_id.is_none(),
            ),
        ];
        Ok(tasks
            .into_iter()
            .filter_map(|(task, is_open)| is_open.then_some(task))
            .collect())
    }
}
