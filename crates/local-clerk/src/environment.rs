//! The environment of an app that uses this instance.

use secrecy::ExposeSecret as _;

use crate::{
    keys::{Instance, Keys},
    model::{CLERK_JS, CLERK_UI, own_frontend_api},
};

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

/// Where SDKs for browsers find the Frontend API and the two scripts. Without the first, they ask the host that the publishable
/// key names, which does not exist. Without the others, they load the scripts from the proxy by HTTPS, which it does not speak.
const IN_BROWSERS: [(&str, &str); 12] = [
    ("NEXT_PUBLIC_CLERK_PROXY_URL", ""),
    ("NEXT_PUBLIC_CLERK_JS_URL", CLERK_JS),
    ("NEXT_PUBLIC_CLERK_UI_URL", CLERK_UI),
    ("VITE_CLERK_PROXY_URL", ""),
    ("VITE_CLERK_JS_URL", CLERK_JS),
    ("VITE_CLERK_UI_URL", CLERK_UI),
    ("PUBLIC_CLERK_PROXY_URL", ""),
    ("PUBLIC_CLERK_JS_URL", CLERK_JS),
    ("PUBLIC_CLERK_UI_URL", CLERK_UI),
    ("NUXT_PUBLIC_CLERK_PROXY_URL", ""),
    ("NUXT_PUBLIC_CLERK_JS_URL", CLERK_JS),
    ("NUXT_PUBLIC_CLERK_UI_URL", CLERK_UI),
];

/// What keeps SDKs from sending telemetry of an instance that is none of Clerk's.
const WITHOUT_TELEMETRY: [&str; 5] = [
    "CLERK_TELEMETRY_DISABLED",
    "NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED",
    "VITE_CLERK_TELEMETRY_DISABLED",
    "PUBLIC_CLERK_TELEMETRY_DISABLED",
    "NUXT_PUBLIC_CLERK_TELEMETRY_DISABLED",
];

/// Returns the variables of [`environment`], and after them what frameworks read by names of their own.
///
/// Cookies of a production instance belong to the app's host: its browsers have to use the app's proxy.
pub(crate) fn with_further_names(keys: &Keys, own: &str) -> Vec<(&'static str, String)> {
    let own_variables = environment(keys, own);
    let further = FURTHER_NAMES.iter().filter_map(|(further, name)| {
        let (_, value) = own_variables.iter().find(|(known, _)| known == name)?;
        Some((*further, value.clone()))
    });
    let in_browsers = match keys.instance {
        Instance::Development => &IN_BROWSERS[..],
        Instance::Production => &[],
    };
    let in_browsers = in_browsers
        .iter()
        .map(|(name, path)| (*name, format!("{}{path}", own_frontend_api(own))));
    own_variables
        .iter()
        .cloned()
        .chain(further)
        .chain(in_browsers)
        .chain(WITHOUT_TELEMETRY.map(|name| (name, "1".to_owned())))
        .collect()
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
