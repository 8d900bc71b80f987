//! Organizations, memberships and invitations.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::Error,
    images,
    model::{Invitation, InvitationStatus, Membership, Organization, Role, User},
};

impl Call<'_> {
    pub(in super::super) fn organization_json(&self, organization: &Organization) -> Value {
        let mut json = self.public_organization_json(organization);
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

    /// An organization as a backend sees it.
    pub(in super::super) fn backend_organization_json(&self, organization: &Organization) -> Value {
        let mut json = self.organization_json(organization);
        json["private_metadata"] = json!(organization.private_metadata);
        json["created_by"] = json!(organization.created_by);
        json
    }

    pub(super) fn public_organization_json(&self, organization: &Organization) -> Value {
        let path = match &organization.image_id {
            Some(image_id) => images::path(image_id),
            None => images::avatar_path(
                [Some(&organization.name), None],
                &organization.slug,
                &organization.id,
            ),
        };
        json!({
            "id": organization.id,
            "name": organization.name,
            "slug": organization.slug,
            "image_url": format!("{}{path}", self.url.frontend_api),
            "has_image": organization.image_id.is_some(),
        })
    }

    pub(in super::super) fn membership_json(
        &self,
        organization: &Organization,
        membership: &Membership,
    ) -> Result<Value, Error> {
        let user = self.store.get::<User>(&membership.user_id)?;
        Ok(json!({
            "object": "organization_membership",
            "id": membership.id,
            "public_metadata": membership.public_metadata,
            "role": membership.role,
            "role_name": membership.role.name(),
            "permissions": membership.role.permissions(),
            "created_at": membership.created_at,
            "updated_at": membership.updated_at,
            "organization": self.organization_json(organization),
            "public_user_data": user.as_ref().map(|user| self.public_user_data_json(user)),
        }))
    }

    /// The memberships of a user.
    pub(in super::super) fn memberships_json(&self, user_id: &str) -> Result<Vec<Value>, Error> {
        let organizations = self.store.all::<Organization>()?;
        organizations
            .iter()
            .filter_map(|organization| Some((organization, organization.membership(user_id)?)))
            .map(|(organization, membership)| self.membership_json(organization, membership))
            .collect()
    }

    pub(in super::super) fn invitation_json(
        &self,
        organization: &Organization,
        invitation: &Invitation,
    ) -> Result<Value, Error> {
        let inviter = match &invitation.inviter_id {
            Some(id) => self.store.get::<User>(id)?,
            None => None,
        };
        let mut status = json!(invitation.status);
        if invitation.status == InvitationStatus::Pending && invitation.expires_at <= self.now {
            status = json!("expired");
        }
        Ok(json!({
            "object": "organization_invitation",
            "id": invitation.id,
            "email_address": invitation.email_address,
            "role": invitation.role,
            "role_name": invitation.role.name(),
            "organization_id": organization.id,
            "public_organization_data": self.public_organization_json(organization),
            "inviter_id": invitation.inviter_id,
            "public_inviter_data": inviter.map(|user| self.public_user_data_json(&user)),
            "status": status,
            "public_metadata": invitation.public_metadata,
            "url": invitation.url,
            "expires_at": invitation.expires_at,
            "created_at": invitation.created_at,
            "updated_at": invitation.updated_at,
        }))
    }
}

pub(in super::super) fn role(role: Role) -> Value {
    let permission = |key: &&str| {
        json!({
            "object": "permission",
            "id": format!("perm_local_{}", key.replace(':', "_")),
            "name": key,
            "key": key,
            "description": "",
            "type": "system",
            "created_at": 0,
            "updated_at": 0,
        })
    };
    json!({
        "object": "role",
        "id": format!("role_local_{}", role.name().to_lowercase()),
        "name": role.name(),
        "key": role.key(),
        "description": "",
        "is_creator_eligible": role == Role::Admin,
        "permissions": role.permissions().iter().map(permission).collect::<Vec<_>>(),
        "created_at": 0,
        "updated_at": 0,
    })
}
