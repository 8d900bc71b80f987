//! Organizations, as a backend handles them.

use serde_json::Value;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    frontend_api::merge,
    images::Image,
    model::{Organization, User},
    reply::Reply,
    view,
};

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let query = &call.query;
    let (ids, members) = (query.list("organization_id"), query.list("user_id"));
    let mut organizations = call.store.all::<Organization>()?;
    organizations.retain(|organization| {
        let fields = [&*organization.id, &organization.name, &organization.slug];
        query.finds("query", &fields)
            && (ids.is_empty() || ids.contains(&organization.id))
            && (members.is_empty() || members.iter().any(|id| organization.membership(id).is_some()))
    });
    let order = query.filled("order_by").unwrap_or("-created_at");
    match order.trim_start_matches(['+', '-', ' ']) {
        "created_at" => organizations.sort_by_key(|organization| organization.created_at),
        "name" => organizations.sort_by_key(|organization| organization.name.to_lowercase()),
        "members_count" => organizations.sort_by_key(|organization| organization.memberships.len()),
        _ => {
            let why = format!("order_by cannot be {order}.");
            return Err(ApiError::value_invalid("order_by", why).into());
        }
    }
    if order.starts_with('-') {
        organizations.reverse();
    }
    let organizations: Vec<Value> = organizations
        .iter()
        .map(|organization| call.backend_organization_json(organization))
        .collect();
    Ok(call.paginated(&organizations))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let creator = match call.body.filled("created_by") {
        Some(id) => {
            let user = call.store.get::<User>(id)?;
            Some(user.ok_or_else(|| ApiError::not_found("user", id))?)
        }
        None => None,
    };
    let mut organization = call.create_organization(creator.as_ref())?;
    apply(call, &mut organization)?;
    keep(call, &organization)
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organization = call.organization(&call.path("id"))?;
    Ok(Reply::json(&call.backend_organization_json(&organization)))
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    call.change_organization(&mut organization)?;
    apply(call, &mut organization)?;
    keep(call, &organization)
}

pub(super) fn update_metadata(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    if let Some(patch) = call.body.object("public_metadata")? {
        merge(&mut organization.public_metadata, patch);
    }
    if let Some(patch) = call.body.object("private_metadata")? {
        merge(&mut organization.private_metadata, patch);
    }
    keep(call, &organization)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organization = call.organization(&call.path("id"))?;
    let json = view::deleted("organization", &organization.id);
    call.delete_organization(organization)?;
    Ok(Reply::json(&json))
}

pub(super) fn replace_metadata(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    set_metadata(call, &mut organization)?;
    organization.updated_at = call.now;
    keep(call, &organization)
}

pub(super) fn upload_logo(call: &mut Call<'_>) -> Result<Reply, Error> {
    let upload = call.upload.take().ok_or_else(|| ApiError::missing("file"))?;
    let image = Image::new(upload);
    call.store.put(&image)?;
    replace_logo(call, Some(image.id))
}

pub(super) fn delete_logo(call: &mut Call<'_>) -> Result<Reply, Error> {
    replace_logo(call, None)
}

fn replace_logo(call: &Call<'_>, image_id: Option<String>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    if let Some(previous) = std::mem::replace(&mut organization.image_id, image_id) {
        call.store.delete::<Image>(&previous)?;
    }
    organization.updated_at = call.now;
    keep(call, &organization)
}

/// Sets what only a backend may.
fn apply(call: &Call<'_>, organization: &mut Organization) -> Result<(), Error> {
    if let Some(most) = call.body.number_in("max_allowed_memberships", 0..=100_000)? {
        // Nought is without a limit.
        organization.max_memberships = Some(usize::try_from(most).unwrap_or_default());
    }
    if let Some(enabled) = call.body.flag("admin_delete_enabled") {
        organization.admin_delete_disabled = !enabled;
    }
    set_metadata(call, organization)
}

fn set_metadata(call: &Call<'_>, organization: &mut Organization) -> Result<(), Error> {
    if let Some(metadata) = call.body.object("public_metadata")? {
        organization.public_metadata = metadata;
    }
    if let Some(metadata) = call.body.object("private_metadata")? {
        organization.private_metadata = metadata;
    }
    Ok(())
}

fn keep(call: &Call<'_>, organization: &Organization) -> Result<Reply, Error> {
    call.store.put(organization)?;
    Ok(Reply::json(&call.backend_organization_json(organization)))
}
