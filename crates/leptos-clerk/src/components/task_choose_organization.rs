use super::declare::clerk_component;

clerk_component! {
    /// The session task of choosing an organization, for a pending session that has it.
    ///
    /// The sign-in form shows the tasks by itself: this is for a page of one's own, which the provider option `taskUrls` names.
    TaskChooseOrganization(TaskChooseOrganizationProps) at "task-choose-organization", documented at "authentication/task-choose-organization";
    /// Where to go once the session has no more tasks. Clerk requires it.
    redirect_url_complete: text("redirectUrlComplete");
}
