//! The local Clerk: whether to start it, and how.

use std::{net::SocketAddr, path::PathBuf};

use url::{Host, Url};

use super::error::{Reader, parse_url};

/// How to start the local Clerk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalClerkConfig {
    /// Loopback only.
    pub addr: SocketAddr,
    pub data: LocalData,
    pub instance: LocalInstance,
    /// Where to write every reply down.
    pub record: Option<PathBuf>,
    /// What new data begins with.
    pub seed: Option<PathBuf>,
    pub webhooks: LocalWebhooks,
}

/// Where the local Clerk keeps its users and keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalData {
    File(PathBuf),
    Memory,
}

/// Where the local Clerk sends its webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalWebhooks {
    /// To this program, if the app runs in it.
    App,
    /// To a program of this machine.
    Url(Url),
    Off,
}

/// Which kind of Clerk instance the local Clerk plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalInstance {
    Development,
    Production,
}

/// `LOCAL_CLERK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LocalClerkMode {
    /// When no Clerk keys are set.
    Auto,
    On,
    Off,
}

impl LocalClerkMode {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        reader
            .read("LOCAL_CLERK", "`auto`, `on` or `off`", |text| match text {
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
        let addr = reader.read(
            "LOCAL_CLERK_ADDR",
            "a loopback address such as 127.0.0.1:5002",
            |text| {
                text.parse()
                    .ok()
                    .filter(|addr: &SocketAddr| addr.ip().is_loopback())
            },
        );
        let instance = reader.read(
            "LOCAL_CLERK_INSTANCE",
            "`development` or `production`",
            |text| match text {
                "development" => Some(LocalInstance::Development),
                "production" => Some(LocalInstance::Production),
                _ => None,
            },
        );
        let data = match reader.text("LOCAL_CLERK_DATA") {
            Some("memory") => LocalData::Memory,
            Some(path) => LocalData::File(path.into()),
            None => LocalData::File("data/local-clerk.sqlite".into()),
        };
        let webhooks = reader.read(
            "LOCAL_CLERK_WEBHOOK_URL",
            "a loopback URL such as http://localhost:3000/api/webhooks, or `off`",
            |text| match text {
                "off" => Some(LocalWebhooks::Off),
                url => parse_url(url).filter(is_loopback).map(LocalWebhooks::Url),
            },
        );
        Self {
            addr: addr.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 5002))),
            data,
            instance: instance.unwrap_or(LocalInstance::Development),
            record: reader.text("LOCAL_CLERK_RECORD").map(PathBuf::from),
            seed: reader.text("LOCAL_CLERK_SEED").map(PathBuf::from),
            webhooks: webhooks.unwrap_or(LocalWebhooks::App),
        }
    }
}

/// Whether the address is on this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
