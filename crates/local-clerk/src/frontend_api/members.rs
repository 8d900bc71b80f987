//! The members and invitations of an organization.

use serde_json::{Value, json};

use crate::{
    domain::{Context, members::Invitee},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{InvitationStatus, MANAGE_MEMBERS, Organization, READ_MEMBERS, User},
    store::links,
    view,
};

use super::{
    answer,
    browser::{self, Caller},
    organizations::{member, permitted},
};

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, organization) = permitted(cx, request, READ_MEMBERS)?;
    let roles = request.query.list("role");
    let text = request.query.filled("query").map(str::to_lowercase);
    let mut members = Vec::new();
    for membership in &organization.memberships {
        if !roles.is_empty() && !roles.contains(&membership.role) {
            continue;
        }
        if let Some(text) = &text {
            let user = cx.store.get::<User>(&membership.user_id)?;
            let data = user.map(|user| view::public_user_data(cx, &user).to_string().to_lowercase());
            if !data.is_some_and(|data| data.contains(text)) {
                continue;
            }
        }
        members.push(membership);
    }
    answer::with_page_of(cx, request, &caller, &members, |membership| {
        view::membership(cx, &organization, membership)
    })
}

pub(super) fn add(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted(cx, request, MANAGE_MEMBERS)?;
    let user_id = request.body.required("user_id")?;
    let user = cx
        .store
        .get::<User>(user_id)?
        .ok_or_else(|| ApiError::not_found("user", user_id))?;
    if organization.membership(&user.id).is_some() {
        let message = "The user is already a member of the organization.";
        return Err(ApiError::bad_request("already_a_member_in_organization", message).into());
    }
    let role = cx.role(request.body.required("role")?)?;
    organization.add_member(&user.id, &role.key, cx.now);
    store(cx, &caller, &organization, &user.id)
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted(cx, request, MANAGE_MEMBERS)?;
    let (user_id, role) = (request.path("user_id"), cx.role(request.body.required("role")?)?);
    if !role.is_creator_eligible() {
        cx.check_manager_remains(&organization, &user_id)?;
    }
    let membership = organization
        .membership_mut(&user_id)
        .ok_or_else(|| ApiError::not_found("organization membership of user", &user_id))?;
    membership.role = role.key;
    membership.updated_at = cx.now;
    store(cx, &caller, &organization, &user_id)
}

pub(super) fn remove(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted(cx, request, MANAGE_MEMBERS)?;
    let user_id = request.path("user_id");
    let response = membership(cx, &organization, &user_id)?;
    cx.check_manager_remains(&organization, &user_id)?;
    cx.remove_member(&mut organization, &user_id)?;
    answer::with_client(cx, &response, &caller.client)
}

pub(super) fn leave(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization, _) = member(cx, request)?;
    cx.check_manager_remains(&organization, &caller.user.id)?;
    cx.remove_member(&mut organization, &caller.user.id)?;
    let response = view::deleted("organization_membership", &organization.id);
    answer::with_client(cx, &response, &caller.client)
}

pub(super) fn mine(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let caller = browser::caller(cx, request)?;
    let memberships = view::memberships(cx, &caller.user.id)?;
    answer::with_page(cx, request, &caller, &memberships)
}

pub(super) fn invitations(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, organization) = permitted(cx, request, MANAGE_MEMBERS)?;
    let status = request.query.list("status");
    let mut invitations = Vec::new();
    for invitation in organization.invitations.iter().rev() {
        let json = view::invitation(cx, &organization, invitation)?;
        if status.is_empty() || status.iter().any(|status| json["status"] == status.as_str()) {
            invitations.push(json);
        }
    }
    answer::with_page(cx, request, &caller, &invitations)
}

/// Lists the pending invitations, for versions of clerk-js before 5.
pub(super) fn pending_invitations(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, organization) = permitted(cx, request, MANAGE_MEMBERS)?;
    let mut pending = Vec::new();
    for invitation in organization.invitations.iter().rev() {
        let json = view::invitation(cx, &organization, invitation)?;
        if json["status"] == "pending" {
            pending.push(json);
        }
    }
    answer::with_client(cx, &json!(pending), &caller.client)
}

pub(super) fn invite(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted(cx, request, MANAGE_MEMBERS)?;
    let invitee = invitee(request, request.body.required("email_address")?)?;
    let invitation = cx.invite(&mut organization, invitee, Some(&caller.user.id))?;
    cx.store.put(&organization)?;
    answer::with_client(
        cx,
        &view::invitation(cx, &organization, &invitation)?,
        &caller.client,
    )
}

pub(super) fn invite_many(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted(cx, request, MANAGE_MEMBERS)?;
    let mut invitations = Vec::new();
    for email_address in request.body.list("email_address") {
        let invitee = invitee(request, &email_address)?;
        let invitation = cx.invite(&mut organization, invitee, Some(&caller.user.id))?;
        invitations.push(view::invitation(cx, &organization, &invitation)?);
    }
    cx.store.put(&organization)?;
    answer::with_client(cx, &json!(invitations), &caller.client)
}

/// Returns how the body invites an address.
fn invitee<'a>(request: &'a Request, email_address: &'a str) -> Result<Invitee<'a>, ApiError> {
    let body = &request.body;
    Ok(Invitee {
        email_address,
        role: body.required("role")?,
        redirect_url: body.filled("redirect_url"),
        expires_in_days: None,
        is_notified: body.flag("notify") != Some(false),
    })
}

pub(super) fn revoke_invitation(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted(cx, request, MANAGE_MEMBERS)?;
    let invitation = cx.revoke_invitation(&mut organization, &request.path("invitation_id"))?;
    cx.store.put(&organization)?;
    answer::with_client(
        cx,
        &view::invitation(cx, &organization, &invitation)?,
        &caller.client,
    )
}

/// Lists the invitations to the caller's verified addresses.
pub(super) fn my_invitations(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let caller = browser::caller(cx, request)?;
    cx.enroll_in_all(&caller.user)?;
    let statuses = match request.query.list("status") {
        none if none.is_empty() => vec!["pending".to_owned()],
        statuses => statuses,
    };
    let mut invitations = Vec::new();
    let addresses = caller.user.verified_email_addresses();
    for organization in cx.store.linked::<Organization>(&links::INVITED, &addresses)? {
        let own = organization.invitations.iter();
        for invitation in own.filter(|one| addresses.contains(&&*one.email_address)) {
            let json = view::invitation(cx, &organization, invitation)?;
            if statuses.iter().any(|status| json["status"] == status.as_str()) {
                invitations.push(json);
            }
        }
    }
    answer::with_page(cx, request, &caller, &invitations)
}

pub(super) fn accept_invitation(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let caller = browser::caller(cx, request)?;
    let id = request.path("id");
    for mut organization in cx.store.linked::<Organization>(&links::INVITATION, &[&id])? {
        let now = cx.now;
        let Some(invitation) = organization.invitation_mut(&id) else {
            continue;
        };
        let addresses = caller.user.verified_email_addresses();
        if !addresses.contains(&&*invitation.email_address) || invitation.status != InvitationStatus::Pending
        {
            break;
        }
        invitation.set_status(InvitationStatus::Accepted, now);
        let invitation = invitation.clone();
        organization.add_member(&caller.user.id, &invitation.role, now);
        cx.store.put(&organization)?;
        return answer::with_client(
            cx,
            &view::invitation(cx, &organization, &invitation)?,
            &caller.client,
        );
    }
    Err(ApiError::not_found("invitation", &id).into())
}

fn membership(cx: &Context<'_>, organization: &Organization, user_id: &str) -> Result<Value, Error> {
    let membership = organization
        .membership(user_id)
        .ok_or_else(|| ApiError::not_found("organization membership of user", user_id))?;
    view::membership(cx, organization, membership)
}

fn store(
    cx: &Context<'_>,
    caller: &Caller,
    organization: &Organization,
    user_id: &str,
) -> Result<Reply, Error> {
    cx.store.put(organization)?;
    answer::with_client(cx, &membership(cx, organization, user_id)?, &caller.client)
}
