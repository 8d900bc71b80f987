//! The choice of the Clerk instance.

use std::net::SocketAddr;

use axum_clerk::Options;

use super::{LocalClerkConfig, error::Reader, local_clerk::LocalClerkMode};

/// Variables that describe a hosted instance and do not apply to the local Clerk.
const HOSTED_ONLY: [&str; 7] = [
    "CLERK_JWT_KEY",
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
    /// Decides by the variables. `has_local_clerk` says whether this build contains the local Clerk.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        site_addr: SocketAddr,
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
            LocalClerkMode::Off => return hosted(reader),
            LocalClerkMode::Auto if has_keys || !has_local_clerk => return hosted(reader),
            LocalClerkMode::On if !has_local_clerk => {
                reader.error(
                    "LOCAL_CLERK",
                    "is `on`, but this build has no local Clerk",
                    "use a development build such as that of `make run`, or set CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY",
                );
                return None;
            }
            // The local Clerk accepts a code that everyone knows, and it is reachable through the app.
            LocalClerkMode::Auto if !site_addr.ip().is_loopback() => reader.error(
                "LEPTOS_SITE_ADDR",
                format!("is {site_addr}, which exposes the app and the local Clerk to the network"),
                "set CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY, or LOCAL_CLERK=on if this is intended",
            ),
            LocalClerkMode::Auto | LocalClerkMode::On => {}
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

/// Reads the options of a hosted instance; both keys are required.
fn hosted(reader: &mut Reader<'_>) -> Option<ClerkSource> {
    match Options::from_vars(|name| reader.text(name).map(str::to_owned)) {
        Ok(options) => Some(ClerkSource::Instance(Box::new(with_default_pages(options)))),
        Err(errors) => {
            reader.extend(errors);
            None
        }
    }
}

/// Points to the app's own sign-in and sign-up pages, unless the environment names others.
fn with_default_pages(mut options: Options) -> Options {
    options.sign_in_url.get_or_insert_with(|| "/sign-in".to_owned());
    options.sign_up_url.get_or_insert_with(|| "/sign-up".to_owned());
    options
}
