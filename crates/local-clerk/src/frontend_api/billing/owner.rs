//! The payer that a request is about: the signed-in user or an organization.

use serde_json::{Value, json};

use crate::{domain::Context, error::Error, http::Request, model::Payer, view};

use super::super::{
    browser,
    organizations::{admin, member},
};

/// The payer.
pub(super) struct Owner {
    kind: Payer,
    pub(super) id: String,
    /// The payer as clients see it.
    pub(super) json: Value,
}

impl Owner {
    /// Finds the payer for reading, which every member may do for an organization.
    pub(super) fn for_reading(cx: &Context<'_>, request: &Request, kind: Payer) -> Result<Self, Error> {
        Self::find(cx, request, kind, false)
    }

    /// Finds the payer for a change, which only an admin may make for an organization.
    pub(super) fn for_change(cx: &Context<'_>, request: &Request, kind: Payer) -> Result<Self, Error> {
        Self::find(cx, request, kind, true)
    }

    fn find(cx: &Context<'_>, request: &Request, kind: Payer, is_change: bool) -> Result<Self, Error> {
        let (id, json) = if kind == Payer::User {
            let user = browser::caller(cx, request)?.user;
            let json = json!({
                "user_id": user.id,
                "first_name": user.first_name,
                "last_name": user.last_name,
                "email": user.primary_email_address().map(|address| &address.value),
                "organization_id": null,
                "organization_name": null,
                "image_url": view::image_url(cx, &user),
                "created_at": user.created_at,
                "updated_at": user.updated_at,
            });
            (user.id, json)
        } else {
            let organization = if is_change {
                admin(cx, request)?.1
            } else {
                member(cx, request)?.1
            };
            let json = json!({
                "user_id": null,
                "first_name": null,
                "last_name": null,
                "email": null,
                "organization_id": organization.id,
                "organization_name": organization.name,
                "image_url": view::organization(cx, &organization)["image_url"],
                "created_at": organization.created_at,
                "updated_at": organization.updated_at,
            });
            (organization.id, json)
        };
        let mut owner = Self { kind, id, json };
        owner.json["object"] = json!("commerce_payer");
        owner.json["id"] = json!(view::payer_id(&owner.id));
        owner.json["instance_id"] = json!(cx.keys.instance_id);
        Ok(owner)
    }

    /// Returns the id of the item in the path, next to the payer.
    pub(super) fn item_id(&self, request: &Request) -> String {
        request.path(match self.kind {
            Payer::User => "id",
            Payer::Organization => "item_id",
        })
    }
}
