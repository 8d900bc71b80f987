//! `use_organization`.

use clerk_auth::{ActiveOrganization, Auth};
use leptos::prelude::*;
use serde_json::Value;

use super::{
    fetched::{ClerkPaginatedResponse, Fetched, Request, fetched, identity, page},
    live::live,
    read::{elements, flag, number, object, present, required, text, texts},
};
use crate::{
    clerk_api_error::ClerkApiError,
    clerk_js::{Argument, Path, invoke, invoke_and_read},
    json::Json,
    props::Props,
    store::{Clerk, use_clerk},
};

const ORGANIZATION: Path = &["organization"];

/// An organization.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Organization {
    /// The ID, `org_…`.
    pub id: String,
    /// The slug, if it has one.
    pub slug: Option<String>,
    /// The name. `None` on the server, whose token does not have it.
    pub name: Option<String>,
    /// The URL of the logo. `None` on the server.
    pub image_url: Option<String>,
    /// How many members it has. `None` on the server.
    pub members_count: Option<i64>,
    /// How many invitations are pending. `None` on the server.
    pub pending_invitations_count: Option<i64>,
    /// How many members it may have; 0 for any number. `None` on the server.
    pub max_allowed_memberships: Option<i64>,
    /// Whether its administrators may delete it.
    pub admin_delete_enabled: bool,
    /// The public metadata; `null` on the server.
    pub public_metadata: Value,
    /// All data of the resource, as clerk-js names them; `null` on the server.
    pub raw: Value,
}

impl Organization {
    pub(super) fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            slug: text(value, "slug"),
            name: text(value, "name"),
            image_url: text(value, "imageUrl"),
            members_count: number(value, "membersCount"),
            pending_invitations_count: number(value, "pendingInvitationsCount"),
            max_allowed_memberships: number(value, "maxAllowedMemberships"),
            admin_delete_enabled: flag(value, "adminDeleteEnabled"),
            public_metadata: value.get("publicMetadata").cloned().unwrap_or_default(),
            raw: value.clone(),
        }
    }

    fn from_token(org: &ActiveOrganization) -> Self {
        Self {
            id: org.id.clone(),
            slug: org.slug.clone(),
            ..Self::default()
        }
    }
}

/// What may be shown of a user to others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublicUserData {
    /// The ID, `user_…`.
    pub user_id: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// How the user is identified: by an e-mail address, phone number or username.
    pub identifier: String,
    /// The URL of the picture.
    pub image_url: Option<String>,
}

impl PublicUserData {
    pub(super) fn from_json(value: &Value) -> Self {
        Self {
            user_id: text(value, "userId"),
            first_name: text(value, "firstName"),
            last_name: text(value, "lastName"),
            identifier: required(value, "identifier"),
            image_url: text(value, "imageUrl"),
        }
    }
}

/// A user's membership in an organization.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct OrganizationMembership {
    /// The ID, `orgmem_…`. `None` on the server.
    pub id: Option<String>,
    /// The organization.
    pub organization: Organization,
    /// The role, such as `org:admin`.
    pub role: String,
    /// The name of the role, such as `Admin`. `None` on the server.
    pub role_name: Option<String>,
    /// The permissions, such as `org:posts:read`.
    pub permissions: Vec<String>,
    /// The member. `None` on the server.
    pub public_user_data: Option<PublicUserData>,
    /// All data of the resource, as clerk-js names them; `null` on the server.
    pub raw: Value,
}

impl OrganizationMembership {
    pub(super) fn from_json(value: &Value) -> Self {
        Self {
            id: text(value, "id"),
            organization: object(value, "organization")
                .map(Organization::from_json)
                .unwrap_or_default(),
            role: required(value, "role"),
            role_name: text(value, "roleName"),
            permissions: texts(value, "permissions"),
            public_user_data: object(value, "publicUserData").map(PublicUserData::from_json),
            raw: value.clone(),
        }
    }

    fn from_auth(auth: &Auth) -> Option<Self> {
        let org = auth.org()?;
        Some(Self {
            organization: Organization::from_token(org),
            role: org.role.clone().unwrap_or_default(),
            permissions: org.permissions.clone().unwrap_or_default(),
            ..Self::default()
        })
    }
}

/// An invitation to an organization.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct OrganizationInvitation {
    /// The ID, `orginv_…`.
    pub id: String,
    /// Who is invited.
    pub email_address: String,
    /// The role that they will have.
    pub role: String,
    /// The status, such as `pending`.
    pub status: String,
    /// All data of the resource, as clerk-js names them.
    pub raw: Value,
}

impl OrganizationInvitation {
    pub(super) fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            email_address: required(value, "emailAddress"),
            role: required(value, "role"),
            status: required(value, "status"),
            raw: value.clone(),
        }
    }
}

/// The active organization, see [`use_organization`]. Copy it freely.
#[derive(Clone, Copy, Debug)]
pub struct UseOrganization {
    clerk: Clerk,
    organization: Signal<Option<Organization>>,
    memberships: Signal<Vec<OrganizationMembership>>,
}

/// The active organization, the visitor's membership in it, and its members.
///
/// On the server it has what the session token says: the ID, slug, role and permissions.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::use_organization;
///
/// #[component]
/// fn Team() -> impl IntoView {
///     let team = use_organization();
///     let members = team.memberships("{}");
///     let invite = Action::new(move |email: &String| team.invite_member(email, "org:member"));
///     let names = move || {
///         let members = members.data().map(|page| page.data).unwrap_or_default();
///         let name = |member: leptos_clerk::OrganizationMembership| member.public_user_data.map(|user| user.identifier);
///         members.into_iter().map(|member| view! { <li>{name(member)}</li> }).collect_view()
///     };
///     view! {
///         <h1>{move || team.organization().and_then(|organization| organization.name)}</h1>
///         <ul>{names}</ul>
///         <button on:click=move |_| { invite.dispatch("grace@example.com".to_owned()); }>"Invite Grace"</button>
///         {move || invite.value().get().and_then(Result::err).map(|error| error.to_string())}
///     }
/// }
/// ```
#[must_use]
pub fn use_organization() -> UseOrganization {
    let clerk = use_clerk();
    let known = clerk.auth.with_untracked(OrganizationMembership::from_auth);
    let organization = known.as_ref().map(|membership| membership.organization.clone());
    UseOrganization {
        clerk,
        organization: live(clerk, ORGANIZATION, organization, |value| {
            present(value, Organization::from_json)
        }),
        memberships: memberships(clerk, known.into_iter().collect()),
    }
}

/// The memberships of the user.
pub(super) fn memberships(
    clerk: Clerk,
    initial: Vec<OrganizationMembership>,
) -> Signal<Vec<OrganizationMembership>> {
    live(clerk, &["user", "organizationMemberships"], initial, |value| {
        elements(value, OrganizationMembership::from_json)
    })
}

impl UseOrganization {
    /// The organization. `None` while none is active. Reactive.
    #[must_use]
    pub fn organization(self) -> Option<Organization> {
        self.organization.get()
    }

    /// The visitor's membership in the organization. Reactive.
    #[must_use]
    pub fn membership(self) -> Option<OrganizationMembership> {
        let id = self
            .organization
            .with(|organization| organization.as_ref().map(|organization| organization.id.clone()))?;
        self.memberships.with(|memberships| {
            let mut memberships = memberships.iter();
            memberships
                .find(|membership| membership.organization.id == id)
                .cloned()
        })
    }

    /// The members. `params` are those of clerk-js's `getMemberships`, such as `{"pageSize":20,"initialPage":2}`. Call it where the
    /// component is set up.
    #[must_use]
    pub fn memberships(
        self,
        params: impl Into<Json>,
    ) -> Fetched<ClerkPaginatedResponse<OrganizationMembership>> {
        self.fetched("getMemberships", params.into(), |value| {
            page(value, OrganizationMembership::from_json)
        })
    }

    /// The invitations. `params` are those of clerk-js's `getInvitations`. Call it where the component is set up.
    #[must_use]
    pub fn invitations(
        self,
        params: impl Into<Json>,
    ) -> Fetched<ClerkPaginatedResponse<OrganizationInvitation>> {
        self.fetched("getInvitations", params.into(), |value| {
            page(value, OrganizationInvitation::from_json)
        })
    }

    fn fetched<T: Send + Sync + 'static>(
        self,
        method: &'static str,
        params: Json,
        read: fn(&Value) -> T,
    ) -> Fetched<T> {
        let identity = identity(self.clerk);
        let request = move || {
            identity.with(|(_, org)| org.is_some()).then(|| Request {
                path: ORGANIZATION,
                method,
                argument: Argument::Props(Props::new(params.clone(), Json::default())),
            })
        };
        fetched(self.clerk, request, read)
    }

    /// Invites somebody to the organization.
    ///
    /// # Errors
    ///
    /// The visitor may not, there is no such role, or the person is a member already.
    pub fn invite_member(
        self,
        email_address: &str,
        role: &str,
    ) -> impl Future<Output = Result<OrganizationInvitation, ClerkApiError>> + Send + use<> {
        let mut props = Props::default();
        props.text("emailAddress", Some(email_address.to_owned()));
        props.text("role", Some(role.to_owned()));
        invoke_and_read(
            ORGANIZATION,
            "inviteMember",
            props.into(),
            OrganizationInvitation::from_json,
        )
    }

    /// Gives a member another role.
    ///
    /// # Errors
    ///
    /// The visitor may not, or there is no such member or role.
    pub fn update_member(
        self,
        user_id: &str,
        role: &str,
    ) -> impl Future<Output = Result<OrganizationMembership, ClerkApiError>> + Send + use<> {
        let mut props = Props::default();
        props.text("userId", Some(user_id.to_owned()));
        props.text("role", Some(role.to_owned()));
        invoke_and_read(
            ORGANIZATION,
            "updateMember",
            props.into(),
            OrganizationMembership::from_json,
        )
    }

    /// Removes a member.
    ///
    /// # Errors
    ///
    /// The visitor may not, or there is no such member.
    pub fn remove_member(
        self,
        user_id: &str,
    ) -> impl Future<Output = Result<(), ClerkApiError>> + Send + use<> {
        let user_id = Json::from(Value::from(user_id));
        invoke_and_read(ORGANIZATION, "removeMember", user_id.into(), |_| ())
    }

    /// Calls any method of clerk-js's `Organization` that takes one argument, such as `update` or `createDomain`. Returns what it
    /// resolves to.
    ///
    /// # Errors
    ///
    /// What clerk-js refuses, or that it has no such method.
    ///
    /// ```no_run
    /// # use leptos_clerk::{ClerkApiError, use_organization};
    /// # async fn rename() -> Result<(), ClerkApiError> {
    /// use_organization().call("update", r#"{"name":"Analytical Engines"}"#).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn call<J: Into<Json>>(
        self,
        method: &str,
        argument: J,
    ) -> impl Future<Output = Result<Value, ClerkApiError>> + Send + use<J> {
        invoke(ORGANIZATION, method, argument.into().into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_token_says_who_the_visitor_is_in_the_organization() {
        let claims = json!({
            "sub": "user_1", "sid": "sess_1", "org_id": "org_1", "org_slug": "acme", "org_role": "org:admin",
            "org_permissions": ["org:posts:read"],
        });
        let membership = OrganizationMembership::from_auth(&Auth::from_claims(claims).unwrap()).unwrap();
        assert_eq!(membership.organization.slug.as_deref(), Some("acme"));
        assert_eq!(membership.organization.name, None);
        assert_eq!(membership.role, "org:admin");
        assert_eq!(membership.permissions, ["org:posts:read"]);
        assert_eq!(OrganizationMembership::from_auth(&Auth::signed_out()), None);
    }

    #[test]
    fn a_page_of_members_is_read() {
        let member = json!({
            "id": "orgmem_1",
            "role": "org:member",
            "roleName": "Member",
            "permissions": ["org:posts:read"],
            "organization": { "id": "org_1", "name": "Acme", "slug": "acme", "membersCount": 2 },
            "publicUserData": { "userId": "user_1", "identifier": "ada@example.com", "firstName": null },
        });
        let answer = json!({ "data": [member], "total_count": 7 });
        let page = page(&answer, OrganizationMembership::from_json);
        assert_eq!(page.total_count, 7);
        let member = &page.data[0];
        assert_eq!(member.organization.members_count, Some(2));
        let user = member.public_user_data.as_ref().unwrap();
        assert_eq!(user.identifier, "ada@example.com");
        assert_eq!(user.first_name, None);
    }
}
