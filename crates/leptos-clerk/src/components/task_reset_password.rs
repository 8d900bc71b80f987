use super::declare::clerk_component;

clerk_component! {
    /// The session task of replacing a compromised password, for a pending session that has it.
    ///
    /// See [`TaskChooseOrganization`](fn@crate::TaskChooseOrganization).
    TaskResetPassword(TaskResetPasswordProps) at "task-reset-password", documented at "authentication/task-reset-password";
    /// Where to go once the session has no more tasks. Clerk requires it.
    redirect_url_complete: text("redirectUrlComplete");
}
