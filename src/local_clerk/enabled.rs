//! Starts the local Clerk through its library.

use std::{
    collections::BTreeMap,
    error::Error,
    net::{Ipv4Addr, SocketAddr},
};

use axum_clerk::{Options, clerk_auth::PROXY_PATH};
use leptos_with_clerk::config::{Config, LocalClerkConfig, LocalData, LocalInstance, LocalWebhooks};
use url::Url;

pub(crate) const AVAILABLE: bool = true;

/// A local Clerk that is listening.
pub(crate) struct LocalClerk(local_clerk::LocalClerk);

/// Starts the local Clerk of the app with this configuration.
pub(crate) async fn start(config: &LocalClerkConfig, app: &Config) -> Result<LocalClerk, Box<dyn Error>> {
    let mut builder = local_clerk::LocalClerk::builder()
        .addr(config.addr)
        .app_url(app.app_url.clone())
        .allowed_hosts(config.allowed_hosts.iter().cloned())
        .instance(match config.instance {
            LocalInstance::Development => local_clerk::Instance::Development,
            LocalInstance::Production => local_clerk::Instance::Production,
        });
    if let LocalData::File(path) = &config.data {
        builder = builder.data(path);
    }
    if let Some(path) = &config.seed {
        builder = builder.seed_file(path);
    }
    if let Some(path) = &config.record {
        builder = builder.record(path);
    }
    if let Some(lifetime) = config.token_lifetime {
        builder = builder.token_lifetime(lifetime);
    }
    // Without one, packages in the working directory are served, or else those beside the sources.
    let sources = || concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules").into();
    builder = builder.npm_dir(config.npm_dir.clone().unwrap_or_else(sources));
    match &config.webhooks {
        LocalWebhooks::Url(url) => builder = builder.webhook_url(url.clone()),
        LocalWebhooks::App => builder = builder.webhook_url(webhook_url(app.leptos.site_addr)?),
        LocalWebhooks::Off => {}
    }
    Ok(LocalClerk(builder.start().await?))
}

impl LocalClerk {
    /// Adds its keys and addresses to the options. Browsers reach it through the app's proxy.
    pub(crate) fn complete(&self, options: Options) -> Result<Options, Box<dyn Error>> {
        let variables: BTreeMap<_, _> = self.0.environment().into_iter().collect();
        let own = Options::from_vars(|name| variables.get(name).cloned())?;
        let pin = |url: &Option<String>, package| match url {
            None => self.0.script_integrity(package),
            Some(_) => None,
        };
        Ok(Options {
            publishable_key: own.publishable_key,
            secret_key: own.secret_key,
            api_url: own.api_url,
            fapi_url: own.fapi_url,
            proxy_url: Some(PROXY_PATH.to_owned()),
            webhook_secret: own.webhook_secret,
            clerk_js_integrity: pin(&options.clerk_js_url, "clerk-js"),
            clerk_ui_integrity: pin(&options.clerk_ui_url, "ui"),
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
