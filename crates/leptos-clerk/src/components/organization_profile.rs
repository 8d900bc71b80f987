use super::declare::clerk_component;

clerk_component! {
    /// Clerk's pages about the active organization.
    ///
    /// Its children add pages and links, see [`UserProfile`](fn@crate::UserProfile).
    OrganizationProfile(OrganizationProfileProps) at "organization-profile", documented at "organization/organization-profile";
    /// The path of the page that it stands on, whose route then has to match its pages too:
    /// `path!("/organization/:page?")`. Default: none; its pages are in the fragment of the URL.
    path: path;
    /// Where to go after leaving the organization.
    after_leave_organization_url: text("afterLeaveOrganizationUrl");
    /// Properties of the page of API keys; `{"hide": true}` leaves it out.
    api_keys_props: json("apiKeysProps");
    /// Pages and links that are added to its own.
    children: items(None);
}

/// The children of [`OrganizationProfile`](fn@OrganizationProfile).
#[allow(non_snake_case, reason = "named as the component")]
pub mod OrganizationProfile {
    pub use crate::custom_items::{Link, Page};
}
