//! The command line and the environment of the program.

use std::{env, net::SocketAddr, path::PathBuf, time::Duration};

use clap::{
    CommandFactory as _, FromArgMatches as _, Parser, builder::NonEmptyStringValueParser, error::ErrorKind,
};
use local_clerk::{Instance, LocalClerk, LocalClerkBuilder};
use url::{Host, Url};

/// How many instances can be started at a time without waiting for their keys.
const KEYS_READY: usize = 8;

/// Serves a local Clerk: Clerk's Frontend and Backend API for development and tests, without an account and without a
/// network. It is not Clerk.
///
/// Once it listens, it prints the environment variables of an app that uses it, then `ready`. Logs go to the standard
/// error; RUST_LOG filters them. A variable that is set to nothing counts as not set.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Cli {
    /// Loopback address to listen on; port 0 takes any free port
    #[arg(long, env = "LOCAL_CLERK_ADDR", default_value = "127.0.0.1:5002", value_parser = loopback)]
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

    /// Loopback URL that webhooks are sent to, or `off`
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
}

#[derive(Clone, Debug)]
enum WebhookUrl {
    Off,
    Url(Url),
}

impl Cli {
    /// Reads the arguments, and the environment for what they leave out.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        let command = Self::command().mut_args(|argument| {
            let is_empty = argument
                .get_env()
                .and_then(env::var_os)
                .is_some_and(|value| value.is_empty());
            if is_empty { argument.env(None) } else { argument }
        });
        Self::from_arg_matches(&command.try_get_matches()?)
    }

    pub(crate) fn into_builder(self) -> LocalClerkBuilder {
        let mut builder = LocalClerk::builder()
            .addr(self.addr)
            .instance(self.instance)
            .keys_ready(KEYS_READY);
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

/// The message of an error without the usage and the hints, in one line.
pub(crate) fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    match error.kind() {
        ErrorKind::ValueValidation => line.to_owned(),
        _ => format!("{line} (see local-clerk --help)"),
    }
}

fn loopback(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .ok()
        .filter(|addr: &SocketAddr| addr.ip().is_loopback())
        .ok_or("LOCAL_CLERK_ADDR must be a loopback address such as 127.0.0.1:5002")
}

fn instance(text: &str) -> Result<Instance, &'static str> {
    match text {
        "development" => Ok(Instance::Development),
        "production" => Ok(Instance::Production),
        _ => Err("LOCAL_CLERK_INSTANCE must be `development` or `production`"),
    }
}

fn webhook_url(text: &str) -> Result<WebhookUrl, &'static str> {
    match text {
        "off" => Ok(WebhookUrl::Off),
        text => web_url(text).map(WebhookUrl::Url).map_err(|_| {
            "LOCAL_CLERK_WEBHOOK_URL must be a loopback URL such as http://localhost:3000/api/webhooks, or `off`"
        }),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_is_documented_with_its_variable() {
        for document in [
            include_str!("../README.md"),
            include_str!("../docs/local-clerk.md"),
        ] {
            let command = Cli::command();
            for argument in command
                .get_arguments()
                .filter(|argument| argument.get_env().is_some())
            {
                let option = argument.get_long().unwrap();
                let variable = argument.get_env().unwrap().to_str().unwrap();
                let row = format!("| `--{option}` | `{variable}` |");
                assert!(document.contains(&row), "{row}");
            }
        }
    }

    #[test]
    fn rejects_values_in_one_line_that_names_the_setting() {
        for (flag, value, variable) in [
            ("--addr", "0.0.0.0:5002", "LOCAL_CLERK_ADDR"),
            ("--instance", "staging", "LOCAL_CLERK_INSTANCE"),
            ("--webhook-url", "nowhere", "LOCAL_CLERK_WEBHOOK_URL"),
            ("--app-url", "localhost:3000", "LOCAL_CLERK_APP_URL"),
            ("--allowed-hosts", "*.app.test", "LOCAL_CLERK_ALLOWED_HOSTS"),
            ("--allowed-hosts", "http://app.test", "LOCAL_CLERK_ALLOWED_HOSTS"),
            ("--token-lifetime", "soon", "LOCAL_CLERK_TOKEN_LIFETIME"),
        ] {
            let error = Cli::try_parse_from(["local-clerk", flag, value]).unwrap_err();
            let line = one_line(&error);
            assert!(
                line.contains(flag) && line.contains(variable) && line.contains(value),
                "{line}"
            );
            assert!(!line.contains('\n'), "{line}");
        }
    }
}
