//! Which Clerk instance to use: the one whose keys are set, or the local one.

use std::net::SocketAddr;

use secrecy::SecretString;
use url::Url;

use super::{LocalClerkConfig, local_clerk::Wanted, problem::Reader};
use crate::clerk::{WebhookSecret, proxy::PROXY_PATH};

/// Where the keys of an instance are shown.
const API_KEYS: &str = "https://dashboard.clerk.com/~/api-keys";

/// Variables that say more about an instance whose keys are set, and nothing about the local Clerk.
const OF_AN_INSTANCE: [&str; 7] = [
    "CLERK_JWT_KEY",
    "CLERK_API_URL",
    "CLERK_FAPI_URL",
    "CLERK_PROXY_URL",
    "CLERK_DOMAIN",
    "CLERK_IS_SATELLITE",
    "CLERK_WEBHOOK_SIGNING_SECRET",
];

/// Which instance to use.
#[derive(Clone, Debug)]
pub enum Source {
    /// The one whose keys are set.
    Instance(Instance),
    /// A local Clerk, to be started first.
    Local(LocalClerkConfig),
}

/// The keys and addresses of a Clerk instance.
#[derive(Clone, Debug)]
pub struct Instance {
    pub publishable_key: String,
    pub secret_key: SecretString,
    pub api_url: Url,
    /// Where the app's Frontend API proxy forwards to.
    pub fapi_url: Option<Url>,
    /// Absolute, or a path of the app.
    pub proxy_url: Option<String>,
    /// None: webhooks are not received.
    pub webhook_secret: Option<WebhookSecret>,
    /// Whether it is the local Clerk.
    pub local: bool,
}

impl Instance {
    /// The local Clerk, reached by browsers through the app's proxy.
    #[must_use]
    pub fn local(
        publishable_key: String,
        secret_key: SecretString,
        api_url: Url,
        fapi_url: Url,
        webhook_secret: Option<WebhookSecret>,
    ) -> Self {
        let (fapi_url, proxy_url) = (Some(fapi_url), Some(PROXY_PATH.to_owned()));
        Self {
            publishable_key,
            secret_key,
            api_url,
            fapi_url,
            proxy_url,
            webhook_secret,
            local: true,
        }
    }

    /// The instance whose keys are set, if both are.
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let api_url = reader
            .url("CLERK_API_URL", "https://api.clerk.com")
            .unwrap_or_else(|| {
                #[expect(clippy::expect_used, reason = "a constant URL")]
                Url::parse("https://api.clerk.com").expect("a valid URL")
            });
        let fapi_url = reader.url("CLERK_FAPI_URL", "https://frontend-api.clerk.dev");
        let proxy_url = reader.path_or_url("CLERK_PROXY_URL", PROXY_PATH);
        let webhook_secret = reader.webhook_secret("CLERK_WEBHOOK_SIGNING_SECRET");
        let mut key = |name: &str| {
            let value = reader.owned(name);
            if value.is_none() {
                reader.problem(name, "is missing", format!("copy it from {API_KEYS}"));
            }
            value
        };
        let (publishable_key, secret_key) = (key("CLERK_PUBLISHABLE_KEY"), key("CLERK_SECRET_KEY"));
        let (publishable_key, secret_key) = (publishable_key?, SecretString::from(secret_key?));
        Some(Self {
            publishable_key,
            secret_key,
            api_url,
            fapi_url,
            proxy_url,
            webhook_secret,
            local: false,
        })
    }
}

impl Source {
    /// `has_local_clerk` says whether this build contains the local Clerk.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        site_addr: SocketAddr,
        has_local_clerk: bool,
    ) -> Option<Self> {
        let wanted = Wanted::read(reader);
        let local = LocalClerkConfig::read(reader);
        let has_keys = ["CLERK_PUBLISHABLE_KEY", "CLERK_SECRET_KEY"]
            .iter()
            .any(|name| reader.text(name).is_some());

        match wanted {
            Wanted::On if has_keys => {
                reader.problem(
                    "LOCAL_CLERK",
                    "is `on` while CLERK_PUBLISHABLE_KEY or CLERK_SECRET_KEY is set",
                    "remove the keys to use the local Clerk, or LOCAL_CLERK to use theirs",
                );
                return None;
            }
            Wanted::Off => return Instance::read(reader).map(Self::Instance),
            Wanted::Auto if has_keys || !has_local_clerk => {
                return Instance::read(reader).map(Self::Instance);
            }
            Wanted::On if !has_local_clerk => {
                reader.problem(
                    "LOCAL_CLERK",
                    "is `on`, but this build has no local Clerk",
                    "build with `--features ssr,local-clerk`, or set CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY",
                );
                return None;
            }
            // The local Clerk accepts a code that everyone knows, and browsers reach it through the app.
            Wanted::Auto if !site_addr.ip().is_loopback() => reader.problem(
                "LEPTOS_SITE_ADDR",
                format!("is {site_addr}, which opens the app, and with it the local Clerk, to the network"),
                "set CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY, or LOCAL_CLERK=on if this is meant",
            ),
            Wanted::Auto | Wanted::On => {}
        }
        for name in OF_AN_INSTANCE {
            if reader.text(name).is_some() {
                reader.problem(
                    name,
                    "is set, but no Clerk keys are",
                    "set CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY too, or remove it to use the local Clerk",
                );
            }
        }
        if local.addr == site_addr && site_addr.port() != 0 {
            reader.problem(
                "LOCAL_CLERK_ADDR",
                format!("is {site_addr}, which is LEPTOS_SITE_ADDR too"),
                "choose another port",
            );
        }
        Some(Self::Local(local))
    }
}
