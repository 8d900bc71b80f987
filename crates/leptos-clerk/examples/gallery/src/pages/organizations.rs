use leptos::prelude::*;
use leptos_clerk::{
    CreateOrganization, InviteMembersButton, OrganizationList, OrganizationProfile, OrganizationSwitcher,
    use_organization_creation_defaults,
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

pub fn creation_defaults() -> AnyView {
    let defaults = use_organization_creation_defaults();
    let advisory = move || Some(defaults.data()?.advisory?.code);
    view! {
        <label>"Name" <input prop:value=move || defaults.data().map(|defaults| defaults.name) /></label>
        <p id="slug">{move || defaults.data().map(|defaults| defaults.slug)}</p>
        <p role="status">{advisory}</p>
        <p role="alert">{move || defaults.error().map(|error| error.code)}</p>
    }
    .into_any()
}
