//! Starts the local Clerk through its library.

use std::{
    collections::BTreeMap,
    error::Error,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use axum_clerk::{Options, clerk_auth::PROXY_PATH};
use leptos_with_clerk::config::{Config, LocalClerkConfig, LocalData, LocalInstance, LocalWebhooks};
use url::Url;

pub(crate) const AVAILABLE: bool = true;

/// A local Clerk that is listening.
pub(crate) struct LocalClerk(local_clerk::LocalClerk);

/// Starts the local Clerk. `app` is the configuration of the app, unless it runs standalone.
pub(crate) async fn start(
    config: &LocalClerkConfig,
    app: Option<&Config>,
) -> Result<LocalClerk, Box<dyn Error>> {
    let started = local_clerk::start(local_clerk::Config {
        addr: config.addr,
        data: match &config.data {
            LocalData::File(path) => local_clerk::Data::File(path.clone()),
            LocalData::Memory => local_clerk::Data::Memory,
        },
        instance: match config.instance {
            LocalInstance::Development => local_clerk::Instance::Development,
            LocalInstance::Production => local_clerk::Instance::Production,
        },
        seed: config.seed.clone(),
        npm_dir: npm_dir()?,
        record: config.record.clone(),
        webhook_url: match (&config.webhooks, app) {
            (LocalWebhooks::Url(url), _) => Some(url.clone()),
            (LocalWebhooks::App, Some(app)) => Some(webhook_url(app.leptos.site_addr)?),
            (LocalWebhooks::App, None) | (LocalWebhooks::Off, _) => None,
        },
        app_url: app.map(|app| app.app_url.clone()),
    })
    .await?;
    Ok(LocalClerk(started))
}

impl LocalClerk {
    /// Returns the variables that configure another app.
    pub(crate) fn environment(&self) -> impl IntoIterator<Item = (&'static str, String)> {
        self.0.environment()
    }

    /// Adds its keys and addresses to the options. Browsers reach it through the app's proxy.
    pub(crate) fn complete(&self, options: Options) -> Result<Options, Box<dyn Error>> {
        let variables: BTreeMap<_, _> = self.environment().into_iter().collect();
        let own = Options::from_vars(|name| variables.get(name).cloned())?;
        Ok(Options {
            publishable_key: own.publishable_key,
            secret_key: own.secret_key,
            api_url: own.api_url,
            fapi_url: own.fapi_url,
            proxy_url: Some(PROXY_PATH.to_owned()),
            webhook_secret: own.webhook_secret,
            local: true,
            ..options
        })
    }

    pub(crate) async fn shutdown(self) {
        self.0.shutdown().await;
    }
}

/// Returns the app's own address for webhooks.
fn webhook_url(mut app: SocketAddr) -> Result<Url, url::ParseError> {
    if app.ip().is_unspecified() {
        app.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    Url::parse(&format!("http://{app}/webhooks/clerk"))
}

/// Finds the npm packages that the local Clerk serves: in the working directory, or else where the program was built.
fn npm_dir() -> Result<PathBuf, &'static str> {
    [
        PathBuf::from("node_modules"),
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules")),
    ]
    .into_iter()
    .find(|directory| directory.join("@clerk/clerk-js").is_dir())
    .ok_or("node_modules has no @clerk/clerk-js, which the local Clerk serves: run `make setup` or `npm ci`")
}
