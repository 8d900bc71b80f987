//! What this instance is like: its strategies, settings and addresses.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::Error,
    identifiers::{USERNAME_MAX_LENGTH, USERNAME_MIN_LENGTH},
    model::Organization,
    password,
    plans::{Payer, Plan},
    reply::Reply,
    settings::{SecondFactor, Settings, Use},
};

/// Clerk's pages, as paths of the app.
const ADDRESSES: [(&str, &str); 16] = [
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

pub(super) fn jwks(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&call.keys.jwks()))
}

pub(super) fn health(_: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&json!({ "status": "healthy" })))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let settings = call.settings()?;
    let mut organization_settings = json!({
        "enabled": settings.organizations,
        "max_allowed_memberships": Organization::MAX_MEMBERS,
        "actions": { "admin_delete": true },
        "domains": domains(&settings),
        "slug": { "disabled": false },
        "creator_role": "org:admin",
    });
    if settings.force_organization_selection {
        organization_settings["force_organization_selection"] = json!(true);
    }
    Ok(Reply::json(&json!({
        "auth_config": auth_config(&settings),
        "display_config": display_config(call),
        "user_settings": user_settings(&settings, &call.url.frontend_api),
        "organization_settings": organization_settings,
        "commerce_settings": { "billing": {
            "stripe_publishable_key": null,
            "free_trial_requires_payment_method": false,
            "user": billing(call, Payer::User)?,
            "organization": billing(call, Payer::Organization)?,
        } },
        "api_keys_settings": {
            "enabled": false,
            "user_api_keys_enabled": false,
            "orgs_api_keys_enabled": false,
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

fn domains(settings: &Settings) -> Value {
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
        "default_role": "org:member",
    })
}

fn billing(call: &Call<'_>, payer: Payer) -> Result<Value, Error> {
    let plans = call.plans_for(payer)?;
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

/// Every address is one of the app, and nothing is loaded from elsewhere: no captcha, no scripts of third parties.
fn display_config(call: &Call<'_>) -> Value {
    let mut config = json!({
        "object": "display_config",
        "id": "display_config_local",
        "instance_environment_type": call.keys.instance.name(),
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
    for (name, path) in ADDRESSES {
        config[name] = json!(format!("{}{path}", call.url.app));
    }
    config
}

fn user_settings(settings: &Settings, frontend_api: &str) -> Value {
    json!({
        "attributes": {
            "email_address": identifier(settings.email_address, settings.email_strategies()),
            "phone_number": phone_number(settings),
            "username": identifier(settings.username, &[]),
            "web3_wallet": attribute(Use::Off, &[]),
            "first_name": attribute(Use::Optional, &[]),
            "last_name": attribute(Use::Optional, &[]),
            "password": attribute(settings.password, &[]),
            "authenticator_app": second_factor(settings, SecondFactor::Totp),
            "ticket": attribute(Use::Optional, &[]),
            "backup_code": second_factor(settings, SecondFactor::BackupCode),
            "passkey": attribute(Use::Off, &[]),
        },
        "sign_in": { "second_factor": { "required": settings.second_factor_required } },
        "sign_up": {
            "captcha_enabled": false,
            "captcha_widget_type": "smart",
            "custom_action_required": false,
            "progressive": true,
            "mode": settings.sign_up_mode,
            "legal_consent_enabled": false,
        },
        "restrictions": {
            "allowlist": { "enabled": false },
            "blocklist": { "enabled": false },
            "allowlist_blocklist_disabled_on_sign_in": { "enabled": false },
            "block_email_subaddresses": { "enabled": false },
            "block_disposable_email_domains": { "enabled": false },
        },
        "username_settings": {
            "min_length": USERNAME_MIN_LENGTH,
            "max_length": USERNAME_MAX_LENGTH,
            "allow_extended_special_characters": false,
            "allow_numeric_usernames": false,
        },
        "actions": { "delete_self": true, "create_organization": settings.organizations, "create_organizations_limit": null },
        "attack_protection": {
            "user_lockout": { "enabled": true, "max_attempts": settings.lockout_attempts, "duration_in_minutes": 60 },
            "pii": { "enabled": true },
            "email_link": { "require_same_client": false },
            "enumeration_protection": { "enabled": false },
        },
        "passkey_settings": { "allow_autofill": false, "show_sign_in_button": false, "satisfies_second_factor": false },
        "social": settings.social_json(frontend_api),
        "password_settings": {
            "disable_hibp": true,
            "min_length": password::MIN_LENGTH,
            "max_length": password::MAX_LENGTH,
            "require_special_char": false,
            "require_numbers": false,
            "require_uppercase": false,
            "require_lowercase": false,
            "show_zxcvbn": false,
            "min_zxcvbn_strength": 0,
            "enforce_hibp_on_sign_in": false,
            "allowed_special_characters": "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~",
            "disable_password_reverification": false,
        },
        "saml": { "enabled": false },
        "enterprise_sso": { "enabled": false, "self_serve_sso": false },
    })
}

fn attribute(use_of: Use, strategies: &[&str]) -> Value {
    json!({
        "enabled": use_of.is_on(),
        "required": use_of == Use::Required,
        "used_for_first_factor": false,
        "first_factors": [],
        "used_for_second_factor": false,
        "second_factors": [],
        "verifications": strategies,
        "verify_at_sign_up": false,
        "immutable": false,
    })
}

/// What users sign in with, and by which codes it is verified.
fn identifier(use_of: Use, strategies: &[&str]) -> Value {
    let strategies = if use_of.is_on() { strategies } else { &[] };
    let mut json = attribute(use_of, strategies);
    json["used_for_first_factor"] = json!(use_of.is_on());
    json["first_factors"] = json!(strategies);
    json["verify_at_sign_up"] = json!(!strategies.is_empty());
    json
}

fn phone_number(settings: &Settings) -> Value {
    let mut json = identifier(settings.phone_number, &["phone_code"]);
    if settings.second_factors.contains(&SecondFactor::PhoneCode) {
        json["used_for_second_factor"] = json!(true);
        json["second_factors"] = json!(["phone_code"]);
    }
    json
}

fn second_factor(settings: &Settings, factor: SecondFactor) -> Value {
    if !settings.second_factors.contains(&factor) {
        return attribute(Use::Off, &[]);
    }
    let mut json = attribute(Use::Optional, &[]);
    json["used_for_second_factor"] = json!(true);
    json["second_factors"] = json!([factor]);
    json["verifications"] = json!([factor]);
    json
}
