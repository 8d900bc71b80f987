//! The attributes of users, how they sign in, and what they may do.

use serde_json::{Value, json};

use crate::{
    domain::identifiers::{USERNAME_MAX_LENGTH, USERNAME_MIN_LENGTH},
    model::{PASSKEY, Restrictions, SecondFactor, Settings, Use},
    password, view,
};

pub(super) fn user_settings(settings: &Settings, restrictions: &Restrictions, frontend_api: &str) -> Value {
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
            "passkey": passkey(settings),
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
            "allowlist": { "enabled": restrictions.allowlist },
            "blocklist": { "enabled": restrictions.blocklist },
            "allowlist_blocklist_disabled_on_sign_in": { "enabled": false },
            "block_email_subaddresses": { "enabled": restrictions.block_email_subaddresses },
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
        "passkey_settings": {
            "allow_autofill": settings.passkey_autofill,
            "show_sign_in_button": settings.passkey_button,
            "satisfies_second_factor": settings.passkey_satisfies_second_factor,
        },
        "social": view::social(settings, frontend_api),
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

/// An identifier that users sign in with, and the strategies that verify it.
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
    if settings.offers(SecondFactor::PhoneCode) {
        json["used_for_second_factor"] = json!(true);
        json["second_factors"] = json!(["phone_code"]);
    }
    json
}

fn passkey(settings: &Settings) -> Value {
    if !settings.passkeys {
        return attribute(Use::Off, &[]);
    }
    let mut json = attribute(Use::Optional, &[PASSKEY]);
    json["used_for_first_factor"] = json!(true);
    json["first_factors"] = json!([PASSKEY]);
    json
}

fn second_factor(settings: &Settings, factor: SecondFactor) -> Value {
    if !settings.offers(factor) {
        return attribute(Use::Off, &[]);
    }
    let mut json = attribute(Use::Optional, &[]);
    json["used_for_second_factor"] = json!(true);
    json["second_factors"] = json!([factor]);
    json["verifications"] = json!([factor]);
    json
}
