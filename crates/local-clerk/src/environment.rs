//! The environment of an app that uses this instance.

use secrecy::ExposeSecret as _;

use crate::{keys::Keys, model::own_frontend_api};

/// Returns the environment variables that configure an app, with Clerk's names. `own` is the host and port
/// that this instance listens on. The JWT key is a single line, which the SDKs accept: without its armor.
pub(crate) fn environment(keys: &Keys, own: &str) -> [(&'static str, String); 6] {
    let jwt_key = keys
        .jwt_key
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    [
        ("CLERK_PUBLISHABLE_KEY", keys.publishable_key.clone()),
        ("CLERK_SECRET_KEY", keys.secret_key.expose_secret().to_owned()),
        ("CLERK_JWT_KEY", jwt_key),
        ("CLERK_API_URL", format!("http://{own}")),
        ("CLERK_FAPI_URL", own_frontend_api(own)),
        (
            "CLERK_WEBHOOK_SIGNING_SECRET",
            keys.webhook_secret.expose_secret().to_owned(),
        ),
    ]
}
