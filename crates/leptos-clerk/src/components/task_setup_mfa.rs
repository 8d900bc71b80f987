use super::declare::clerk_component;

clerk_component! {
    /// The session task of setting up a second factor, for a pending session that has it.
    ///
    /// See [`TaskChooseOrganization`](fn@crate::TaskChooseOrganization).
    TaskSetupMFA(TaskSetupMFAProps) at "task-setup-mfa", documented at "authentication/task-setup-mfa";
    /// Where to go once the session has no more tasks. Clerk requires it.
    redirect_url_complete: text("redirectUrlComplete");
}
