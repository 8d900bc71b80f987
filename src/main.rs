//! Reads the configuration, starts the local Clerk if that is wanted, serves, and stops in order.

use std::{
    env,
    error::Error,
    io::{self, IsTerminal},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use leptos_with_clerk::server::{
    Server,
    config::{Config, Problem, Source, Vars},
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
        Err(problems) => {
            for problem in problems {
                eprintln!("{problem}");
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
fn configuration(alone: bool) -> Result<Config, Vec<Problem>> {
    let vars = Vars::load(Path::new("."))?;
    let config = Config::from_vars(&vars, cfg!(feature = "local-clerk"))?;
    let log = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&config.log));
    if alone {
        log.with_writer(io::stderr)
            .with_ansi(io::stderr().is_terminal())
            .init();
    } else {
        log.with_ansi(io::stdout().is_terminal()).init();
    }
    for name in vars.unknown() {
        tracing::warn!("{name} is not a variable of this program: is it misspelt? See .env.example");
    }
    Ok(config)
}

async fn run(config: &Config) -> Result<(), Box<dyn Error>> {
    let (instance, local_clerk) = match &config.clerk.source {
        Source::Instance(instance) => (instance.clone(), None),
        Source::Local(local) => {
            let (instance, running) = local_clerk::start(local, Some(config)).await?;
            (instance, Some(running))
        }
    };
    let server = Server::build(config, &instance).await?;
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
    let Source::Local(local) = &config.clerk.source else {
        return Err(
            "local-clerk brings its own keys: remove CLERK_PUBLISHABLE_KEY, CLERK_SECRET_KEY and LOCAL_CLERK"
                .into(),
        );
    };
    let (_, running) = local_clerk::start(local, None).await?;
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

    use leptos_with_clerk::{
        clerk::WebhookSecret,
        local_clerk::{self, LocalClerk},
        server::config::{Config, Instance, LocalClerkConfig, LocalData, LocalInstance, LocalWebhooks},
    };
    use secrecy::ExposeSecret as _;
    use url::Url;

    /// Starts the local Clerk and says how to reach it. `app` is what the app beside it is told.
    pub(super) async fn start(
        config: &LocalClerkConfig,
        app: Option<&Config>,
    ) -> Result<(Instance, LocalClerk), Box<dyn Error>> {
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
        let keys = running.keys();
        let instance = Instance::local(
            keys.publishable_key.clone(),
            keys.secret_key.clone(),
            Url::parse(&running.api_url())?,
            Url::parse(&running.fapi_url())?,
            Some(WebhookSecret::parse(keys.webhook_secret.expose_secret())?),
        );
        Ok((instance, running))
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
    use leptos_with_clerk::server::config::{Config, Instance, LocalClerkConfig};

    /// The local Clerk of a build that has none.
    pub(super) enum LocalClerk {}

    impl LocalClerk {
        pub(super) fn environment(&self) -> [(&'static str, String); 0] {
            match *self {}
        }

        pub(super) async fn shutdown(self) {
            match self {}
        }
    }

    pub(super) async fn start(
        _: &LocalClerkConfig,
        _: Option<&Config>,
    ) -> Result<(Instance, LocalClerk), &'static str> {
        Err("LOCAL_CLERK is wanted, but this build has no local Clerk")
    }
}
