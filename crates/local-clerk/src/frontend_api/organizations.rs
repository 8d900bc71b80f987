//! Organizations, as their members use them.

use serde_json::json;

use crate::{
    domain::{Context, organizations::OrganizationNames},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{DELETE_ORGANIZATION, Image, MANAGE_ORGANIZATION, Organization, Role},
    view,
};

use super::{
    answer,
    browser::{self, Caller},
};

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller {
        client,
        mut session,
        user,
    } = browser::caller(cx, request)?;
    cx.check_may_create_organization(&user)?;
    let organization = cx.create_organization(names(request), Some(&user))?;
    cx.store.put(&organization)?;
    session.last_active_organization_id = Some(organization.id.clone());
    cx.store.put(&session)?;
    answer::with_client(cx, &view::organization(cx, &organization), &client)
}

/// Returns the name and the slug in the body.
fn names(request: &Request) -> OrganizationNames<'_> {
    OrganizationNames {
        name: request.body.filled("name"),
        slug: request.body.filled("slug"),
    }
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, organization, _) = member(cx, request)?;
    answer::with_client(cx, &view::organization(cx, &organization), &caller.client)
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted(cx, request, MANAGE_ORGANIZATION)?;
    cx.change_organization(&mut organization, names(request))?;
    cx.store.put(&organization)?;
    answer::with_client(cx, &view::organization(cx, &organization), &caller.client)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, organization) = permitted(cx, request, DELETE_ORGANIZATION)?;
    let response = view::deleted("organization", &organization.id);
    cx.delete_organization(organization)?;
    answer::with_client(cx, &response, &caller.client)
}

pub(super) fn upload_logo(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted(cx, request, MANAGE_ORGANIZATION)?;
    let image = Image::new(
        request.upload.as_ref().ok_or_else(|| ApiError::missing("file"))?,
        cx.now,
    );
    cx.store.put(&image)?;
    let previous = organization.image_id.replace(image.id);
    replace_logo(cx, &mut organization, previous.as_deref())?;
    answer::with_client(cx, &view::organization(cx, &organization), &caller.client)
}

pub(super) fn delete_logo(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted(cx, request, MANAGE_ORGANIZATION)?;
    let Some(logo) = organization.image_id.take() else {
        return Err(ApiError::not_found("logo", &organization.id).into());
    };
    replace_logo(cx, &mut organization, Some(&logo))?;
    let deleted = view::deleted("organization_logo", &logo);
    answer::with_client(cx, &deleted, &caller.client)
}

fn replace_logo(
    cx: &Context<'_>,
    organization: &mut Organization,
    previous: Option<&str>,
) -> Result<(), Error> {
    if let Some(previous) = previous {
        cx.store.delete::<Image>(previous)?;
    }
    organization.updated_at = cx.now;
    cx.store.put(organization)?;
    Ok(())
}

pub(super) fn roles(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, ..) = member(cx, request)?;
    let mut roles = view::roles(cx)?;
    roles.reverse();
    answer::with_page(cx, request, &caller, &roles)
}

pub(super) fn creation_defaults(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let caller = browser::caller(cx, request)?;
    let form = json!({ "name": "", "slug": "", "logo": null, "blur_hash": null });
    answer::with_client(cx, &json!({ "advisory": null, "form": form }), &caller.client)
}

/// Returns the caller, the organization that path parameter `id` identifies, and the caller's role in it.
///
/// # Errors
/// If the caller is not a member.
pub(super) fn member(cx: &Context<'_>, request: &Request) -> Result<(Caller, Organization, Role), Error> {
    let caller = browser::caller(cx, request)?;
    let key = request.path("id");
    let organization = cx.organization(&key)?;
    let membership = organization.membership(&caller.user.id);
    let role = &membership
        .ok_or_else(|| ApiError::not_found("organization", &key))?
        .role;
    let role = cx.role(role)?;
    Ok((caller, organization, role))
}

/// Returns the caller and the organization that path parameter `id` identifies.
///
/// # Errors
/// If the caller's role does not grant this permission.
pub(super) fn permitted(
    cx: &Context<'_>,
    request: &Request,
    permission: &str,
) -> Result<(Caller, Organization), Error> {
    let (caller, organization, role) = member(cx, request)?;
    if !role.grants(permission) {
        return Err(ApiError::missing_permission(permission).into());
    }
    Ok((caller, organization))
}
