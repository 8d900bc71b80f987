use super::declare::clerk_component;

clerk_component! {
    /// The form that creates an organization.
    CreateOrganization(CreateOrganizationProps) at "create-organization", documented at "organization/create-organization";
    /// The path of the page that it stands on, whose route then has to match its pages too:
    /// `path!("/create-organization/:page?")`. Default: none; its pages are in the fragment of the URL.
    path: path;
    /// Where to go after creating an organization. `:id` and `:slug` stand for its own.
    after_create_organization_url: text("afterCreateOrganizationUrl");
    /// Whether a new organization is created without inviting members. Default: Clerk decides.
    skip_invitation_screen: flag("skipInvitationScreen");
}
