//! Starting and stopping.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::serve::ListenerExt as _;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tower::make::Shared as MakeShared;
use url::Url;

use crate::{
    clock::{Clock, SystemClock},
    environment::environment,
    error,
    http::{Recorder, Shared},
    keys::{self, Instance, Keys},
    model::{LastPublicUrl, MOUNT, PublicUrl, Settings},
    routes,
    seed::{self, Seed},
    store::{self, Data, Store},
    webhooks::Webhooks,
};

/// How to start a local Clerk.
#[derive(Clone, Debug)]
pub struct Config {
    /// A loopback address; port 0 takes any free port.
    pub addr: SocketAddr,
    pub data: Data,
    pub instance: Instance,
    /// What new data begins with; none for what the program brings along.
    pub seed: Option<PathBuf>,
    /// The `node_modules` with clerk-js and its components.
    pub npm_dir: PathBuf,
    /// A file to which every reply of the two APIs is appended.
    pub record: Option<PathBuf>,
    /// Where events are sent.
    pub webhook_url: Option<Url>,
    /// Where browsers reach the app beside it, whose proxy leads here. Of other apps it learns as they call.
    pub app_url: Option<Url>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("LOCAL_CLERK_ADDR is {0}, but the local Clerk serves this machine only: use 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    #[error("the local Clerk cannot listen on {addr} (LOCAL_CLERK_ADDR): {source}")]
    Bind { addr: SocketAddr, source: io::Error },
    #[error("the local Clerk cannot send webhooks: {0}")]
    Webhooks(#[from] reqwest::Error),
    #[error("the local Clerk cannot use {data} (LOCAL_CLERK_DATA): {reason}")]
    Data { data: String, reason: String },
    #[error("the local Clerk cannot write to {path} (LOCAL_CLERK_RECORD): {source}", path = path.display())]
    Record { path: PathBuf, source: io::Error },
    #[error("the local Clerk cannot use the seed file {file} (LOCAL_CLERK_SEED): {reason}")]
    Seed { file: String, reason: String },
}

/// A local Clerk that is listening.
#[derive(Debug)]
pub struct LocalClerk {
    addr: SocketAddr,
    keys: Arc<Shared>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
    /// Delivers webhooks, if a webhook URL is configured.
    sender: Option<JoinHandle<()>>,
}

/// Starts a local Clerk: it listens when this returns.
///
/// # Errors
/// If the address is not this machine's own or is taken, or if the data file cannot be used.
pub async fn start(config: Config) -> Result<LocalClerk, Error> {
    if !config.addr.ip().is_loopback() {
        return Err(Error::NotLoopback(config.addr));
    }
    let bind = |source| Error::Bind {
        addr: config.addr,
        source,
    };
    let listener = TcpListener::bind(config.addr).await.map_err(bind)?;
    let addr = listener.local_addr().map_err(bind)?;
    let shared = Arc::new(load(&config, addr).await?);
    let service = MakeShared::new(routes::service(Arc::clone(&shared)));
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(async move {
        let until_stopped = async {
            // A dropped handle stops it like a sent stop.
            let _ = stopped.await;
        };
        if let Err(error) = axum::serve(listener, service)
            .with_graceful_shutdown(until_stopped)
            .await
        {
            tracing::error!(%error, "the local Clerk stopped");
        }
    });
    let sender = shared.webhook_sender().map(|sender| tokio::spawn(sender.run()));
    tracing::info!("the local Clerk (this is not Clerk) listens on http://{addr}");
    Ok(LocalClerk {
        addr,
        keys: shared,
        stop,
        served,
        sender,
    })
}

/// Reads the seed, opens the data and makes what is missing in it.
pub(crate) async fn load(config: &Config, addr: SocketAddr) -> Result<Shared, Error> {
    let seed = Seed::load(config.seed.as_deref()).map_err(|error: seed::Error| Error::Seed {
        file: config
            .seed
            .as_deref()
            .unwrap_or(Path::new("seed.toml"))
            .display()
            .to_string(),
        reason: error.to_string(),
    })?;
    open(config, addr, seed).await
}

pub(crate) async fn open(config: &Config, addr: SocketAddr, seed: Seed) -> Result<Shared, Error> {
    let failed = |reason: String| Error::Data {
        data: config.data.to_string(),
        reason,
    };
    let mut connection = store::open(&config.data).map_err(|error| failed(error.to_string()))?;
    let app = config.app_url.as_ref().map(PublicUrl::behind);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let now = clock.now();
    let keys = prepare(&mut connection, config.instance, &seed, app.as_ref(), now)
        .map_err(|error| failed(error.to_string()))?;
    let open = |path: &PathBuf| {
        Recorder::open(path).map_err(|source| Error::Record {
            path: path.clone(),
            source,
        })
    };
    Ok(Shared {
        keys: Arc::new(keys),
        clock,
        recorder: config.record.as_ref().map(open).transpose()?,
        seed,
        own: addr.to_string(),
        app,
        npm_dir: config.npm_dir.clone(),
        connection: connection.into(),
        webhooks: config
            .webhook_url
            .clone()
            .map(Webhooks::new)
            .transpose()?
            .map(Arc::new),
    })
}

#[derive(Debug, thiserror::Error)]
enum PrepareError {
    #[error(transparent)]
    Keys(#[from] keys::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Seed(#[from] error::Error),
}

fn prepare(
    connection: &mut rusqlite::Connection,
    instance: Instance,
    seed: &Seed,
    app: Option<&PublicUrl>,
    now: i64,
) -> Result<Keys, PrepareError> {
    let store = Store::begin(connection)?;
    let keys = Keys::load(&store, instance, now)?;
    if store.all::<Settings>()?.is_empty() {
        seed.plant(&store, now)?;
    }
    if let Some(app) = app {
        store.put(&LastPublicUrl(app.clone()))?;
    }
    store.commit()?;
    Ok(keys)
}

impl LocalClerk {
    /// What `CLERK_API_URL` is set to.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// What `CLERK_FAPI_URL` is set to.
    #[must_use]
    pub fn fapi_url(&self) -> String {
        format!("http://{}{MOUNT}", self.addr)
    }

    /// The environment of an app that uses this local Clerk, in Clerk's own names.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, String); 6] {
        environment(&self.keys.keys, &self.addr.to_string())
    }

    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys.keys
    }

    /// Stops listening, and returns when the calls under way are answered.
    pub async fn shutdown(self) {
        // It has stopped already if nobody receives this.
        let _ = self.stop.send(());
        if let Err(error) = self.served.await {
            tracing::error!(%error, "the local Clerk did not stop in order");
        }
        // What it has not sent yet is in the outbox.
        if let Some(sender) = self.sender {
            sender.abort();
        }
    }
}
