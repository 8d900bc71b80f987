//! [`Store`]: one of the stores.

use std::{collections::HashMap, io, path::PathBuf, time::Duration};

use async_trait::async_trait;
use serde_json::Value;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::Result,
};

use crate::{
    Location, Notice, notice::Receiver, postgres::PostgresStore, redis::RedisStore, sqlite::SqliteStore,
};

/// What a store does with sessions.
#[derive(Clone, Copy, Debug)]
pub struct StoreOptions {
    /// How long a session lasts at most, however often it is saved.
    pub max_age: Duration,
    /// Returns who owns a session with this data, if anybody does.
    pub owner: fn(&HashMap<String, Value>) -> Option<&str>,
}

/// Why a store cannot be opened, in one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The directory of a SQLite file.
    #[error("the directory {} cannot be created: {source}; choose a writable place, or `memory`", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why it cannot be created.
        source: io::Error,
    },
    /// A SQLite file.
    #[error("{} cannot be opened: {reason}; choose a writable file, or `memory`", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why it cannot be opened.
        reason: String,
    },
    /// A database server.
    #[error("{location} cannot be used: {reason}; check that it runs, and its address, user and password")]
    Server {
        /// The server, without a password.
        location: Location,
        /// Why it cannot be used.
        reason: String,
    },
}

/// A session store. Cheap to clone.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Store {
    /// In a file, or in memory.
    Sqlite(SqliteStore),
    /// On a Redis server.
    Redis(RedisStore),
    /// In a PostgreSQL database.
    Postgres(PostgresStore),
}

/// Calls a method of whichever store it is.
macro_rules! each {
    ($store:expr, $inner:ident => $call:expr) => {
        match $store {
            Store::Sqlite($inner) => $call,
            Store::Redis($inner) => $call,
            Store::Postgres($inner) => $call,
        }
    };
}

impl Store {
    /// Opens the store, and creates its tables if they are missing.
    ///
    /// # Errors
    ///
    /// The file or the database cannot be opened.
    pub async fn open(location: &Location, options: StoreOptions) -> std::result::Result<Self, OpenError> {
        let opened = match location {
            Location::Memory => return SqliteStore::in_memory(options).await.map(Self::Sqlite),
            Location::Sqlite(path) => return SqliteStore::open(path, options).await.map(Self::Sqlite),
            Location::Redis(info) => RedisStore::open(info, options).await.map(Self::Redis),
            Location::Postgres(config) => PostgresStore::open(config, options).await.map(Self::Postgres),
        };
        opened.map_err(|error| OpenError::Server {
            location: location.clone(),
            reason: error.to_string(),
        })
    }

    /// Checks that the store can be written to.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn check(&self) -> Result<()> {
        each!(self, store => store.check().await)
    }

    /// Deletes sessions and notices that have expired.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn delete_expired(&self) -> Result<()> {
        each!(self, store => store.delete_expired().await)
    }

    /// Deletes the sessions of an owner.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn delete_owned(&self, owner: &str) -> Result<()> {
        each!(self, store => store.delete_owned(owner).await)
    }

    /// Stores a notice and sends it to every process that [watches](Self::watch) the store, this one included.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn publish(&self, notice: &Notice) -> Result<()> {
        each!(self, store => store.publish(notice).await)
    }

    /// Returns the notices that have not expired.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn notices(&self) -> Result<Vec<Notice>> {
        each!(self, store => store.notices().await)
    }

    /// Returns the notice about a subject, even if it has expired.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn notice(&self, subject: &str) -> Result<Option<Notice>> {
        each!(self, store => store.notice(subject).await)
    }

    /// Calls `receive` with each notice that has not expired and with each that is published from now on, within a
    /// second. If the connection is lost, it is made again and everything that was missed is received then. Never
    /// returns.
    pub async fn watch(&self, receive: impl FnMut(&Notice) + Send) {
        let mut receiver = Receiver::new(receive);
        each!(self, store => store.watch(&mut receiver).await)
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        each!(self, store => store.create(record).await)
    }

    async fn save(&self, record: &Record) -> Result<()> {
        each!(self, store => store.save(record).await)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        each!(self, store => store.load(*id).await)
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        each!(self, store => store.delete(*id).await)
    }
}
