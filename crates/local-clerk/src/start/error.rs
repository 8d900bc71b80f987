//! Why starting fails.

use std::{io, net::SocketAddr, path::PathBuf};

use url::Url;

use crate::model::TOKEN_LIFETIMES;

/// Why a local Clerk could not be started. Each message names the environment variable of the setting that the
/// program `local-clerk` reads, where there is one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is not a loopback address, and no hosts are allowed at which other machines may reach it.
    #[error(
        "LOCAL_CLERK_ADDR is {0}, which other machines can reach: set LOCAL_CLERK_ALLOWED_HOSTS to the hosts under which \
         they reach the local Clerk and the apps, or use 127.0.0.1"
    )]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on; it may be in use.
    #[error("the local Clerk cannot listen on {addr} (LOCAL_CLERK_ADDR): {source}")]
    Bind {
        /// The address that was to be listened on.
        addr: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The webhook URL leads neither to this machine nor to a host that is allowed.
    #[error(
        "LOCAL_CLERK_WEBHOOK_URL is {0}, but webhooks are sent to this machine only: use a loopback URL, or add the host to \
         LOCAL_CLERK_ALLOWED_HOSTS"
    )]
    WebhookNotLoopback(Url),
    /// The HTTP client that sends webhooks could not be set up.
    #[error("the local Clerk cannot send webhooks: {reason}")]
    Webhooks {
        /// What the HTTP client reported.
        reason: String,
    },
    /// The data file cannot be opened, read or written.
    #[error("the local Clerk cannot use {data} (LOCAL_CLERK_DATA): {reason}")]
    Data {
        /// The data file, or `memory`.
        data: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file that replies are recorded in cannot be opened.
    #[error("the local Clerk cannot write to {path} (LOCAL_CLERK_RECORD): {source}", path = path.display())]
    Record {
        /// The file that was to be appended to.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The seed cannot be read, or has a mistake.
    #[error("the local Clerk cannot use the seed {seed}: {reason}")]
    Seed {
        /// Where the seed comes from: the file, or the text of the builder.
        seed: String,
        /// The line and the mistake.
        reason: String,
    },
    /// The file with the state cannot be read or imported.
    #[error("the local Clerk cannot import {path} (LOCAL_CLERK_IMPORT): {reason}", path = path.display())]
    Import {
        /// The file that was to be imported.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The lifetime of session tokens is out of bounds.
    #[error(
        "LOCAL_CLERK_TOKEN_LIFETIME is {0} s, but session tokens live for {min} to {max} seconds",
        min = TOKEN_LIFETIMES.start(),
        max = TOKEN_LIFETIMES.end()
    )]
    TokenLifetime(u32),
}

/// Why the state could not be exported.
#[derive(Debug, thiserror::Error)]
#[error("the local Clerk cannot export its state: {reason}")]
pub struct ExportError {
    pub(super) reason: String,
}
