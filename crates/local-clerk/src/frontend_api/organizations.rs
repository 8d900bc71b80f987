//! Organizations, as their members use them.

use serde_json::json;

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        images::Image,
        model::{Organization, Role},
        reply::Reply,
        view,
    },
    browser::Caller,
};

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller {
        client,
        mut session,
        user,
    } = call.caller()?;
    let organization = call.create_organization(Some(&user))?;
    call.store.put(&organization)?;
    session.last_active_organization_id = Some(organization.id.clone());
    call.store.put(&session)?;
    call.wrapped(&call.organization_json(&organization), &client)
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, organization, _) = member(call)?;
    call.wrapped(&call.organization_json(&organization), &caller.client)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin(call)?;
    call.change_organization(&mut organization)?;
    call.store.put(&organization)?;
    call.wrapped(&call.organization_json(&organization), &caller.client)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, organization) = admin(call)?;
    let response = view::deleted("organization", &organization.id);
    call.delete_organization(organization)?;
    call.wrapped(&response, &caller.client)
}

pub(super) fn upload_logo(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin(call)?;
    let image = Image::new(call.upload.take().ok_or_else(|| ApiError::missing("file"))?);
    call.store.put(&image)?;
    let previous = organization.image_id.replace(image.id);
    keep_logo(call, &mut organization, previous.as_deref())?;
    call.wrapped(&call.organization_json(&organization), &caller.client)
}

pub(super) fn delete_logo(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin(call)?;
    let Some(logo) = organization.image_id.take() else {
        return Err(ApiError::not_found("logo", &organization.id).into());
    };
    keep_logo(call, &mut organization, Some(&logo))?;
    let deleted = view::deleted("organization_logo", &logo);
    call.wrapped(&deleted, &caller.client)
}

fn keep_logo(call: &Call<'_>, organization: &mut Organization, previous: Option<&str>) -> Result<(), Error> {
    if let Some(previous) = previous {
        call.store.delete::<Image>(previous)?;
    }
    organization.updated_at = call.now;
    call.store.put(organization)?;
    Ok(())
}

pub(super) fn roles(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, ..) = member(call)?;
    call.wrapped(&view::list(&Role::ALL.map(view::role)), &caller.client)
}

pub(super) fn creation_defaults(call: &mut Call<'_>) -> Result<Reply, Error> {
    let caller = call.caller()?;
    let form = json!({ "name": "", "slug": "", "logo": null, "blur_hash": null });
    call.wrapped(&json!({ "advisory": null, "form": form }), &caller.client)
}

/// The caller, and the organization of the path that they are in.
pub(super) fn member(call: &Call<'_>) -> Result<(Caller, Organization, Role), Error> {
    let caller = call.caller()?;
    let key = call.path("id");
    let organization = call.organization(&key)?;
    let role = organization
        .membership(&caller.user.id)
        .map(|membership| membership.role);
    Ok((
        caller,
        organization,
        role.ok_or_else(|| ApiError::not_found("organization", &key))?,
    ))
}

/// The same, if the caller may manage it.
pub(super) fn admin(call: &Call<'_>) -> Result<(Caller, Organization), Error> {
    match member(call)? {
        (caller, organization, Role::Admin) => Ok((caller, organization)),
        _ => {
            let why = "You need the permissions of an admin of the organization.";
            let status = http::StatusCode::FORBIDDEN;
            Err(ApiError::new(status, "organization_missing_permissions", why).into())
        }
    }
}
