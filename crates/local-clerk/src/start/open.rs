//! Opening the data, and filling it when it is new.

use std::{net::SocketAddr, path::PathBuf};

use super::{Config, StartError};
use crate::{
    call::Shared,
    errors, id,
    keys::{self, Keys},
    npm,
    public_url::{LastPublicUrl, PublicUrl},
    recorder::Recorder,
    seed::{self, Seed},
    settings::Settings,
    store::{self, Store},
    webhooks::Webhooks,
};

/// Reads the seed, opens the data and creates what is missing in it.
pub(crate) async fn load(config: &Config, addr: SocketAddr) -> Result<Shared, StartError> {
    let seed = Seed::load(&config.seed).map_err(|error: seed::Error| StartError::Seed {
        seed: config.seed.to_string(),
        reason: error.to_string(),
    })?;
    open(config, addr, seed).await
}

pub(crate) async fn open(config: &Config, addr: SocketAddr, mut seed: Seed) -> Result<Shared, StartError> {
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
