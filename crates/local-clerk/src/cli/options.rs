//! The options of a local Clerk that the program starts.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, builder::NonEmptyStringValueParser};
use local_clerk::{Instance, LocalClerk, LocalClerkBuilder};
use url::{Host, Url};

/// How many instances can be started at a time without waiting for their keys.
const KEYS_READY: usize = 8;

/// How to start a local Clerk, and what to do when it ends.
#[derive(Debug, Args)]
pub(crate) struct ServerOptions {
    /// Address to listen on; port 0 takes any free port. One that other machines can reach needs allowed hosts
    #[arg(long, env = "LOCAL_CLERK_ADDR", default_value = DEFAULT_ADDR, value_parser = addr)]
    addr: SocketAddr,

    /// SQLite file that stores users, sessions and keys, or `memory`
    #[arg(
        long,
        env = "LOCAL_CLERK_DATA",
        value_name = "FILE",
        default_value = "data/local-clerk.sqlite",
        value_parser = NonEmptyStringValueParser::new()
    )]
    data: String,

    /// Seed file (TOML) that new data is filled from [default: a demo user and three plans]
    #[arg(long, env = "LOCAL_CLERK_SEED", value_name = "FILE")]
    seed: Option<PathBuf>,

    /// File with an exported state that replaces the data at the start
    #[arg(long, env = "LOCAL_CLERK_IMPORT", value_name = "FILE")]
    import: Option<PathBuf>,

    /// File that the state is written to at the end, also after Ctrl-C and SIGTERM
    #[arg(long, env = "LOCAL_CLERK_EXPORT_ON_EXIT", value_name = "FILE")]
    pub(super) export_on_exit: Option<PathBuf>,

    /// Kind of instance to behave as: `development` or `production`
    #[arg(
        long,
        env = "LOCAL_CLERK_INSTANCE",
        value_name = "KIND",
        default_value = "development",
        value_parser = instance
    )]
    instance: Instance,

    /// Directory with the packages @clerk/clerk-js and @clerk/ui [default: node_modules]
    #[arg(long, env = "LOCAL_CLERK_NPM_DIR", value_name = "DIRECTORY")]
    npm_dir: Option<PathBuf>,

    /// URL on this machine or an allowed host that webhooks are sent to, or `off`
    #[arg(
        long,
        env = "LOCAL_CLERK_WEBHOOK_URL",
        value_name = "URL",
        default_value = "off",
        value_parser = webhook_url
    )]
    webhook_url: WebhookUrl,

    /// File to which every reply is appended, one line of JSON each
    #[arg(long, env = "LOCAL_CLERK_RECORD", value_name = "FILE")]
    record: Option<PathBuf>,

    /// URL at which browsers reach the app [default: learned from its requests]
    #[arg(long, env = "LOCAL_CLERK_APP_URL", value_name = "URL", value_parser = web_url)]
    app_url: Option<Url>,

    /// Hosts of apps besides loopback ones and that of the app URL, separated by commas
    #[arg(
        long,
        env = "LOCAL_CLERK_ALLOWED_HOSTS",
        value_name = "HOSTS",
        value_delimiter = ',',
        value_parser = host
    )]
    allowed_hosts: Vec<Host>,

    /// Lifetime of session tokens in seconds [default: 60, or what the seed or the stored settings say]
    #[arg(long, env = "LOCAL_CLERK_TOKEN_LIFETIME", value_name = "SECONDS", value_parser = token_lifetime)]
    token_lifetime: Option<u64>,

    /// Fail at the end if an endpoint was asked for that the local Clerk does not have
    #[arg(long, env = "LOCAL_CLERK_STRICT", value_parser = strict)]
    pub(super) strict: bool,
}

/// The address of a local Clerk that stands alone.
pub(super) const DEFAULT_ADDR: &str = "127.0.0.1:5002";

#[derive(Clone, Debug)]
enum WebhookUrl {
    Off,
    Url(Url),
}

impl ServerOptions {
    /// The file to import. One that the end of the first run will write need not exist yet.
    fn imported(&self) -> Option<&Path> {
        let file = self.import.as_deref()?;
        let is_first_run = self.export_on_exit.as_deref() == Some(file) && !file.exists();
        (!is_first_run).then_some(file)
    }

    pub(super) fn into_builder(self) -> LocalClerkBuilder {
        let mut builder = LocalClerk::builder()
            .addr(self.addr)
            .instance(self.instance)
            .strict(self.strict)
            .keys_ready(KEYS_READY);
        if let Some(file) = self.imported() {
            builder = builder.import(file);
        }
        if self.data != "memory" {
            builder = builder.data(self.data);
        }
        if let Some(seed) = self.seed {
            builder = builder.seed_file(seed);
        }
        if let Some(directory) = self.npm_dir {
            builder = builder.npm_dir(directory);
        }
        if let WebhookUrl::Url(url) = self.webhook_url {
            builder = builder.webhook_url(url);
        }
        if let Some(file) = self.record {
            builder = builder.record(file);
        }
        if let Some(url) = self.app_url {
            builder = builder.app_url(url);
        }
        builder = builder.allowed_hosts(self.allowed_hosts);
        if let Some(seconds) = self.token_lifetime {
            builder = builder.token_lifetime(Duration::from_secs(seconds));
        }
        builder
    }
}

fn addr(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .map_err(|_| "LOCAL_CLERK_ADDR must be an IP address and a port such as 127.0.0.1:5002")
}

pub(super) fn instance(text: &str) -> Result<Instance, &'static str> {
    match text {
        "development" => Ok(Instance::Development),
        "production" => Ok(Instance::Production),
        _ => Err("LOCAL_CLERK_INSTANCE must be `development` or `production`"),
    }
}

fn webhook_url(text: &str) -> Result<WebhookUrl, &'static str> {
    match text {
        "off" => Ok(WebhookUrl::Off),
        text => web_url(text).map(WebhookUrl::Url).map_err(
            |_| "LOCAL_CLERK_WEBHOOK_URL must be a URL such as http://localhost:3000/api/webhooks, or `off`",
        ),
    }
}

fn web_url(text: &str) -> Result<Url, &'static str> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or("LOCAL_CLERK_APP_URL must be a URL such as http://localhost:3000")
}

fn host(text: &str) -> Result<Host, &'static str> {
    Host::parse(text.trim())
        .ok()
        .filter(|host| !matches!(host, Host::Domain(name) if name.contains('*')))
        .ok_or("LOCAL_CLERK_ALLOWED_HOSTS must be hosts without scheme and port such as app.test, [::1]")
}

fn token_lifetime(text: &str) -> Result<u64, &'static str> {
    text.parse()
        .map_err(|_| "LOCAL_CLERK_TOKEN_LIFETIME must be a number of seconds such as 60")
}

fn strict(text: &str) -> Result<bool, &'static str> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err("LOCAL_CLERK_STRICT must be `true` or `false`"),
    }
}
