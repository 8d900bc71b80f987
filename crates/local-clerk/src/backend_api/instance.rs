//! The instance and its settings.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Organization, Permission, Restrictions, Role},
    view,
};

pub(super) fn get(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&json!({
        "object": "instance",
        "id": cx.keys.instance_id,
        "environment_type": cx.keys.instance.name(),
        "allowed_origins": null,
        "workspace_id": null,
    })))
}

/// Accepts changes to the values that the local Clerk has anyway, and rejects all others.
pub(super) fn update(_cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    if request.body.flag("test_mode") == Some(false) {
        return Err(ApiError::not_on_this_machine("mode but the test mode").into());
    }
    reject(
        request,
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

pub(super) fn update_restrictions(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    reject(
        request,
        &[
            "block_disposable_email_domains",
            "allowlist_blocklist_disabled_on_sign_in",
        ],
    )?;
    let mut restrictions = cx.restrictions()?;
    for (name, field) in [
        ("allowlist", &mut restrictions.allowlist),
        ("blocklist", &mut restrictions.blocklist),
        (
            "block_email_subaddresses",
            &mut restrictions.block_email_subaddresses,
        ),
    ] {
        *field = request.body.flag(name).unwrap_or(*field);
    }
    cx.store.put(&restrictions)?;
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

/// Lists the one domain of the instance.
pub(super) fn domains(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    let domain = json!({
        "object": "domain",
        "id": "dmn_local",
        "name": cx.keys.host,
        "is_satellite": false,
        "frontend_api_url": cx.url.frontend_api,
        "accounts_portal_url": format!("http://{}", cx.own),
        "proxy_url": null,
        "development_origin": cx.url.app,
        "cname_targets": null,
    });
    Ok(Reply::json(&view::list(&[domain])))
}

pub(super) fn communication(_: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    let json = json!({ "object": "instance_communication", "blocked_country_codes": [] });
    Ok(Reply::json(&json))
}

pub(super) fn protect(_: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&json!({
        "object": "instance_protect",
        "rules_enabled": false,
        "specter_enabled": false,
        "checks_bypassed": false,
    })))
}

pub(super) fn organization_settings(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    let (settings, role_set) = (cx.settings()?, cx.role_set()?);
    Ok(Reply::json(&json!({
        "object": "organization_settings",
        "enabled": settings.organizations,
        "max_allowed_memberships": Organization::MAX_MEMBERS,
        "max_allowed_roles": Role::MAX,
        "max_allowed_domains": 10,
        "max_allowed_permissions": Permission::MAX,
        "max_role_sets_allowed": 1,
        "creator_role": role_set.creator_role,
        "admin_delete_enabled": true,
        "domains_enabled": settings.organization_domains,
        "slug_disabled": false,
        "domains_enrollment_modes": ["manual_invitation", "automatic_invitation", "automatic_suggestion"],
        "domains_default_role": role_set.default_role,
        "initial_role_set_key": role_set.key,
    })))
}

pub(super) fn update_organization_settings(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    reject(
        request,
        &[
            "max_allowed_memberships",
            "admin_delete_enabled",
            "slug_disabled",
            "domains_enrollment_modes",
        ],
    )?;
    let mut settings = cx.settings()?;
    settings.organizations = request.body.flag("enabled").unwrap_or(settings.organizations);
    let domains = request.body.flag("domains_enabled");
    settings.organization_domains = domains.unwrap_or(settings.organization_domains);
    settings
        .check()
        .map_err(|message| ApiError::value_invalid("enabled", message))?;
    cx.store.put(&settings)?;
    let role = |name| -> Result<Option<Role>, Error> {
        let id = request.body.filled(name);
        id.map(|id| cx.load(id, "organization role")).transpose()
    };
    let (creator, default) = (role("creator_role_id")?, role("domains_default_role_id")?);
    cx.change_role_set(cx.role_set()?, creator, default)?;
    organization_settings(cx, request)
}

/// Fails if the body contains a setting that the local Clerk does not have.
fn reject(request: &Request, names: &[&str]) -> Result<(), ApiError> {
    match names.iter().find(|name| request.body.has(name)) {
        Some(name) => Err(ApiError::not_on_this_machine(&format!("choice of {name}"))),
        None => Ok(()),
    }
}
