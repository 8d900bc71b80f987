//! Starting and stopping.

mod error;
mod open;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use axum::serve::ListenerExt as _;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tower::make::Shared as MakeShared;
use url::{Host, Url};

use crate::{
    emulate,
    environment::{env_file, with_further_names},
    error::{ApiError, Error},
    http::{Further, Instances, Shared, UnknownSinceStart},
    keys::{Instance, Keys, keep_ready},
    model::{AllowedHosts, MOUNT, TOKEN_LIFETIMES},
    npm, routes,
    seed::{Beginning, Seed, SeedSource},
    store::{Data, Store},
};

pub use self::error::{ExportError, StartError};
pub(crate) use self::open::{beginning, open};

/// How many keys are kept ready once a further instance has been started.
const KEYS_READY: usize = 8;

/// How to start a local Clerk; what [`LocalClerkBuilder`](crate::LocalClerkBuilder) collects.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// A loopback address, or any one if there are allowed hosts; port 0 takes any free port.
    pub(crate) addr: SocketAddr,
    pub(crate) data: Data,
    pub(crate) instance: Instance,
    pub(crate) seed: SeedSource,
    /// A file with an export that replaces the state at the start.
    pub(crate) import: Option<PathBuf>,
    /// The `node_modules` directory with clerk-js and its components.
    pub(crate) npm_dir: Option<PathBuf>,
    /// A file to which every reply of the two APIs is appended.
    pub(crate) record: Option<PathBuf>,
    /// The URL that webhooks are sent to.
    pub(crate) webhook_url: Option<Url>,
    /// The URL at which browsers reach the app whose proxy forwards to this local Clerk. Without it, the local
    /// Clerk learns of apps from the requests that they forward.
    pub(crate) app_url: Option<Url>,
    /// Hosts of apps besides loopback ones and that of `app_url`.
    pub(crate) allowed_hosts: Vec<Host>,
    /// Lifetime of session tokens in seconds, which overrides the stored settings and the seed.
    pub(crate) token_lifetime: Option<u32>,
    /// How many signing keys are kept ready for further instances.
    pub(crate) keys_ready: usize,
    /// Whether a request to an endpoint that does not exist is an error in the log.
    pub(crate) strict: bool,
    /// Where such requests are counted, for further instances too.
    pub(crate) unknown: UnknownSinceStart,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: Data::Memory,
            instance: Instance::Development,
            seed: SeedSource::Default,
            import: None,
            npm_dir: None,
            record: None,
            webhook_url: None,
            app_url: None,
            allowed_hosts: Vec::new(),
            token_lifetime: None,
            keys_ready: 0,
            strict: false,
            unknown: UnknownSinceStart::default(),
        }
    }
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
    /// Nothing after it was told to stop.
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
    sender: AbortOnDrop,
    instances: Option<EndOnDrop>,
}

/// The task that sends webhooks. What it has not sent yet is in the outbox.
#[derive(Debug)]
struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The further instances, which end with this one.
#[derive(Debug)]
struct EndOnDrop(Arc<Instances>);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.take_all();
    }
}

/// Starts a local Clerk: it is listening when this returns.
pub(crate) async fn start(config: Config) -> Result<LocalClerk, StartError> {
    check(&config)?;
    let beginning = beginning(&config)?;
    let (own, keys_ready) = (config.clone(), config.keys_ready);
    let instances = Instances::new(Box::new(move |beginning| {
        Box::pin(start_further(own.clone(), beginning))
    }));
    let clerk = serve(config, beginning, Some(Arc::new(instances))).await?;
    keep_ready(keys_ready);
    Ok(clerk)
}

/// Starts an instance that a running one, with this configuration, was asked for.
async fn start_further(own: Config, beginning: Beginning) -> Result<Further, ApiError> {
    let app = own.app_url.as_ref().and_then(|url| url.host());
    let app = app.map(|host| host.to_owned());
    let config = Config {
        addr: SocketAddr::new(own.addr.ip(), 0),
        data: Data::Memory,
        import: None,
        webhook_url: None,
        app_url: None,
        allowed_hosts: own.allowed_hosts.iter().cloned().chain(app).collect(),
        ..own
    };
    let clerk = serve(config, beginning, None)
        .await
        .map_err(|error| match error {
            StartError::Seed { reason, .. } => ApiError::value_invalid("seed", format!("seed: {reason}.")),
            error => {
                tracing::error!(%error, "the local Clerk could not start an instance");
                ApiError::internal()
            }
        })?;
    keep_ready(KEYS_READY);
    Ok(Further {
        id: clerk.shared.keys.instance_id.clone(),
        environment: clerk.environment(),
        stop: Box::pin(clerk.shutdown()),
    })
}

/// Serves an instance: it is listening when this returns.
async fn serve(
    config: Config,
    beginning: Beginning,
    instances: Option<Arc<Instances>>,
) -> Result<LocalClerk, StartError> {
    let addr = config.addr;
    let bind = |source| StartError::Bind { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(bind)?;
    let addr = reachable(listener.local_addr().map_err(bind)?);
    let mut shared = open(config, addr, beginning).await?;
    shared.instances = instances.clone();
    let shared = Arc::new(shared);
    let service = MakeShared::new(routes::service(Arc::clone(&shared)));
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
    let sender = AbortOnDrop(tokio::spawn(shared.webhook_sender().run()));
    if instances.is_some() {
        tracing::info!("the local Clerk (this is not Clerk) listens on http://{addr}");
        if !npm::has_clerk_js(&shared.npm_dir) {
            let reason = npm::not_installed("clerk-js");
            tracing::warn!("the local Clerk cannot serve clerk-js: {reason}");
        }
    } else {
        // A test suite starts many of them, and serves clerk-js from the same directory.
        tracing::debug!("a further instance listens on http://{addr}");
    }
    Ok(LocalClerk {
        addr,
        shared,
        stop: Some(stop),
        served,
        sender,
        instances: instances.map(EndOnDrop),
    })
}

/// Checks the settings that need neither the network nor a file.
fn check(config: &Config) -> Result<(), StartError> {
    if !config.addr.ip().is_loopback() && config.allowed_hosts.is_empty() {
        return Err(StartError::NotLoopback(config.addr));
    }
    let hosts = AllowedHosts::new(config.app_url.as_ref(), &config.allowed_hosts);
    if let Some(url) = config.webhook_url.as_ref().filter(|url| !hosts.allow(url)) {
        return Err(StartError::WebhookNotLoopback(url.clone()));
    }
    match config.token_lifetime {
        Some(seconds) if !TOKEN_LIFETIMES.contains(&seconds) => Err(StartError::TokenLifetime(seconds)),
        _ => Ok(()),
    }
}

/// Returns the address at which this machine reaches a program that listens on this one.
fn reachable(mut addr: SocketAddr) -> SocketAddr {
    match addr.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => addr.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => addr.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    addr
}

/// Checks whether the seed can be applied, without listening and without a data file.
pub(crate) async fn check_seed(mut config: Config) -> Result<(), Vec<StartError>> {
    let mistakes = Seed::mistakes(&config.seed);
    if mistakes.is_empty() {
        config.data = Data::Memory;
        let applied = async {
            let (addr, beginning) = (config.addr, beginning(&config)?);
            open(config, addr, beginning).await
        };
        return applied.await.map(drop).map_err(|error| vec![error]);
    }
    let mistakes = mistakes.into_iter().map(|mistake| StartError::Seed {
        seed: config.seed.to_string(),
        reason: mistake.to_string(),
    });
    Err(mistakes.collect())
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
    /// `CLERK_WEBHOOK_SIGNING_SECRET`, and then the same by the names that Next.js, Vite, Expo, Astro and Nuxt read,
    /// such as `NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY`. The JWT key is PEM, of several lines.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        with_further_names(&self.shared.keys, &self.addr.to_string())
    }

    /// Returns the [environment](Self::environment) as the text of a file: lines of the form `NAME=value`. The JWT key is bare Base64
    /// in it, which Clerk's SDKs for JavaScript and `clerk-auth` accept.
    #[must_use]
    pub fn env_file(&self) -> String {
        env_file(self.environment())
    }

    /// Returns the Subresource Integrity metadata of the script that this serves of the npm package `@clerk/clerk-js` or
    /// `@clerk/ui`, given as `clerk-js` or `ui`, as it is now; `None` if the package is not installed.
    #[must_use]
    pub fn script_integrity(&self, package: &str) -> Option<String> {
        npm::integrity(&self.shared.npm_dir, package)
    }

    /// Returns the keys of the instance.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.shared.keys
    }

    /// Returns the endpoints that were asked for since the start but do not exist here, each with the number of requests
    /// and whether Clerk has it; also those of instances that this one has started. A test can assert that there are none.
    #[must_use]
    pub fn unknown_endpoints(&self) -> Vec<String> {
        emulate::unknown_since_start(&self.shared.log)
    }

    /// Returns the state as JSON: what `GET /_emulate/export` returns, and what
    /// [`import`](crate::LocalClerkBuilder::import) takes. It also works after [`stop`](Self::stop).
    ///
    /// # Errors
    /// If the data cannot be read.
    pub async fn export(&self) -> Result<String, ExportError> {
        let export = self.shared.connection.call(|connection| {
            let store = Store::begin(connection)?;
            Ok::<_, Error>(emulate::export_state(&store)?)
        });
        export.await.map_err(|error| ExportError {
            reason: error.to_string(),
        })
    }

    /// Stops listening, and returns when the requests in progress have been answered. The instances that this one has
    /// started end too.
    pub async fn stop(&mut self) {
        let Some(stop) = self.stop.take() else {
            return;
        };
        for further in self.instances.iter().flat_map(|instances| instances.0.take_all()) {
            further.stop.await;
        }
        self.shared.changes.stop();
        // Nobody receives this if the server has stopped already.
        let _ = stop.send(());
        if let Err(error) = (&mut self.served).await {
            tracing::error!(%error, "the local Clerk did not shut down in order");
        }
        self.sender.0.abort();
    }

    /// Stops it as [`stop`](Self::stop) does, and closes its data: another one can open the same file afterwards.
    pub async fn shutdown(mut self) {
        self.stop().await;
        // Parts of aborted tasks may still have it, while the next local Clerk opens the same file.
        if let Err(error) = self.shared.connection.clone().close().await {
            tracing::error!(%error, "the local Clerk did not close its data in order");
        }
    }
}
