//! The SQLite session store.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use tower_sessions_rusqlite_store::{
    RusqliteStore,
    tokio_rusqlite::{self, Connection},
};

use crate::config::StoreKind;

/// Why the session store cannot be opened, in one line.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(
        "SESSION_STORE: the directory {} cannot be created: {source}; choose a writable place, or `memory`",
        path.display()
    )]
    Directory { path: PathBuf, source: io::Error },
    #[error(
        "SESSION_STORE: {} cannot be opened: {reason}; choose a writable file, or `memory`",
        path.display()
    )]
    Open { path: PathBuf, reason: String },
}

/// How long a writer waits for the lock of another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens or creates the database and its table.
pub(super) async fn open(kind: &StoreKind) -> Result<RusqliteStore, StoreError> {
    let path = match kind {
        StoreKind::Sqlite(path) => path.as_path(),
        // SQLite's name for a database in memory.
        StoreKind::Memory => Path::new(":memory:"),
    };
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(|source| StoreError::Directory {
            path: directory.to_owned(),
            source,
        })?;
    }
    let failed = |error: tokio_rusqlite::Error| StoreError::Open {
        path: path.to_owned(),
        // The library displays its own error in debug format.
        reason: match error {
            tokio_rusqlite::Error::Error(error) => error.to_string(),
            error => error.to_string(),
        },
    };
    let connection = Connection::open(path)
        .await
        .map_err(|error| failed(error.into()))?;
    connection
        .call(|connection| {
            connection.busy_timeout(BUSY_TIMEOUT)?;
            // Readers and the writer do not block each other, and a crash of the system loses the last sessions
            // at most, never the file.
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "NORMAL")
        })
        .await
        .map_err(failed)?;
    let store = RusqliteStore::new(connection);
    store.migrate().await.map_err(failed)?;
    Ok(store)
}
