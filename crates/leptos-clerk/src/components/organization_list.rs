use super::declare::clerk_component;

clerk_component! {
    /// The organizations of the user, to choose one or to create one.
    OrganizationList(OrganizationListProps) at "organization-list", documented at "organization/organization-list";
    /// Where to go after creating an organization. `:id` and `:slug` stand for its own.
    after_create_organization_url: text("afterCreateOrganizationUrl");
    /// Where to go after choosing an organization. `:id` and `:slug` stand for its own.
    after_select_organization_url: text("afterSelectOrganizationUrl");
    /// Where to go after choosing the personal account. `:id` stands for the user's.
    after_select_personal_url: text("afterSelectPersonalUrl");
    /// Whether a new organization is created without inviting members. Default: Clerk decides.
    skip_invitation_screen: flag("skipInvitationScreen");
    /// Whether the personal account is left out, so that users always act for an organization.
    hide_personal: flag("hidePersonal");
}
