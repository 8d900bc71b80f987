//! Organizations, as a backend manages them.

use serde_json::{Value, json};

use crate::{
    domain::{Context, metadata::merge, organizations::OrganizationNames},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Image, Organization, User},
    store::links,
    view,
};

/// The parameter that asks whether an organization lacks an admin.
const MISSING_ADMIN: &str = "include_missing_member_with_elevated_permissions";

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    if let Some(newest_first) = request.newest_first(&["include_members_count", MISSING_ADMIN]) {
        let (offset, limit) = request.page();
        let page = cx.store.page::<Organization>(newest_first, offset, limit)?;
        return reply(cx, request, &page, cx.store.count::<Organization>()?);
    }
    let query = &request.query;
    let (ids, members) = (query.list("organization_id"), query.list("user_id"));
    let mut organizations = match (&*ids, &*members) {
        ([], []) => cx.store.all::<Organization>()?,
        ([], members) => cx.store.linked(&links::MEMBER, members)?,
        (ids, _) => cx.store.with_ids(ids)?,
    };
    organizations.retain(|organization| {
        let fields = [&*organization.id, &organization.name, &organization.slug];
        query.matches("query", &fields)
            && (ids.is_empty() || ids.contains(&organization.id))
            && (members.is_empty() || members.iter().any(|id| organization.membership(id).is_some()))
    });
    let order = query.first("order_by").unwrap_or("-created_at");
    match order.trim_start_matches(['+', '-', ' ']) {
        "created_at" => organizations.sort_by_key(|organization| organization.created_at),
        "name" => organizations.sort_by_key(|organization| organization.name.to_lowercase()),
        "members_count" => organizations.sort_by_key(|organization| organization.memberships.len()),
        _ => {
            let message = format!("order_by cannot be {order}.");
            return Err(ApiError::value_invalid("order_by", message).into());
        }
    }
    if order.starts_with('-') {
        organizations.reverse();
    }
    let page = request.paginate(&organizations);
    reply(cx, request, page, organizations.len())
}

fn reply(cx: &Context<'_>, request: &Request, page: &[Organization], total: usize) -> Result<Reply, Error> {
    let page = page.iter().map(|organization| json(cx, request, organization));
    let page = page.collect::<Result<Vec<_>, Error>>()?;
    Ok(Reply::json(&json!({ "data": page, "total_count": total })))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let creator = match request.body.filled("created_by") {
        Some(id) => {
            let user = cx.store.get::<User>(id)?;
            Some(user.ok_or_else(|| ApiError::not_found("user", id))?)
        }
        None => None,
    };
    let mut organization = cx.create_organization(names(request), creator.as_ref())?;
    apply(request, &mut organization)?;
    store(cx, &organization)
}

/// Returns the name and the slug in the body.
fn names(request: &Request) -> OrganizationNames<'_> {
    OrganizationNames {
        name: request.body.filled("name"),
        slug: request.body.filled("slug"),
    }
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let organization = cx.organization(&request.path("id"))?;
    Ok(Reply::json(&json(cx, request, &organization)?))
}

/// Renders an organization, and whether nobody can manage it if the query asks for that.
fn json(cx: &Context<'_>, request: &Request, organization: &Organization) -> Result<Value, Error> {
    let mut json = view::backend_organization(cx, organization);
    if request.query.flag(MISSING_ADMIN) == Some(true) {
        json["missing_member_with_elevated_permissions"] = cx.managers(organization)?.is_empty().into();
    }
    Ok(json)
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    cx.change_organization(&mut organization, names(request))?;
    apply(request, &mut organization)?;
    store(cx, &organization)
}

pub(super) fn update_metadata(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    if let Some(patch) = request.body.object("public_metadata")? {
        merge(&mut organization.public_metadata, patch);
    }
    if let Some(patch) = request.body.object("private_metadata")? {
        merge(&mut organization.private_metadata, patch);
    }
    store(cx, &organization)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let organization = cx.organization(&request.path("id"))?;
    let json = view::deleted_organization(&organization);
    cx.delete_organization(organization)?;
    Ok(Reply::json(&json))
}

pub(super) fn replace_metadata(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    set_metadata(request, &mut organization)?;
    organization.updated_at = cx.now;
    store(cx, &organization)
}

pub(super) fn upload_logo(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let upload = request.upload.as_ref().ok_or_else(|| ApiError::missing("file"))?;
    let image = Image::new(upload, cx.now);
    cx.store.put(&image)?;
    replace_logo(cx, request, Some(image.id))
}

pub(super) fn delete_logo(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    replace_logo(cx, request, None)
}

fn replace_logo(cx: &Context<'_>, request: &Request, image_id: Option<String>) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    if let Some(previous) = std::mem::replace(&mut organization.image_id, image_id) {
        cx.store.delete::<Image>(&previous)?;
    }
    organization.updated_at = cx.now;
    store(cx, &organization)
}

/// Sets the fields that only a backend may set.
fn apply(request: &Request, organization: &mut Organization) -> Result<(), Error> {
    if let Some(created_at) = request.body.time("created_at")? {
        organization.created_at = created_at;
    }
    if let Some(most) = request.body.number_in("max_allowed_memberships", 0..=100_000)? {
        // Zero means unlimited.
        organization.max_memberships = Some(usize::try_from(most).unwrap_or_default());
    }
    if let Some(enabled) = request.body.flag("admin_delete_enabled") {
        organization.admin_delete_disabled = !enabled;
    }
    set_metadata(request, organization)
}

fn set_metadata(request: &Request, organization: &mut Organization) -> Result<(), Error> {
    if let Some(metadata) = request.body.object("public_metadata")? {
        organization.public_metadata = metadata;
    }
    if let Some(metadata) = request.body.object("private_metadata")? {
        organization.private_metadata = metadata;
    }
    Ok(())
}

fn store(cx: &Context<'_>, organization: &Organization) -> Result<Reply, Error> {
    cx.store.put(organization)?;
    Ok(Reply::json(&view::backend_organization(cx, organization)))
}
