//! Opening the data, and filling it when it is new.

use std::{
    fs,
    net::SocketAddr,
    panic,
    path::{Path, PathBuf},
    sync::{Arc, RwLock, atomic::AtomicBool},
};

use url::Url;

use crate::{
    clock::{Clock, SystemClock},
    emulate, error,
    http::{Recorder, RequestLog, Shared},
    keys::{self, Keys},
    model::{AllowedHosts, LastPublicUrl, PublicUrl, Role, Settings, Webhook},
    npm,
    seed::{self, Beginning, Seed},
    store::{self, Store},
    webhooks::{Delivery, Webhooks},
};

use super::{Config, StartError};

/// Reads the seed.
pub(crate) fn beginning(config: &Config) -> Result<Beginning, StartError> {
    let mut seed = Seed::load(&config.seed).map_err(|error: seed::Error| StartError::Seed {
        seed: config.seed.to_string(),
        reason: error.to_string(),
    })?;
    if let Some(seconds) = config.token_lifetime {
        seed.set_token_lifetime(seconds);
    }
    Ok(Beginning::of(seed))
}

/// Opens the data and creates what is missing in it.
pub(crate) async fn open(
    config: Config,
    addr: SocketAddr,
    beginning: Beginning,
) -> Result<Shared, StartError> {
    // Keys and password hashes take their time.
    let opened = tokio::task::spawn_blocking(move || open_now(&config, addr, beginning)).await;
    opened.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))
}

fn open_now(config: &Config, addr: SocketAddr, beginning: Beginning) -> Result<Shared, StartError> {
    let failed = |reason: String| StartError::Data {
        data: config.data.to_string(),
        reason,
    };
    let mut connection = store::open(&config.data).map_err(|error| failed(error.to_string()))?;
    let app = config.app_url.as_ref().map(PublicUrl::behind);
    let hosts = AllowedHosts::new(config.app_url.as_ref(), &config.allowed_hosts);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let now = clock.now();
    let prepared = prepare(&mut connection, config, &beginning, app.as_ref(), &hosts, now);
    let (keys, replaced) = prepared.map_err(|error| match error {
        PrepareError::Keys(error @ keys::Error::OtherKind(..)) => StartError::Seed {
            seed: config.seed.to_string(),
            reason: error.to_string(),
        },
        PrepareError::Import { path, error } => {
            let reason = match &error {
                error::Error::Api(error) => error.long_message().to_owned(),
                error => error.to_string(),
            };
            StartError::Import { path, reason }
        }
        error => failed(error.to_string()),
    })?;
    let mut seed = beginning.seed;
    if let Some(mut replaced) = replaced {
        if let Some(seconds) = config.token_lifetime {
            replaced.set_token_lifetime(seconds);
        }
        seed = Arc::new(replaced);
    }
    let open = |path: &PathBuf| {
        Recorder::open(path).map_err(|source| StartError::Record {
            path: path.clone(),
            source,
        })
    };
    let webhooks = Webhooks::default();
    if config.webhook_url.is_some() {
        webhooks.client().map_err(|error| StartError::Webhooks {
            reason: error.to_string(),
        })?;
    }
    Ok(Shared {
        keys: Arc::new(keys),
        clock,
        recorder: config.record.as_ref().map(open).transpose()?,
        seed: RwLock::new(seed),
        token_lifetime: config.token_lifetime,
        own: addr.to_string(),
        is_exposed: !config.addr.ip().is_loopback(),
        strict: config.strict,
        app,
        hosts,
        npm_dir: npm::choose_directory(config.npm_dir.as_deref()),
        connection: connection.into(),
        webhook_url: config.webhook_url.clone().map(String::from),
        webhooks: Arc::new(webhooks),
        changes: Arc::default(),
        log: RequestLog::new(config.unknown.clone()),
        has_faults: AtomicBool::new(true),
        instances: None,
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
    #[error("{path}: {error}", path = path.display())]
    Import { path: PathBuf, error: error::Error },
}

fn prepare(
    connection: &mut rusqlite::Connection,
    config: &Config,
    beginning: &Beginning,
    app: Option<&PublicUrl>,
    hosts: &AllowedHosts,
    now: i64,
) -> Result<(Keys, Option<Seed>), PrepareError> {
    let store = Store::begin(connection)?;
    let keys = Keys::load(&store, config.instance, &beginning.keys, now)?;
    if store.count::<Settings>()? == 0 {
        beginning.seed.apply(&store, now)?;
    }
    if let Some(path) = &config.import {
        import(&store, path).map_err(|error| PrepareError::Import {
            path: path.clone(),
            error,
        })?;
    }
    Role::complete(&store)?;
    if let Some(seconds) = config.token_lifetime
        && let Some(mut settings) = store.get::<Settings>(Settings::ID)?
    {
        settings.token_lifetime = seconds;
        store.put(&settings)?;
    }
    if let Some(app) = app {
        store.put(&LastPublicUrl(app.clone()))?;
    } else if let Some(last) = store.get::<LastPublicUrl>(LastPublicUrl::ID)?
        && !Url::parse(&last.0.app).is_ok_and(|app| hosts.allow(&app))
    {
        store.delete::<LastPublicUrl>(LastPublicUrl::ID)?;
    }
    configure_webhook(&store, config.webhook_url.as_ref(), now)?;
    Delivery::adopt(&store)?;
    let replaced = Seed::replaced(&store)?;
    store.commit()?;
    Ok((keys, replaced))
}

/// Makes the configured endpoint for webhooks the one that the store has. If it has the same one, this may be paused.
fn configure_webhook(store: &Store<'_>, url: Option<&Url>, now: i64) -> Result<(), store::Error> {
    let stored = store.get::<Webhook>(Webhook::CONFIGURED)?;
    match url {
        None => store.delete::<Webhook>(Webhook::CONFIGURED),
        Some(url) if stored.is_some_and(|stored| stored.url == url.as_str()) => Ok(()),
        Some(url) => store.put(&Webhook::configured(url.to_string(), now)),
    }
}

/// Replaces the state by an export in a file.
fn import(store: &Store<'_>, path: &Path) -> Result<(), error::Error> {
    let export = fs::read(path).map_err(store::Error::from)?;
    emulate::import_state(store, &export)
}
