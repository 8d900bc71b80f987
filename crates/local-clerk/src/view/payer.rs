//! Who pays for a subscription.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    model::{Organization, User},
    view,
};

pub(crate) fn payer_of_user(cx: &Context<'_>, user: &User) -> Value {
    json!({
        "object": "commerce_payer",
        "id": payer_id(&user.id),
        "instance_id": cx.keys.instance_id,
        "user_id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.primary_email_address().map(|address| &address.value),
        "organization_id": null,
        "organization_name": null,
        "image_url": view::image_url(cx, user),
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

pub(crate) fn payer_of_organization(cx: &Context<'_>, organization: &Organization) -> Value {
    json!({
        "object": "commerce_payer",
        "id": payer_id(&organization.id),
        "instance_id": cx.keys.instance_id,
        "user_id": null,
        "first_name": null,
        "last_name": null,
        "email": null,
        "organization_id": organization.id,
        "organization_name": organization.name,
        "image_url": view::public_organization(cx, organization)["image_url"],
        "created_at": organization.created_at,
        "updated_at": organization.updated_at,
    })
}

pub(super) fn payer_id(owner_id: &str) -> String {
    let (_, rest) = owner_id.split_once('_').unwrap_or_default();
    format!("cpayer_{rest}")
}
