//! The members of an organization and whom it has invited.

use serde_json::{Value, json};

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        model::{InvitationStatus, Organization, User},
        reply::Reply,
        view,
    },
    browser::Caller,
    organizations::{admin, member},
};

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, organization, _) = member(call)?;
    let roles = call.query.list("role");
    let text = call.query.filled("query").map(str::to_lowercase);
    let mut members = Vec::new();
    for membership in &organization.memberships {
        let json = call.membership_json(&organization, membership)?;
        let matches = text
            .as_ref()
            .is_none_or(|text| json["public_user_data"].to_string().to_lowercase().contains(text));
        if matches && (roles.is_empty() || roles.iter().any(|role| role == membership.role.key())) {
            members.push(json);
        }
    }
    answer_with_page(call, &caller, &members)
}

pub(super) fn add(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin(call)?;
    let user_id = call.body.required("user_id")?;
    let user = call
        .store
        .get::<User>(user_id)?
        .ok_or_else(|| ApiError::not_found("user", user_id))?;
    if organization.membership(&user.id).is_some() {
        let why = "The user is a member of the organization already.";
        return Err(ApiError::bad_request("already_a_member_in_organization", why).into());
    }
    organization.add_member(&user.id, call.role()?, call.now);
    keep(call, &caller, &organization, &user.id)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin(call)?;
    let (user_id, role) = (call.path("user_id"), call.role()?);
    call.check_admin_stays(
        &organization,
        if role.key() == "org:admin" { "" } else { &user_id },
    )?;
    let membership = organization
        .membership_mut(&user_id)
        .ok_or_else(|| ApiError::not_found("organization membership of user", &user_id))?;
    membership.role = role;
    membership.updated_at = call.now;
    keep(call, &caller, &organization, &user_id)
}

pub(super) fn remove(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin(call)?;
    let user_id = call.path("user_id");
    let response = membership(call, &organization, &user_id)?;
    call.check_admin_stays(&organization, &user_id)?;
    call.remove_member(&mut organization, &user_id)?;
    call.wrapped(&response, &caller.client)
}

pub(super) fn leave(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization, _) = member(call)?;
    call.check_admin_stays(&organization, &caller.user.id)?;
    call.remove_member(&mut organization, &caller.user.id)?;
    let response = view::deleted("organization_membership", &organization.id);
    call.wrapped(&response, &caller.client)
}

pub(super) fn mine(call: &mut Call<'_>) -> Result<Reply, Error> {
    let caller = call.caller()?;
    let memberships = call.memberships_json(&caller.user.id)?;
    answer_with_page(call, &caller, &memberships)
}

pub(super) fn invitations(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, organization) = admin(call)?;
    let status = call.query.list("status");
    let mut invitations = Vec::new();
    for invitation in organization.invitations.iter().rev() {
        let json = call.invitation_json(&organization, invitation)?;
        if status.is_empty() || status.iter().any(|status| json["status"] == status.as_str()) {
            invitations.push(json);
        }
    }
    answer_with_page(call, &caller, &invitations)
}

pub(super) fn invite(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin(call)?;
    let invitation = call.invite(
        &mut organization,
        call.body.required("email_address")?,
        call.role()?,
        Some(&caller.user.id),
    )?;
    call.store.put(&organization)?;
    call.wrapped(&call.invitation_json(&organization, &invitation)?, &caller.client)
}

pub(super) fn invite_many(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin(call)?;
    let mut invitations = Vec::new();
    for email_address in call.body.list("email_address") {
        let invitation = call.invite(
            &mut organization,
            &email_address,
            call.role()?,
            Some(&caller.user.id),
        )?;
        invitations.push(call.invitation_json(&organization, &invitation)?);
    }
    call.store.put(&organization)?;
    call.wrapped(&json!(invitations), &caller.client)
}

pub(super) fn revoke_invitation(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin(call)?;
    let invitation = call.revoke_invitation(&mut organization, &call.path("invitation_id"))?;
    call.store.put(&organization)?;
    call.wrapped(&call.invitation_json(&organization, &invitation)?, &caller.client)
}

/// The invitations that have come to the caller's verified addresses.
pub(super) fn my_invitations(call: &mut Call<'_>) -> Result<Reply, Error> {
    let caller = call.caller()?;
    call.enroll_in_all(&caller.user)?;
    let mut invitations = Vec::new();
    for organization in call.store.all::<Organization>()? {
        for invitation in organization
            .pending_invitations()
            .filter(|one| is_to(&one.email_address, &caller.user))
        {
            invitations.push(call.invitation_json(&organization, invitation)?);
        }
    }
    answer_with_page(call, &caller, &invitations)
}

pub(super) fn accept_invitation(call: &mut Call<'_>) -> Result<Reply, Error> {
    let caller = call.caller()?;
    let id = call.path("id");
    for mut organization in call.store.all::<Organization>()? {
        let now = call.now;
        let Some(invitation) = organization.invitation_mut(&id) else {
            continue;
        };
        if !is_to(&invitation.email_address, &caller.user) || invitation.status != InvitationStatus::Pending {
            break;
        }
        invitation.settle(InvitationStatus::Accepted, now);
        let invitation = invitation.clone();
        organization.add_member(&caller.user.id, invitation.role, now);
        call.store.put(&organization)?;
        return call.wrapped(&call.invitation_json(&organization, &invitation)?, &caller.client);
    }
    Err(ApiError::not_found("invitation", &id).into())
}

pub(super) fn answer_with_page(call: &Call<'_>, caller: &Caller, all: &[Value]) -> Result<Reply, Error> {
    call.wrapped(
        &json!({ "data": call.page(all), "total_count": all.len() }),
        &caller.client,
    )
}

fn is_to(email_address: &str, user: &User) -> bool {
    user.email_addresses
        .iter()
        .any(|own| own.is_verified() && own.value == email_address)
}

fn membership(call: &Call<'_>, organization: &Organization, user_id: &str) -> Result<Value, Error> {
    let membership = organization
        .membership(user_id)
        .ok_or_else(|| ApiError::not_found("organization membership of user", user_id))?;
    call.membership_json(organization, membership)
}

fn keep(
    call: &Call<'_>,
    caller: &Caller,
    organization: &Organization,
    user_id: &str,
) -> Result<Reply, Error> {
    call.store.put(organization)?;
    call.wrapped(&membership(call, organization, user_id)?, &caller.client)
}
