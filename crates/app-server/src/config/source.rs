//! The choice of the Clerk instance.

use axum_clerk::{Options, clerk_auth::is_loopback};
use http_server::{AllowedHost, TrustConfig};
use leptos_config::{Env, LeptosOptions};
use url::Url;

use super::{LocalClerkConfig, Reader, local_clerk::LocalClerkMode};

/// Variables that describe a hosted instance and do not apply to the local Clerk.
const HOSTED_ONLY: [&str; 8] = [
    "CLERK_JWT_KEY",
    "CLERK_MACHINE_SECRET_KEY",
    "CLERK_API_URL",
    "CLERK_FAPI_URL",
    "CLERK_PROXY_URL",
    "CLERK_DOMAIN",
    "CLERK_IS_SATELLITE",
    "CLERK_WEBHOOK_SIGNING_SECRET",
];

/// Which Clerk instance to use.
#[derive(Clone, Debug)]
pub enum ClerkSource {
    /// The instance whose keys are set.
    Instance(Box<Options>),
    /// A local Clerk, to be started first; its keys and addresses complete the options.
    Local(Box<LocalClerkConfig>, Box<Options>),
}

impl ClerkSource {
    /// Reads `CLERK_…`, `LOCAL_CLERK` and `LOCAL_CLERK_…`. `has_local_clerk` says whether this build contains the local Clerk.
    pub fn read(
        reader: &mut Reader<'_>,
        leptos: &LeptosOptions,
        app_url: &Url,
        trust: &TrustConfig,
        has_local_clerk: bool,
    ) -> Option<Self> {
        let mode = LocalClerkMode::read(reader);
        let local = LocalClerkConfig::read(reader);
        let has_keys = ["CLERK_PUBLISHABLE_KEY", "CLERK_SECRET_KEY"]
            .iter()
            .any(|name| reader.text(name).is_some());

        match mode {
            LocalClerkMode::On if has_keys => {
                reader.error(
                    "LOCAL_CLERK",
                    "is `on` while CLERK_PUBLISHABLE_KEY or CLERK_SECRET_KEY is set",
                    "remove the keys to use the local Clerk, or LOCAL_CLERK to use theirs",
                );
                return None;
            }
            LocalClerkMode::Off => return hosted(reader, app_url),
            LocalClerkMode::Auto if has_keys || !has_local_clerk => return hosted(reader, app_url),
            LocalClerkMode::On if !has_local_clerk => {
                reader.error(
                    "LOCAL_CLERK",
                    "is `on`, but this build has no local Clerk",
                    "use a development build such as that of `make run`, or set CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY",
                );
                return None;
            }
            LocalClerkMode::Auto => refuse_unless_intended(reader, leptos),
            LocalClerkMode::On => {}
        }
        refuse_in_production(reader, leptos, app_url);
        if trust.hosts.contains(&AllowedHost::Any) {
            reader.error(
                "ALLOWED_HOSTS",
                "is `*`, with which any web page could reach the local Clerk through the app (DNS rebinding)",
                "list the hosts of the app, or remove it to answer for loopback hosts",
            );
        }
        for name in HOSTED_ONLY {
            if reader.text(name).is_some() {
                reader.error(
                    name,
                    "is set, but no Clerk keys are",
                    "set CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY too, or remove it to use the local Clerk",
                );
            }
        }
        let site_addr = leptos.site_addr;
        if local.addr == site_addr && site_addr.port() != 0 {
            reader.error(
                "LOCAL_CLERK_ADDR",
                format!("is {site_addr}, which is also LEPTOS_SITE_ADDR"),
                "choose another port",
            );
        }
        let mut options = Options::new("", "");
        if let Err(errors) = options.apply_vars(|name| reader.text(name).map(str::to_owned)) {
            reader.extend(errors);
        }
        Some(Self::Local(
            Box::new(local),
            Box::new(with_default_pages(options)),
        ))
    }
}

/// Refuses to start the local Clerk by default where keys were probably meant to be set, or where others can reach it
/// through the app.
fn refuse_unless_intended(reader: &mut Reader<'_>, leptos: &LeptosOptions) {
    for name in reader.environment().unknown_of_clerk() {
        reader.error(
            name,
            "is not a known variable",
            "correct or remove it, or set LOCAL_CLERK=on if the local Clerk is intended",
        );
    }
    if !leptos.site_addr.ip().is_loopback() {
        reader.error(
            "LEPTOS_SITE_ADDR",
            format!(
                "is {}, which exposes the app and the local Clerk to the network",
                leptos.site_addr
            ),
            "set CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY, or LOCAL_CLERK=on if this is intended",
        );
    }
}

/// Refuses to start the local Clerk, even on request, in what looks like production: it accepts a code that everyone
/// knows.
fn refuse_in_production(reader: &mut Reader<'_>, leptos: &LeptosOptions, app_url: &Url) {
    if leptos.env == Env::PROD {
        reader.error(
            "LEPTOS_ENV",
            "is PROD, where the local Clerk would let everybody sign in as anybody",
            "set CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY, or remove it to use the local Clerk",
        );
    }
    if !is_loopback(app_url) {
        reader.error(
            "APP_URL",
            format!("is {app_url}, where the local Clerk would let everybody sign in as anybody"),
            "set CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY, or use the local Clerk at a URL such as http://localhost:5001",
        );
    }
}

/// Reads the options of a hosted instance; both keys are required.
fn hosted(reader: &mut Reader<'_>, app_url: &Url) -> Option<ClerkSource> {
    let is_production = [
        ("CLERK_PUBLISHABLE_KEY", "pk_live_"),
        ("CLERK_SECRET_KEY", "sk_live_"),
    ]
    .iter()
    .any(|(name, prefix)| reader.text(name).is_some_and(|key| key.starts_with(prefix)));
    if is_production {
        let expected = "set it to the URL at which browsers reach the app, such as https://app.example";
        if reader.text("APP_URL").is_none() {
            let problem = "is missing, but the Clerk keys are those of a production instance";
            reader.error("APP_URL", problem, expected);
        } else if app_url.scheme() != "https" && !is_loopback(app_url) {
            let problem = format!("is {app_url}, where everybody on the way can read session tokens");
            reader.error("APP_URL", problem, expected);
        }
    }
    match Options::from_vars(|name| reader.text(name).map(str::to_owned)) {
        Ok(mut options) => {
            // Another site below the same domain could otherwise plant a session of its own in a cookie.
            if is_production && options.authorized_parties.is_empty() {
                options.authorized_parties = vec![app_url.origin().ascii_serialization()];
                options.accept_missing_azp = true;
            }
            Some(ClerkSource::Instance(Box::new(with_default_pages(options))))
        }
        Err(errors) => {
            reader.extend(errors);
            None
        }
    }
}

/// Points to the app's own pages, unless the environment names others. A satellite signs in at its primary: in production at
/// the page that Clerk hosts, if none is named.
fn with_default_pages(mut options: Options) -> Options {
    if !options.is_satellite {
        options.sign_in_url.get_or_insert_with(|| "/sign-in".to_owned());
        options.sign_up_url.get_or_insert_with(|| "/sign-up".to_owned());
    }
    options.waitlist_url.get_or_insert_with(|| "/waitlist".to_owned());
    options
}
