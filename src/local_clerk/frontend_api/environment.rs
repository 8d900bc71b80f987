//! What this instance is like: its strategies, settings and addresses.

use serde_json::{Value, json};

use super::super::{call::Call, errors::Error, model::Organization, password, reply::Reply};

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
    Ok(Reply::json(&json!({
        "auth_config": auth_config(!call.settings()?.multi_session),
        "display_config": display_config(call),
        "user_settings": user_settings(),
        "organization_settings": {
            "enabled": true,
            "max_allowed_memberships": Organization::MAX_MEMBERS,
            "actions": { "admin_delete": true },
            "domains": { "enabled": false, "enrollment_modes": [], "default_role": "org:member" },
            "slug": { "disabled": false },
            "creator_role": "org:admin",
        },
        "commerce_settings": { "billing": {
            "stripe_publishable_key": null,
            "free_trial_requires_payment_method": false,
            "user": { "enabled": true, "has_paid_plans": true },
            "organization": { "enabled": false, "has_paid_plans": false },
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

fn auth_config(single_session_mode: bool) -> Value {
    json!({
        "object": "auth_config",
        "id": "aconf_local",
        "first_name": "on",
        "last_name": "on",
        "email_address": "on",
        "phone_number": "off",
        "username": "off",
        "password": "required",
        "identification_requirements": [["email_address"], []],
        "identification_strategies": ["email_address"],
        "first_factors": ["email_code", "password", "ticket", "reset_password_email_code"],
        "second_factors": ["totp", "backup_code"],
        "email_address_verification_strategies": ["email_code"],
        "single_session_mode": single_session_mode,
        "enhanced_email_deliverability": false,
        "test_mode": true,
        "cookieless_dev": false,
        "url_based_session_syncing": true,
        "claimed_at": null,
        "reverification": false,
        "native_settings": {
            "object": "native_settings",
            "api_enabled": false,
            "trusted_device_sign_in_enabled": false,
            "trusted_device_enrollment_prompt_after_sign_in_enabled": false,
            "trusted_device_enrollment_prompt_after_sign_up_enabled": false,
        },
    })
}

/// Every address is one of the app, and nothing is loaded from elsewhere: no captcha, no social
/// icons, no scripts of third parties.
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

fn user_settings() -> Value {
    let off = || attribute(false, false, &[]);
    let mut email_address = attribute(true, true, &["email_code"]);
    email_address["used_for_first_factor"] = json!(true);
    email_address["verify_at_sign_up"] = json!(true);
    json!({
        "attributes": {
            "email_address": email_address,
            "phone_number": off(),
            "username": off(),
            "web3_wallet": off(),
            "first_name": attribute(true, false, &[]),
            "last_name": attribute(true, false, &[]),
            "password": attribute(true, true, &[]),
            "authenticator_app": second_factor("totp"),
            "ticket": attribute(true, false, &[]),
            "backup_code": second_factor("backup_code"),
            "passkey": off(),
        },
        "sign_in": { "second_factor": { "required": false } },
        "sign_up": {
            "captcha_enabled": false,
            "captcha_widget_type": "smart",
            "custom_action_required": false,
            "progressive": true,
            "mode": "public",
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
            "min_length": 4,
            "max_length": 64,
            "allow_extended_special_characters": false,
            "allow_numeric_usernames": false,
        },
        "actions": { "delete_self": true, "create_organization": true, "create_organizations_limit": null },
        "attack_protection": {
            "user_lockout": { "enabled": true, "max_attempts": 100, "duration_in_minutes": 60 },
            "pii": { "enabled": true },
            "email_link": { "require_same_client": false },
            "enumeration_protection": { "enabled": false },
        },
        "passkey_settings": { "allow_autofill": false, "show_sign_in_button": false, "satisfies_second_factor": false },
        "social": {},
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

fn attribute(enabled: bool, required: bool, strategies: &[&str]) -> Value {
    json!({
        "enabled": enabled,
        "required": required,
        "used_for_first_factor": false,
        "first_factors": strategies,
        "used_for_second_factor": false,
        "second_factors": [],
        "verifications": strategies,
        "verify_at_sign_up": false,
        "immutable": false,
    })
}

fn second_factor(strategy: &str) -> Value {
    let mut json = attribute(true, false, &[]);
    json["used_for_second_factor"] = json!(true);
    json["second_factors"] = json!([strategy]);
    json["verifications"] = json!([strategy]);
    json
}
