//! Starting and stopping.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use axum::serve::ListenerExt as _;
use secrecy::ExposeSecret as _;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tower::make::Shared as MakeShared;
use url::Url;

use super::{
    call::Shared,
    errors, id,
    keys::{self, Instance, Keys},
    npm,
    public_url::{LastPublicUrl, MOUNT, PublicUrl, is_loopback},
    recorder::Recorder,
    router::router,
    seed::{self, Seed, SeedSource},
    settings::{Settings, TOKEN_LIFETIMES},
    store::{self, Data, Store},
    webhooks::{self, Webhooks},
};

/// How to start a local Clerk; what [`LocalClerkBuilder`](crate::LocalClerkBuilder) collects.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// A loopback address; port 0 takes any free port.
    pub(crate) addr: SocketAddr,
    pub(crate) data: Data,
    pub(crate) instance: Instance,
    pub(crate) seed: SeedSource,
    /// The `node_modules` directory with clerk-js and its components.
    pub(crate) npm_dir: Option<PathBuf>,
    /// A file to which every reply of the two APIs is appended.
    pub(crate) record: Option<PathBuf>,
    /// The URL that webhooks are sent to.
    pub(crate) webhook_url: Option<Url>,
    /// The URL at which browsers reach the app whose proxy forwards to this local Clerk. Without it, the local
    /// Clerk learns of apps from the requests that they forward.
    pub(crate) app_url: Option<Url>,
    /// Lifetime of session tokens in seconds, which overrides the stored settings and the seed.
    pub(crate) token_lifetime: Option<u32>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: Data::Memory,
            instance: Instance::Development,
            seed: SeedSource::Default,
            npm_dir: None,
            record: None,
            webhook_url: None,
            app_url: None,
            token_lifetime: None,
        }
    }
}

/// Why a local Clerk could not be started. Each message names the environment variable of the setting that the
/// program `local-clerk` reads, where there is one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is not a loopback address.
    #[error("LOCAL_CLERK_ADDR is {0}, but the local Clerk serves this machine only: use 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on; it may be in use.
    #[error("the local Clerk cannot listen on {addr} (LOCAL_CLERK_ADDR): {source}")]
    Bind {
        /// The address that was to be listened on.
        addr: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The webhook URL does not lead to this machine.
    #[error("LOCAL_CLERK_WEBHOOK_URL is {0}, but webhooks are sent to this machine only: use a loopback URL")]
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
    /// The lifetime of session tokens is out of bounds.
    #[error(
        "LOCAL_CLERK_TOKEN_LIFETIME is {0} s, but session tokens live for {min} to {max} seconds",
        min = TOKEN_LIFETIMES.start(),
        max = TOKEN_LIFETIMES.end()
    )]
    TokenLifetime(u32),
}

/// A running local Clerk. Dropping it stops it; [`shutdown`](Self::shutdown) also waits until it has stopped.
///
/// ```
/// use local_clerk::LocalClerk;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clerk = LocalClerk::builder().start().await?;
/// for (name, value) in clerk.environment() {
///     println!("{name}={value}");
/// }
/// clerk.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LocalClerk {
    addr: SocketAddr,
    pub(crate) shared: Arc<Shared>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
    sender: AbortOnDrop,
}

/// The task that sends webhooks. What it has not sent yet is in the outbox.
#[derive(Debug)]
struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Starts a local Clerk: it is listening when this returns.
pub(crate) async fn start(config: Config) -> Result<LocalClerk, StartError> {
    check(&config)?;
    let bind = |source| StartError::Bind {
        addr: config.addr,
        source,
    };
    let listener = TcpListener::bind(config.addr).await.map_err(bind)?;
    let addr = listener.local_addr().map_err(bind)?;
    let shared = Arc::new(load(&config, addr).await?);
    let service = MakeShared::new(router(Arc::clone(&shared)));
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(async move {
        let until_stopped = async {
            // A dropped sender stops the server as a message does.
            let _ = stopped.await;
        };
        if let Err(error) = axum::serve(listener, service)
            .with_graceful_shutdown(until_stopped)
            .await
        {
            tracing::error!(%error, "the local Clerk stopped");
        }
    });
    let sender = AbortOnDrop(tokio::spawn(webhooks::run(Arc::clone(&shared))));
    tracing::info!("the local Clerk (this is not Clerk) listens on http://{addr}");
    if !npm::has_clerk_js(&shared.npm_dir) {
        tracing::warn!(
            "the local Clerk cannot serve clerk-js: {}",
            npm::not_installed("clerk-js")
        );
    }
    Ok(LocalClerk {
        addr,
        shared,
        stop,
        served,
        sender,
    })
}

/// Checks the settings that need neither the network nor a file.
fn check(config: &Config) -> Result<(), StartError> {
    if !config.addr.ip().is_loopback() {
        return Err(StartError::NotLoopback(config.addr));
    }
    if let Some(url) = config.webhook_url.as_ref().filter(|url| !is_loopback(url)) {
        return Err(StartError::WebhookNotLoopback(url.clone()));
    }
    match config.token_lifetime {
        Some(seconds) if !TOKEN_LIFETIMES.contains(&seconds) => Err(StartError::TokenLifetime(seconds)),
        _ => Ok(()),
    }
}

/// Reads the seed, opens the data and creates what is missing in it.
pub(super) async fn load(config: &Config, addr: SocketAddr) -> Result<Shared, StartError> {
    let seed = Seed::load(&config.seed).map_err(|error: seed::Error| StartError::Seed {
        seed: config.seed.to_string(),
        reason: error.to_string(),
    })?;
    open(config, addr, seed).await
}

pub(super) async fn open(config: &Config, addr: SocketAddr, mut seed: Seed) -> Result<Shared, StartError> {
    let failed = |reason: String| StartError::Data {
        data: config.data.to_string(),
        reason,
    };
    if let Some(seconds) = config.token_lifetime {
        seed.set_token_lifetime(seconds);
    }
    let mut connection = store::open(&config.data).map_err(|error| failed(error.to_string()))?;
    let app = config.app_url.as_ref().map(PublicUrl::behind);
    let keys =
        prepare(&mut connection, config, &seed, app.as_ref()).map_err(|error| failed(error.to_string()))?;
    let open = |path: &PathBuf| {
        Recorder::open(path).map_err(|source| StartError::Record {
            path: path.clone(),
            source,
        })
    };
    let webhooks = config.webhook_url.clone().map(Webhooks::new).transpose();
    Ok(Shared {
        keys,
        recorder: config.record.as_ref().map(open).transpose()?,
        seed,
        own: addr.to_string(),
        app,
        npm_dir: npm::choose_directory(config.npm_dir.as_deref()),
        connection: connection.into(),
        webhooks: webhooks.map_err(|error| StartError::Webhooks {
            reason: error.to_string(),
        })?,
    })
}

#[derive(Debug, thiserror::Error)]
enum PrepareError {
    #[error(transparent)]
    Keys(#[from] keys::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Seed(#[from] errors::Error),
}

fn prepare(
    connection: &mut rusqlite::Connection,
    config: &Config,
    seed: &Seed,
    app: Option<&PublicUrl>,
) -> Result<Keys, PrepareError> {
    let store = Store::begin(connection)?;
    let keys = Keys::load(&store, config.instance)?;
    match store.all::<Settings>()?.pop() {
        None => seed.apply(&store, id::now())?,
        Some(mut settings) => {
            if let Some(seconds) = config.token_lifetime {
                settings.token_lifetime = seconds;
                store.put(&settings)?;
            }
        }
    }
    if let Some(app) = app {
        store.put(&LastPublicUrl(app.clone()))?;
    }
    store.commit()?;
    Ok(keys)
}

/// The environment of an app that uses this local Clerk.
pub(super) fn environment(keys: &Keys, own: &str) -> [(&'static str, String); 6] {
    // The SDKs accept the JWT key without the lines around it, which lets it fit on one line.
    let jwt_key = keys
        .jwt_key
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    [
        ("CLERK_PUBLISHABLE_KEY", keys.publishable_key.clone()),
        ("CLERK_SECRET_KEY", keys.secret_key.expose_secret().to_owned()),
        ("CLERK_JWT_KEY", jwt_key),
        ("CLERK_API_URL", format!("http://{own}")),
        ("CLERK_FAPI_URL", format!("http://{own}{MOUNT}")),
        (
            "CLERK_WEBHOOK_SIGNING_SECRET",
            keys.webhook_secret.expose_secret().to_owned(),
        ),
    ]
}

impl LocalClerk {
    /// Returns the URL of the Backend API, for `CLERK_API_URL`, such as `http://127.0.0.1:5002`. The developer's
    /// page is there too.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Returns the URL of the Frontend API, for `CLERK_FAPI_URL`, such as `http://127.0.0.1:5002/__clerk`. An app's
    /// proxy forwards to it.
    #[must_use]
    pub fn fapi_url(&self) -> String {
        format!("http://{}{MOUNT}", self.addr)
    }

    /// Returns the environment variables of an app that uses this local Clerk, by Clerk's own names.
    ///
    /// They are `CLERK_PUBLISHABLE_KEY`, `CLERK_SECRET_KEY`, `CLERK_JWT_KEY`, `CLERK_API_URL`, `CLERK_FAPI_URL` and
    /// `CLERK_WEBHOOK_SIGNING_SECRET`. No value contains a line break.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        environment(&self.shared.keys, &self.addr.to_string()).into()
    }

    /// Returns the keys of the instance.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.shared.keys
    }

    /// Stops listening, and returns when the requests in progress have been answered.
    pub async fn shutdown(self) {
        // Nobody receives this if the server has stopped already.
        let _ = self.stop.send(());
        if let Err(error) = self.served.await {
            tracing::error!(%error, "the local Clerk did not shut down in order");
        }
        drop(self.sender);
    }
}
