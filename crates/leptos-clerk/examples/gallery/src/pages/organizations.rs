use leptos::prelude::*;
use leptos_clerk::{
    CreateOrganization, InviteMembersButton, OrganizationList, OrganizationProfile, OrganizationSwitcher,
};

use super::Loading;

pub fn switcher() -> AnyView {
    view! {
        <OrganizationSwitcher hide_personal=true after_select_organization_url="/show" fallback=Loading>
            <OrganizationSwitcher::OrganizationProfilePage label="Invoices" url="invoices">
                <p>"No invoices."</p>
            </OrganizationSwitcher::OrganizationProfilePage>
        </OrganizationSwitcher>
    }
    .into_any()
}

pub fn profile() -> AnyView {
    view! {
        <OrganizationProfile path="/organization-profile" fallback=Loading>
            <OrganizationProfile::Page label="Invoices" url="invoices" label_icon=|| "€">
                <p>"No invoices."</p>
            </OrganizationProfile::Page>
            <OrganizationProfile::Link label="Gallery" url="/" />
        </OrganizationProfile>
    }
    .into_any()
}

pub fn list() -> AnyView {
    view! { <OrganizationList hide_personal=true fallback=Loading /> }.into_any()
}

pub fn create() -> AnyView {
    view! {
        <CreateOrganization
            path="/create-organization"
            after_create_organization_url="/show"
            skip_invitation_screen=true
            fallback=Loading
        />
    }
    .into_any()
}

pub fn invite() -> AnyView {
    view! { <InviteMembersButton>"Invite members"</InviteMembersButton> }.into_any()
}
