//! Organizations, memberships and invitations.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    model::{Invitation, Membership, Organization, Role, User},
    store::links,
    view,
};

pub(crate) fn organization(cx: &Context<'_>, organization: &Organization) -> Value {
    let mut json = view::public_organization(cx, organization);
    let more = json!({
        "object": "organization",
        "members_count": organization.memberships.len(),
        "pending_invitations_count": organization.pending_invitations().count(),
        "max_allowed_memberships": organization.max_memberships(),
        "admin_delete_enabled": !organization.admin_delete_disabled,
        "self_serve_sso_enabled": false,
        "public_metadata": organization.public_metadata,
        "created_at": organization.created_at,
        "updated_at": organization.updated_at,
        "logo_url": json["image_url"],
    });
    if let (Some(json), Value::Object(more)) = (json.as_object_mut(), more) {
        json.extend(more);
    }
    json
}

/// Renders an organization for a backend, including private metadata.
pub(crate) fn backend_organization(cx: &Context<'_>, organization: &Organization) -> Value {
    let mut json = view::organization(cx, organization);
    json["private_metadata"] = json!(organization.private_metadata);
    if let Some(creator) = &organization.created_by {
        json["created_by"] = json!(creator);
    }
    json
}

pub(crate) fn public_organization(cx: &Context<'_>, organization: &Organization) -> Value {
    let path = match &organization.image_id {
        Some(image_id) => view::image_path(image_id),
        None => view::avatar_path(
            [Some(&organization.name), None],
            &organization.slug,
            &organization.id,
        ),
    };
    json!({
        "id": organization.id,
        "name": organization.name,
        "slug": organization.slug,
        "image_url": format!("{}{path}", cx.url.frontend_api),
        "has_image": organization.image_id.is_some(),
    })
}

pub(crate) fn membership(
    cx: &Context<'_>,
    organization: &Organization,
    membership: &Membership,
) -> Result<Value, Error> {
    let user = cx.store.get::<User>(&membership.user_id)?;
    let role = Role::find(&cx.store, &membership.role)?;
    Ok(json!({
        "object": "organization_membership",
        "id": membership.id,
        "public_metadata": membership.public_metadata,
        "role": membership.role,
        "role_name": role.as_ref().map_or(&membership.role, |role| &role.name),
        "permissions": role.as_ref().map_or(&[][..], |role| &role.permissions),
        "created_at": membership.created_at,
        "updated_at": membership.updated_at,
        "organization": view::organization(cx, organization),
        "public_user_data": user.as_ref().map(|user| view::public_user_data(cx, user)),
    }))
}

/// Renders the memberships of a user.
pub(crate) fn memberships(cx: &Context<'_>, user_id: &str) -> Result<Vec<Value>, Error> {
    let organizations = cx.store.linked::<Organization>(&links::MEMBER, &[user_id])?;
    organizations
        .iter()
        .filter_map(|organization| Some((organization, organization.membership(user_id)?)))
        .map(|(organization, membership)| view::membership(cx, organization, membership))
        .collect()
}

pub(crate) fn invitation(
    cx: &Context<'_>,
    organization: &Organization,
    invitation: &Invitation,
) -> Result<Value, Error> {
    let inviter = match &invitation.inviter_id {
        Some(id) => cx.store.get::<User>(id)?,
        None => None,
    };
    // Invitations that are over may name a role that was deleted.
    let role = Role::find(&cx.store, &invitation.role)?;
    Ok(json!({
        "object": "organization_invitation",
        "id": invitation.id,
        "email_address": invitation.email_address,
        "role": invitation.role,
        "role_name": role.as_ref().map_or(&invitation.role, |role| &role.name),
        "organization_id": organization.id,
        "public_organization_data": view::public_organization(cx, organization),
        "inviter_id": invitation.inviter_id,
        "public_inviter_data": inviter.map(|user| view::public_user_data(cx, &user)),
        "status": invitation.status.at(cx.now, invitation.expires_at),
        "public_metadata": invitation.public_metadata,
        "url": invitation.url,
        "expires_at": invitation.expires_at,
        "created_at": invitation.created_at,
        "updated_at": invitation.updated_at,
    }))
}
