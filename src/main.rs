//! Reads the configuration, starts the local Clerk if that is wanted, serves, and stops in order.

use std::{
    env,
    error::Error,
    io::{self, IsTerminal},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use axum_clerk::Options;
use leptos_with_clerk::{
    config::{ClerkSource, Config, ConfigError, Environment},
    server::Server,
};
use tokio::{net::TcpListener, signal};
use tracing_subscriber::EnvFilter;

/// How long requests under way may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> ExitCode {
    let alone = match env::args().nth(1).as_deref() {
        None => false,
        Some("local-clerk") => true,
        Some(argument) => {
            eprintln!(
                "unknown argument {argument:?}: there is `local-clerk`, and variables, see .env.example"
            );
            return ExitCode::from(2);
        }
    };
    let config = match configuration(alone) {
        Ok(config) => config,
        Err(errors) => {
            for error in errors {
                eprintln!("{error}");
            }
            return ExitCode::FAILURE;
        }
    };
    let done = if alone {
        run_local_clerk(&config).await
    } else {
        run(&config).await
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the configuration and starts the log by it. The local Clerk alone leaves the standard output to the
/// environment that it prints.
fn configuration(alone: bool) -> Result<Config, Vec<ConfigError>> {
    let environment = Environment::load(Path::new("."))?;
    let config = Config::read(&environment, cfg!(feature = "local-clerk"))?;
    let log = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&config.log));
    if alone {
        log.with_writer(io::stderr)
            .with_ansi(io::stderr().is_terminal())
            .init();
    } else {
        log.with_ansi(io::stdout().is_terminal()).init();
    }
    for name in environment.unknown() {
        tracing::warn!("{name} is not a variable of this program: is it misspelt? See .env.example");
    }
    Ok(config)
}

async fn run(config: &Config) -> Result<(), Box<dyn Error>> {
    let (options, local_clerk) = match &config.clerk {
        ClerkSource::Instance(options) => (Options::clone(options), None),
        ClerkSource::Local(local, options) => {
            let running = local_clerk::start(local, Some(config)).await?;
            (running.complete(Options::clone(options))?, Some(running))
        }
    };
    let server = Server::build(config, options).await?;
    let listener = listen(config).await?;
    println!("ready on {}", config.app_url.as_str().trim_end_matches('/'));

    let served = tokio::select! {
        served = server.serve(listener, stop_signal()) => served,
        () = async { stop_signal().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("stopped without waiting for the requests still under way");
            Ok(())
        }
    };
    if let Some(local_clerk) = local_clerk {
        local_clerk.shutdown().await;
    }
    Ok(served?)
}

/// Serves the local Clerk without the app: prints, once it listens, what another app is to be configured with.
async fn run_local_clerk(config: &Config) -> Result<(), Box<dyn Error>> {
    let ClerkSource::Local(local, _) = &config.clerk else {
        return Err(
            "local-clerk brings its own keys: remove CLERK_PUBLISHABLE_KEY, CLERK_SECRET_KEY and LOCAL_CLERK"
                .into(),
        );
    };
    let running = local_clerk::start(local, None).await?;
    for (name, value) in running.environment() {
        println!("{name}={value}");
    }
    println!("ready");
    stop_signal().await;
    running.shutdown().await;
    Ok(())
}

async fn listen(config: &Config) -> Result<TcpListener, String> {
    let addr = config.leptos.site_addr;
    TcpListener::bind(addr).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!(
                "LEPTOS_SITE_ADDR {addr} is in use: stop the program that listens there, or set another port"
            )
        }
        _ => format!("LEPTOS_SITE_ADDR {addr} cannot be listened on: {error}"),
    })
}

/// Resolves when the process is asked to stop: Ctrl-C, or SIGTERM from a service manager.
async fn stop_signal() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

#[cfg(feature = "local-clerk")]
mod local_clerk {
    use std::{
        error::Error,
        net::{Ipv4Addr, SocketAddr},
        path::PathBuf,
    };

    use axum_clerk::{
        Options,
        clerk_auth::{PROXY_PATH, WebhookSecret},
    };
    use leptos_with_clerk::config::{Config, LocalClerkConfig, LocalData, LocalInstance, LocalWebhooks};
    use secrecy::ExposeSecret as _;
    use url::Url;

    /// A local Clerk that is listening.
    pub(super) struct Running(local_clerk::LocalClerk);

    /// Starts the local Clerk. `app` is the configuration of the app beside it.
    pub(super) async fn start(
        config: &LocalClerkConfig,
        app: Option<&Config>,
    ) -> Result<Running, Box<dyn Error>> {
        let running = local_clerk::start(local_clerk::Config {
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
                (LocalWebhooks::App, Some(app)) => Some(receiver(app.leptos.site_addr)?),
                (LocalWebhooks::App, None) | (LocalWebhooks::Off, _) => None,
            },
            app_url: app.map(|app| app.app_url.clone()),
        })
        .await?;
        Ok(Running(running))
    }

    impl Running {
        pub(super) fn environment(&self) -> impl IntoIterator<Item = (&'static str, String)> {
            self.0.environment()
        }

        /// Adds its keys and addresses. Browsers reach it through the app's proxy.
        pub(super) fn complete(&self, options: Options) -> Result<Options, Box<dyn Error>> {
            let keys = self.0.keys();
            Ok(Options {
                publishable_key: keys.publishable_key.clone(),
                secret_key: keys.secret_key.clone(),
                api_url: Url::parse(&self.0.api_url())?,
                fapi_url: Some(Url::parse(&self.0.fapi_url())?),
                proxy_url: Some(PROXY_PATH.to_owned()),
                webhook_secret: Some(WebhookSecret::parse(keys.webhook_secret.expose_secret())?),
                local: true,
                ..options
            })
        }

        pub(super) async fn shutdown(self) {
            self.0.shutdown().await;
        }
    }

    /// The app's own address for webhooks.
    fn receiver(mut app: SocketAddr) -> Result<Url, url::ParseError> {
        if app.ip().is_unspecified() {
            app.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        Url::parse(&format!("http://{app}/webhooks/clerk"))
    }

    /// The npm packages that the local Clerk serves as Clerk does: of the working directory, else of the
    /// place where the program was built.
    fn npm_dir() -> Result<PathBuf, &'static str> {
        [
            PathBuf::from("node_modules"),
            PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules")),
        ]
        .into_iter()
        .find(|directory| directory.join("@clerk/clerk-js").is_dir())
        .ok_or(
            "node_modules has no @clerk/clerk-js, which the local Clerk serves: run `make setup` or `npm ci`",
        )
    }
}

#[cfg(not(feature = "local-clerk"))]
mod local_clerk {
    use axum_clerk::Options;
    use leptos_with_clerk::config::{Config, LocalClerkConfig};

    /// The local Clerk of a build that has none.
    pub(super) enum Running {}

    impl Running {
        pub(super) fn environment(&self) -> [(&'static str, String); 0] {
            match *self {}
        }

        pub(super) fn complete(&self, _: Options) -> Result<Options, &'static str> {
            match *self {}
        }

        pub(super) async fn shutdown(self) {
            match self {}
        }
    }

    pub(super) async fn start(_: &LocalClerkConfig, _: Option<&Config>) -> Result<Running, &'static str> {
        Err("LOCAL_CLERK is wanted, but this build has no local Clerk")
    }
}
