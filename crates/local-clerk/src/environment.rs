//! The environment of an app that uses this instance.

use secrecy::ExposeSecret as _;

use crate::{keys::Keys, model::own_frontend_api};

/// Further names of these variables, which Clerk's SDKs for Next.js, Vite, Expo, Astro and Nuxt read: only a variable with
/// the framework's prefix reaches the browser, and Nuxt reads no other ones at all.
const FURTHER_NAMES: [(&str, &str); 9] = [
    ("NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY", "CLERK_PUBLISHABLE_KEY"),
    ("VITE_CLERK_PUBLISHABLE_KEY", "CLERK_PUBLISHABLE_KEY"),
    ("EXPO_PUBLIC_CLERK_PUBLISHABLE_KEY", "CLERK_PUBLISHABLE_KEY"),
    ("PUBLIC_CLERK_PUBLISHABLE_KEY", "CLERK_PUBLISHABLE_KEY"),
    ("NUXT_PUBLIC_CLERK_PUBLISHABLE_KEY", "CLERK_PUBLISHABLE_KEY"),
    ("NUXT_PUBLIC_CLERK_API_URL", "CLERK_API_URL"),
    ("NUXT_CLERK_SECRET_KEY", "CLERK_SECRET_KEY"),
    ("NUXT_CLERK_JWT_KEY", "CLERK_JWT_KEY"),
    (
        "NUXT_CLERK_WEBHOOK_SIGNING_SECRET",
        "CLERK_WEBHOOK_SIGNING_SECRET",
    ),
];

/// Returns these variables, and after them the same values by the names that frameworks read.
pub(crate) fn with_further_names(
    variables: impl IntoIterator<Item = (&'static str, String)>,
) -> Vec<(&'static str, String)> {
    let mut all: Vec<_> = variables.into_iter().collect();
    for (further, name) in FURTHER_NAMES {
        let value = all.iter().find(|(known, _)| *known == name);
        if let Some((_, value)) = value.cloned() {
            all.push((further, value));
        }
    }
    all
}

/// Returns `NAME=value` lines. The PEM of the JWT key is reduced to its Base64, because a line can neither contain line breaks nor,
/// in a shell, spaces.
pub(crate) fn env_file(variables: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let line = |(name, value): (&str, String)| {
        let value: String = value.lines().filter(|line| !line.starts_with("-----")).collect();
        format!("{name}={value}\n")
    };
    variables.into_iter().map(line).collect()
}

/// Returns the environment variables that configure an app, with Clerk's names. `own` is the host and port
/// that this instance listens on.
pub(crate) fn environment(keys: &Keys, own: &str) -> [(&'static str, String); 6] {
    [
        ("CLERK_PUBLISHABLE_KEY", keys.publishable_key.clone()),
        ("CLERK_SECRET_KEY", keys.secret_key.expose_secret().to_owned()),
        ("CLERK_JWT_KEY", keys.jwt_key.clone()),
        ("CLERK_API_URL", format!("http://{own}")),
        ("CLERK_FAPI_URL", own_frontend_api(own)),
        (
            "CLERK_WEBHOOK_SIGNING_SECRET",
            keys.webhook_secret.expose_secret().to_owned(),
        ),
    ]
}
