//! The SQLite store.

use std::{
    fs, io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OptionalExtension, Row as SqlRow, params};
use tokio::time::{MissedTickBehavior, interval};
use tower_sessions::{
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::{
    Notice, OpenError, StoreOptions,
    notice::Receiver,
    record::{Row, decode, now},
};

/// How long a writer waits for the lock of another process. All others wait for it meanwhile.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);

/// How long opening waits while other processes open or close the same file. SQLite itself does not wait then.
const OPEN_LIMIT: Duration = Duration::from_secs(10);

/// How often the notices of other processes are looked for.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// The table of earlier versions is dropped, because its rows have no owner and could not be deleted with their user.
const SCHEMA: &str = "
    DROP TABLE IF EXISTS tower_sessions;
    CREATE TABLE IF NOT EXISTS sessions (
        id TEXT PRIMARY KEY NOT NULL,
        owner TEXT,
        data TEXT NOT NULL,
        expires INTEGER NOT NULL,
        deadline INTEGER NOT NULL
    );
    CREATE INDEX IF NOT EXISTS sessions_owner ON sessions (owner);
    CREATE INDEX IF NOT EXISTS sessions_expires ON sessions (expires);
    CREATE TABLE IF NOT EXISTS notices (
        subject TEXT PRIMARY KEY NOT NULL,
        value INTEGER NOT NULL,
        expires INTEGER NOT NULL
    );
";

/// A store in a SQLite file or in memory. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    connection: tokio_rusqlite::Connection,
    options: StoreOptions,
}

impl SqliteStore {
    pub(crate) async fn in_memory(options: StoreOptions) -> std::result::Result<Self, OpenError> {
        Self::set_up(Path::new(":memory:"), options).await
    }

    /// Opens or creates the file, which only this user can read.
    pub(crate) async fn open(path: &Path, options: StoreOptions) -> std::result::Result<Self, OpenError> {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(|source| OpenError::Directory {
                path: directory.to_owned(),
                source,
            })?;
        }
        create_private(path).map_err(|error| open_error(path, &error))?;
        Self::set_up(path, options).await
    }

    async fn set_up(path: &Path, options: StoreOptions) -> std::result::Result<Self, OpenError> {
        let connection = tokio_rusqlite::Connection::open(path).await;
        let store = Self {
            connection: connection.map_err(|error| open_error(path, &error))?,
            options,
        };
        let set_up = store.call(|connection| {
            let deadline = Instant::now() + OPEN_LIMIT;
            loop {
                match prepare(connection) {
                    Err(error)
                        if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                            && Instant::now() < deadline =>
                    {
                        thread::sleep(Duration::from_millis(50));
                    }
                    result => return result,
                }
            }
        });
        set_up.await.map_err(|error| open_error(path, &error))?;
        Ok(store)
    }

    /// Does something on the thread of the connection.
    async fn call<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let result = self.connection.call(operation).await;
        result.map_err(|error| match error {
            // The library displays its own error in debug format.
            tokio_rusqlite::Error::Error(error) => Error::Backend(error.to_string()),
            error => Error::Backend(error.to_string()),
        })
    }

    pub(crate) async fn create(&self, record: &mut Record) -> Result<()> {
        let (row, mut id) = (Row::of(record, &self.options)?, record.id);
        let create = move |connection: &mut Connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO sessions (id, owner, data, expires, deadline) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO NOTHING",
            )?;
            while insert.execute(params![
                id.to_string(),
                row.owner,
                row.data,
                row.expires,
                row.deadline
            ])? == 0
            {
                id = Id::default();
            }
            Ok(id)
        };
        record.id = self.call(create).await?;
        Ok(())
    }

    pub(crate) async fn save(&self, record: &Record) -> Result<()> {
        let (row, id) = (Row::of(record, &self.options)?, record.id);
        let save = move |connection: &mut Connection| {
            let mut update = connection.prepare_cached(
                "UPDATE sessions SET owner = ?2, data = ?3, expires = min(?4, deadline) WHERE id = ?1",
            )?;
            update.execute(params![id.to_string(), row.owner, row.data, row.expires])
        };
        self.call(save).await.map(drop)
    }

    pub(crate) async fn load(&self, id: Id) -> Result<Option<Record>> {
        let load = move |connection: &mut Connection| {
            let mut select = connection
                .prepare_cached("SELECT data, expires FROM sessions WHERE id = ?1 AND expires > ?2")?;
            let row = select.query_row(params![id.to_string(), now()], |row| {
                // Text of any type: what is no JSON is no session.
                Ok((row.get_ref(0)?.as_bytes()?.to_vec(), row.get(1)?))
            });
            row.optional()
        };
        let row = self.call(load).await?;
        row.map(|(data, expires)| decode(id, &String::from_utf8_lossy(&data), expires))
            .transpose()
    }

    pub(crate) async fn delete(&self, id: Id) -> Result<()> {
        let delete = move |connection: &mut Connection| {
            let mut delete = connection.prepare_cached("DELETE FROM sessions WHERE id = ?1")?;
            delete.execute([id.to_string()])
        };
        self.call(delete).await.map(drop)
    }

    pub(crate) async fn check(&self) -> Result<()> {
        // One row for all checks, which has expired and is deleted with the other expired ones.
        let probe =
            "INSERT OR REPLACE INTO sessions (id, data, expires, deadline) VALUES ('probe', '{}', 0, 0)";
        self.call(|connection| connection.execute(probe, []))
            .await
            .map(drop)
    }

    pub(crate) async fn delete_expired(&self) -> Result<()> {
        let delete = |connection: &mut Connection| {
            connection.execute("DELETE FROM sessions WHERE expires <= ?1", [now()])?;
            connection.execute("DELETE FROM notices WHERE expires <= ?1", [now()])
        };
        self.call(delete).await.map(drop)
    }

    pub(crate) async fn delete_owned(&self, owner: &str) -> Result<()> {
        let owner = owner.to_owned();
        let delete = |connection: &mut Connection| {
            connection.execute("DELETE FROM sessions WHERE owner = ?1", [owner])
        };
        self.call(delete).await.map(drop)
    }

    pub(crate) async fn publish(&self, notice: &Notice) -> Result<()> {
        let notice = notice.clone();
        let publish = move |connection: &mut Connection| {
            connection.execute(
                "INSERT INTO notices (subject, value, expires) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET value = max(value, excluded.value), expires = max(expires, excluded.expires)",
                params![notice.subject, notice.value, notice.expires],
            )
        };
        self.call(publish).await.map(drop)
    }

    pub(crate) async fn notices(&self) -> Result<Vec<Notice>> {
        let select = |connection: &mut Connection| {
            let mut select = connection
                .prepare_cached("SELECT subject, value, expires FROM notices WHERE expires > ?1")?;
            select.query_map([now()], notice)?.collect()
        };
        self.call(select).await
    }

    pub(crate) async fn notice(&self, subject: &str) -> Result<Option<Notice>> {
        let subject = subject.to_owned();
        let select = |connection: &mut Connection| {
            let mut select = connection
                .prepare_cached("SELECT subject, value, expires FROM notices WHERE subject = ?1")?;
            select.query_row([subject], notice).optional()
        };
        self.call(select).await
    }

    pub(crate) async fn watch(&self, receiver: &mut Receiver<impl FnMut(&Notice) + Send>) {
        let mut ticks = interval(POLL_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_failing = false;
        loop {
            ticks.tick().await;
            match self.notices().await {
                Ok(notices) => {
                    is_failing = false;
                    receiver.accept_all(notices, now());
                }
                Err(error) if !is_failing => {
                    is_failing = true;
                    tracing::warn!(%error, "notices cannot be read; trying again until they can");
                }
                Err(_) => {}
            }
        }
    }
}

/// Sets the connection up, and creates the tables that are missing.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Readers and the writer do not block each other, and a crash of the system loses the last sessions at most, never the
    // file.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.execute_batch(SCHEMA)
}

fn notice(row: &SqlRow<'_>) -> rusqlite::Result<Notice> {
    Ok(Notice {
        subject: row.get(0)?,
        value: row.get(1)?,
        expires: row.get(2)?,
    })
}

/// Creates the file unless it exists, for this user only. SQLite gives the files beside it the same mode.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.append(true).create(true).open(path).map(drop)
}

fn open_error(path: &Path, reason: &impl ToString) -> OpenError {
    OpenError::File {
        path: path.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tower_sessions::cookie::time::OffsetDateTime;

    use super::*;

    #[tokio::test]
    async fn memory_is_swept() {
        let options = StoreOptions {
            max_age: Duration::from_secs(60),
            owner: |_| None,
        };
        let store = SqliteStore::in_memory(options).await.unwrap();
        for expires in [-1, 60] {
            let mut record = Record {
                id: Id::default(),
                data: HashMap::new(),
                expiry_date: OffsetDateTime::from_unix_timestamp(now() + expires).unwrap(),
            };
            store.create(&mut record).await.unwrap();
        }
        store.delete_expired().await.unwrap();
        let count = |connection: &mut Connection| {
            connection.query_row("SELECT count(*) FROM sessions", [], |row| row.get::<_, i64>(0))
        };
        assert_eq!(store.call(count).await.unwrap(), 1);
    }
}
