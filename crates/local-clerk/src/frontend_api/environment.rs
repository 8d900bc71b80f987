//! The environment of the instance: strategies, settings and URLs.

mod user_settings;

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    keys::Instance,
    model::{Organization, Payer, Plan, Settings, Use},
};

use user_settings::user_settings;

/// The app's paths of Clerk's pages.
const URLS: [(&str, &str); 16] = [
    ("home_url", "/"),
    ("sign_in_url", "/sign-in"),
    ("sign_up_url", "/sign-up"),
    ("user_profile_url", "/profile"),
    ("waitlist_url", "/waitlist"),
    ("oauth_consent_url", "/oauth-consent"),
    ("after_sign_in_url", "/"),
    ("after_sign_up_url", "/"),
    ("after_sign_out_one_url", "/"),
    ("after_sign_out_all_url", "/"),
    ("after_switch_session_url", "/"),
    ("organization_profile_url", "/organization"),
    ("create_organization_url", "/create-organization"),
    ("after_leave_organization_url", "/"),
    ("after_create_organization_url", "/"),
    ("logo_link_url", "/"),
];

pub(super) fn jwks(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&cx.keys.jwks()))
}

pub(super) fn health(_: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&json!({ "status": "healthy" })))
}

pub(super) fn get(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    let (settings, role_set) = (cx.settings()?, cx.role_set()?);
    let mut organization_settings = json!({
        "enabled": settings.organizations,
        "max_allowed_memberships": Organization::MAX_MEMBERS,
        "actions": { "admin_delete": true },
        "domains": domains(&settings, &role_set.default_role),
        "slug": { "disabled": false },
        "creator_role": role_set.creator_role,
    });
    if settings.force_organization_selection {
        organization_settings["force_organization_selection"] = json!(true);
    }
    Ok(Reply::json(&json!({
        "auth_config": auth_config(&settings),
        "display_config": display_config(cx),
        "user_settings": user_settings(&settings, &cx.restrictions()?, &cx.url.frontend_api),
        "organization_settings": organization_settings,
        "commerce_settings": { "billing": {
            "stripe_publishable_key": null,
            "free_trial_requires_payment_method": false,
            "user": billing(cx, Payer::User)?,
            "organization": billing(cx, Payer::Organization)?,
        } },
        "api_keys_settings": {
            "enabled": settings.api_keys,
            "user_api_keys_enabled": settings.api_keys,
            "orgs_api_keys_enabled": settings.api_keys,
        },
        "fraud_settings": {
            "object": "fraud_settings",
            "native": { "device_attestation_mode": "disabled" },
        },
        "protect_config": { "loaders": [] },
        "client_debug_mode": false,
        "partitioned_cookies": false,
        "maintenance_mode": false,
    })))
}

/// Enables organizations, as clerk-js offers where a component needs them and they are off.
pub(super) fn enable_setting(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    if cx.keys.instance == Instance::Production {
        return Err(ApiError::unknown_path().into());
    }
    let body = &request.body;
    body.only(&["enable_organizations", "organization_allow_personal_accounts"])?;
    let mut settings = cx.settings()?;
    if body.flag("enable_organizations") == Some(true) {
        settings.organizations = true;
    }
    if let Some(is_allowed) = body.flag("organization_allow_personal_accounts") {
        settings.force_organization_selection = settings.organizations && !is_allowed;
    }
    cx.store.put(&settings)?;
    get(cx, request)
}

fn domains(settings: &Settings, default_role: &str) -> Value {
    let modes: &[&str] = if settings.organization_domains {
        &[
            "manual_invitation",
            "automatic_invitation",
            "automatic_suggestion",
        ]
    } else {
        &[]
    };
    json!({
        "enabled": settings.organization_domains,
        "enrollment_modes": modes,
        "default_role": default_role,
    })
}

fn billing(cx: &Context<'_>, payer: Payer) -> Result<Value, Error> {
    let plans = cx.plans_for(payer)?;
    Ok(json!({ "enabled": !plans.is_empty(), "has_paid_plans": plans.iter().any(Plan::is_paid) }))
}

fn auth_config(settings: &Settings) -> Value {
    let identifiers = settings.identifiers();
    let names: Vec<&str> = identifiers.iter().map(|(name, _)| *name).collect();
    let required: Vec<[&str; 1]> = identifiers
        .iter()
        .filter(|(_, use_of)| *use_of == Use::Required)
        .map(|(name, _)| [*name])
        .collect();
    let use_of = |use_of| match use_of {
        Use::Off => "off",
        Use::Optional => "on",
        Use::Required => "required",
    };
    json!({
        "object": "auth_config",
        "id": "aconf_local",
        "first_name": "on",
        "last_name": "on",
        "email_address": use_of(settings.email_address),
        "phone_number": use_of(settings.phone_number),
        "username": use_of(settings.username),
        "password": use_of(settings.password),
        "identification_requirements": required,
        "identification_strategies": names,
        "first_factors": settings.first_factors(),
        "second_factors": settings.second_factors,
        "email_address_verification_strategies": settings.email_strategies(),
        "single_session_mode": !settings.multi_session,
        "enhanced_email_deliverability": false,
        "test_mode": true,
        "cookieless_dev": false,
        "url_based_session_syncing": true,
        "claimed_at": null,
        "reverification": settings.reverification,
        "native_settings": {
            "object": "native_settings",
            "api_enabled": false,
            "trusted_device_sign_in_enabled": false,
            "trusted_device_enrollment_prompt_after_sign_in_enabled": false,
            "trusted_device_enrollment_prompt_after_sign_up_enabled": false,
        },
    })
}

/// Every URL is one of the app, and nothing is loaded from elsewhere: no captcha, no third-party scripts.
fn display_config(cx: &Context<'_>) -> Value {
    let mut config = json!({
        "object": "display_config",
        "id": "display_config_local",
        "instance_environment_type": cx.keys.instance.name(),
        "application_name": "Local Clerk",
        "theme": {
            "buttons": { "font_color": "#ffffff", "font_family": "sans-serif", "font_weight": "600" },
            "general": {
                "color": "#6c47ff",
                "padding": "1em",
                "box_shadow": "0 2px 8px rgba(0, 0, 0, 0.2)",
                "font_color": "#151515",
                "font_family": "sans-serif",
                "border_radius": "0.5em",
                "background_color": "#ffffff",
                "label_font_weight": "600",
            },
            "accounts": { "background_color": "#ffffff" },
        },
        "preferred_sign_in_strategy": "password",
        "logo_image_url": null,
        "logo_url": null,
        "logo_image": null,
        "favicon_image_url": null,
        "favicon_url": null,
        "favicon_image": null,
        "after_join_waitlist_url": "",
        "support_email": null,
        "branded": false,
        "experimental_force_oauth_first": false,
        "clerk_js_version": "6",
        "show_devmode_warning": false,
        "google_one_tap_client_id": null,
        "help_url": null,
        "privacy_policy_url": null,
        "terms_url": null,
        "captcha_public_key": null,
        "captcha_widget_type": null,
        "captcha_public_key_invisible": null,
        "captcha_provider": "turnstile",
        "captcha_oauth_bypass": [],
        "captcha_heartbeat": false,
    });
    for (name, path) in URLS {
        config[name] = json!(format!("{}{path}", cx.url.app));
    }
    config
}
