//! The instance and its settings.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::{Organization, Role},
    reply::Reply,
    restrictions::Restrictions,
};

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&json!({
        "object": "instance",
        "id": call.keys.instance_id,
        "environment_type": call.keys.instance.name(),
        "allowed_origins": null,
        "workspace_id": null,
    })))
}

/// What of an instance can be changed is what cannot be otherwise here.
pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    if call.body.flag("test_mode") == Some(false) {
        return Err(ApiError::not_on_this_machine("mode but the test mode").into());
    }
    refuse(
        call,
        &[
            "hibp",
            "support_email",
            "clerk_js_version",
            "development_origin",
            "allowed_origins",
            "cookieless_dev",
            "url_based_session_syncing",
            "preferred_sign_in_strategy_when_password_required",
        ],
    )?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

pub(super) fn update_restrictions(call: &mut Call<'_>) -> Result<Reply, Error> {
    refuse(
        call,
        &[
            "block_disposable_email_domains",
            "allowlist_blocklist_disabled_on_sign_in",
        ],
    )?;
    let mut restrictions = call.restrictions()?;
    for (name, field) in [
        ("allowlist", &mut restrictions.allowlist),
        ("blocklist", &mut restrictions.blocklist),
        (
            "block_email_subaddresses",
            &mut restrictions.block_email_subaddresses,
        ),
    ] {
        *field = call.body.flag(name).unwrap_or(*field);
    }
    call.store.put(&restrictions)?;
    Ok(Reply::json(&restrictions_json(&restrictions)))
}

fn restrictions_json(restrictions: &Restrictions) -> Value {
    json!({
        "object": "instance_restrictions",
        "allowlist": restrictions.allowlist,
        "blocklist": restrictions.blocklist,
        "allowlist_blocklist_disabled_on_sign_in": true,
        "block_email_subaddresses": restrictions.block_email_subaddresses,
        "block_disposable_email_domains": false,
    })
}

pub(super) fn organization_settings(call: &mut Call<'_>) -> Result<Reply, Error> {
    let settings = call.settings()?;
    Ok(Reply::json(&json!({
        "object": "organization_settings",
        "enabled": settings.organizations,
        "max_allowed_memberships": Organization::MAX_MEMBERS,
        "max_allowed_roles": Role::ALL.len(),
        "max_allowed_domains": 10,
        "max_allowed_permissions": Role::Admin.permissions().len(),
        "max_role_sets_allowed": 1,
        "creator_role": Role::Admin,
        "admin_delete_enabled": true,
        "domains_enabled": settings.organization_domains,
        "slug_disabled": false,
        "domains_enrollment_modes": ["manual_invitation", "automatic_invitation", "automatic_suggestion"],
        "domains_default_role": Role::Member,
        "initial_role_set_key": null,
    })))
}

pub(super) fn update_organization_settings(call: &mut Call<'_>) -> Result<Reply, Error> {
    refuse(
        call,
        &[
            "max_allowed_memberships",
            "admin_delete_enabled",
            "slug_disabled",
            "domains_enrollment_modes",
            "creator_role_id",
            "domains_default_role_id",
        ],
    )?;
    let mut settings = call.settings()?;
    settings.organizations = call.body.flag("enabled").unwrap_or(settings.organizations);
    let domains = call.body.flag("domains_enabled");
    settings.organization_domains = domains.unwrap_or(settings.organization_domains);
    settings
        .check()
        .map_err(|why| ApiError::value_invalid("enabled", why))?;
    call.store.put(&settings)?;
    organization_settings(call)
}

/// Fails if the body wants what cannot be changed here.
fn refuse(call: &Call<'_>, names: &[&str]) -> Result<(), ApiError> {
    match names.iter().find(|name| call.body.has(name)) {
        Some(name) => Err(ApiError::not_on_this_machine(&format!("choice of {name}"))),
        None => Ok(()),
    }
}
