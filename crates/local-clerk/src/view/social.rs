//! Social connections.

use serde_json::{Value, json};

use crate::{
    domain::social::{LOGO_PATH, provider_name},
    model::Settings,
};

/// Renders the providers for the environment. The components use the logo of custom providers only, and
/// load the icons of the others from Clerk's own host.
pub(crate) fn social(settings: &Settings, frontend_api: &str) -> Value {
    let mut social = json!({});
    for strategy in settings.social_strategies() {
        social[&strategy] = json!({
            "enabled": true,
            "required": false,
            "authenticatable": true,
            "block_email_subaddresses": false,
            "strategy": strategy,
            "not_selectable": false,
            "deprecated": false,
            "name": provider_name(&strategy),
            "logo_url": format!("{frontend_api}{LOGO_PATH}"),
        });
    }
    social
}
