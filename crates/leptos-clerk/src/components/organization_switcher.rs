use super::declare::clerk_component;

clerk_component! {
    /// The active organization, with a menu to switch to another one and to create one.
    OrganizationSwitcher(OrganizationSwitcherProps) at "organization-switcher", documented at "organization/organization-switcher";
    /// Whether the personal account is left out, so that users always act for an organization.
    hide_personal: flag("hidePersonal");
    /// Whether the menu is open from the start.
    default_open: flag("defaultOpen");
    /// The page that manages the organization. Default: none; the menu opens a dialog.
    organization_profile_url: page("organizationProfileMode", "organizationProfileUrl");
    /// The page that creates an organization. Default: none; the menu opens a dialog.
    create_organization_url: page("createOrganizationMode", "createOrganizationUrl");
    /// Where to go after creating an organization. `:id` and `:slug` stand for its own.
    after_create_organization_url: text("afterCreateOrganizationUrl");
    /// Where to go after choosing an organization. `:id` and `:slug` stand for its own.
    after_select_organization_url: text("afterSelectOrganizationUrl");
    /// Where to go after choosing the personal account. `:id` stands for the user's.
    after_select_personal_url: text("afterSelectPersonalUrl");
    /// Where to go after leaving the organization.
    after_leave_organization_url: text("afterLeaveOrganizationUrl");
    /// Whether a new organization is created without inviting members. Default: Clerk decides.
    skip_invitation_screen: flag("skipInvitationScreen");
    /// Properties of the profile that the menu opens.
    organization_profile_props: json("organizationProfileProps");
    /// Pages and links of the profile.
    children: items(Some("organizationProfileProps"));
}

/// The children of [`OrganizationSwitcher`](fn@OrganizationSwitcher).
#[allow(non_snake_case, reason = "named as the component")]
pub mod OrganizationSwitcher {
    pub use crate::custom_items::{Link as OrganizationProfileLink, Page as OrganizationProfilePage};
}
