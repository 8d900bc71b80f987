//! The configuration of the local Clerk.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use axum_clerk::clerk_auth::is_loopback;
use url::{Host, Url};

use super::{
    reader::{Reader, parse_url},
    trust::{parse_host, parse_list},
};

/// How to start the local Clerk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalClerkConfig {
    /// Where it listens; a loopback address.
    pub addr: SocketAddr,
    /// Where it keeps its users and keys.
    pub data: LocalData,
    /// The kind of instance it acts as.
    pub instance: LocalInstance,
    /// The file to which every reply is appended.
    pub record: Option<PathBuf>,
    /// The seed file of new data.
    pub seed: Option<PathBuf>,
    /// The directory of npm packages with clerk-js.
    pub npm_dir: Option<PathBuf>,
    /// The lifetime of its session tokens.
    pub token_lifetime: Option<Duration>,
    /// Hosts of apps besides loopback ones.
    pub allowed_hosts: Vec<Host>,
    /// Where it sends webhooks.
    pub webhooks: LocalWebhooks,
}

/// Where the local Clerk keeps its users and keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalData {
    /// In this file.
    File(PathBuf),
    /// In memory, until it stops.
    Memory,
}

/// Where the local Clerk sends its webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalWebhooks {
    /// To the app of this process.
    App,
    /// To another program on this machine.
    Url(Url),
    /// Nowhere.
    Off,
}

/// The kind of Clerk instance that the local Clerk acts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalInstance {
    /// A development instance, which identifies browsers by a token in the URL.
    Development,
    /// A production instance.
    Production,
}

/// Whether to start the local Clerk (`LOCAL_CLERK`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LocalClerkMode {
    /// If no Clerk keys are set.
    Auto,
    On,
    Off,
}

impl LocalClerkMode {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        reader
            .parse_with("LOCAL_CLERK", "`auto`, `on` or `off`", |text| match text {
                "auto" => Some(Self::Auto),
                "on" => Some(Self::On),
                "off" => Some(Self::Off),
                _ => None,
            })
            .unwrap_or(Self::Auto)
    }
}

impl LocalClerkConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let loopback = "a loopback address such as 127.0.0.1:5002";
        let addr = reader.parse_with("LOCAL_CLERK_ADDR", loopback, |text| {
            let addr = text.parse().ok();
            addr.filter(|addr: &SocketAddr| addr.ip().is_loopback())
        });
        let kinds = "`development` or `production`";
        let instance = reader.parse_with("LOCAL_CLERK_INSTANCE", kinds, |text| match text {
            "development" => Some(LocalInstance::Development),
            "production" => Some(LocalInstance::Production),
            _ => None,
        });
        let data = match reader.text("LOCAL_CLERK_DATA") {
            Some("memory") => LocalData::Memory,
            Some(path) => LocalData::File(path.into()),
            None => LocalData::File("data/local-clerk.sqlite".into()),
        };
        let webhooks = reader.parse_with(
            "LOCAL_CLERK_WEBHOOK_URL",
            "a loopback URL such as http://localhost:3000/api/webhooks, or `off`",
            |text| match text {
                "off" => Some(LocalWebhooks::Off),
                url => parse_url(url).filter(is_loopback).map(LocalWebhooks::Url),
            },
        );
        let hosts = "hosts without scheme and port such as app.test, [::1], separated by commas";
        let allowed_hosts = reader.parse_with("LOCAL_CLERK_ALLOWED_HOSTS", hosts, |text| {
            parse_list(text, parse_host)
        });
        Self {
            addr: addr.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 5002))),
            data,
            instance: instance.unwrap_or(LocalInstance::Development),
            record: reader.text("LOCAL_CLERK_RECORD").map(PathBuf::from),
            seed: reader.text("LOCAL_CLERK_SEED").map(PathBuf::from),
            npm_dir: reader.text("LOCAL_CLERK_NPM_DIR").map(PathBuf::from),
            token_lifetime: reader
                .parse("LOCAL_CLERK_TOKEN_LIFETIME", "a number of seconds such as 60")
                .map(Duration::from_secs),
            allowed_hosts: allowed_hosts.unwrap_or_default(),
            webhooks: webhooks.unwrap_or(LocalWebhooks::App),
        }
    }
}
