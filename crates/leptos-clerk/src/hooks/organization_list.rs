//! `use_organization_list`.

use leptos::prelude::*;

use super::{
    fetched::{ClerkPaginatedResponse, Fetched, Request, fetched, identity, page},
    organization::{Organization, OrganizationInvitation, OrganizationMembership, memberships},
};
use crate::{
    clerk_api_error::ClerkApiError,
    clerk_js::{Argument, invoke_and_read},
    json::Json,
    params::params,
    props::Props,
    store::{Clerk, use_clerk},
};

params! {
    /// An organization to [create](UseOrganizationList::create_organization).
    ///
    /// ```
    /// use leptos_clerk::CreateOrganizationParams;
    ///
    /// let params = CreateOrganizationParams::new().name("Acme").slug("acme");
    /// ```
    CreateOrganizationParams
}

impl CreateOrganizationParams {
    /// The name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.0.text("name", Some(name.into()));
        self
    }

    /// The slug, instead of one that Clerk makes from the name.
    pub fn slug(mut self, slug: impl Into<String>) -> Self {
        self.0.text("slug", Some(slug.into()));
        self
    }
}

/// The organizations of the user, see [`use_organization_list`]. Copy it freely.
#[derive(Clone, Copy, Debug)]
pub struct UseOrganizationList {
    clerk: Clerk,
    memberships: Signal<Vec<OrganizationMembership>>,
}

/// The organizations of the user. Switch with [`Clerk::set_active`](crate::Clerk::set_active).
///
/// On the server the list is empty: the session token has the active organization only.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{CreateOrganizationParams, SetActiveParams, use_clerk, use_organization_list};
///
/// #[component]
/// fn NewTeam() -> impl IntoView {
///     let clerk = use_clerk();
///     let list = use_organization_list();
///     let create = Action::new(move |name: &String| {
///         let created = list.create_organization(CreateOrganizationParams::new().name(name));
///         async move { clerk.set_active(SetActiveParams::new().organization(created.await?.id)).await }
///     });
///     view! {
///         <p>{move || list.user_memberships().len()}" teams"</p>
///         <button on:click=move |_| { create.dispatch("Acme".to_owned()); }>"Create Acme"</button>
///         {move || create.value().get().and_then(Result::err).map(|error| error.to_string())}
///     }
/// }
/// ```
#[must_use]
pub fn use_organization_list() -> UseOrganizationList {
    let clerk = use_clerk();
    UseOrganizationList {
        clerk,
        memberships: memberships(clerk, Vec::new()),
    }
}

impl UseOrganizationList {
    /// The user's memberships. Reactive.
    #[must_use]
    pub fn user_memberships(self) -> Vec<OrganizationMembership> {
        self.memberships.get()
    }

    /// The organizations that the user is invited to. Call it where the component is set up.
    #[must_use]
    pub fn user_invitations(self) -> Fetched<ClerkPaginatedResponse<OrganizationInvitation>> {
        let identity = identity(self.clerk);
        let request = move || {
            identity.with(|(user, _)| user.is_some()).then(|| Request {
                path: &["user"],
                method: "getOrganizationInvitations",
                argument: Argument::Props(Props::new(Json::default(), Json::default())),
            })
        };
        fetched(self.clerk, request, |value| {
            page(value, OrganizationInvitation::from_json)
        })
    }

    /// Creates an organization, of which the visitor becomes an administrator. It is not active before
    /// [`Clerk::set_active`](crate::Clerk::set_active).
    ///
    /// # Errors
    ///
    /// The visitor may not, or the name or slug is refused.
    pub fn create_organization(
        self,
        params: CreateOrganizationParams,
    ) -> impl Future<Output = Result<Organization, ClerkApiError>> + Send + use<> {
        invoke_and_read(&[], "createOrganization", params.into(), Organization::from_json)
    }
}
