//! The store: JSON documents in a SQLite file, with one transaction per request.

pub(crate) mod links;
mod pages;
mod snapshots;

use std::{
    cell::RefCell,
    collections::HashSet,
    fmt,
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use serde::{Serialize, de::DeserializeOwned};

/// The format of the documents. It increases when older ones become unreadable.
const VERSION: i64 = 2;

/// With `NORMAL`, commits do not wait for the disk: they survive a killed process, and a power failure can lose
/// the last ones but never corrupt the file.
const PRAGMAS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA busy_timeout = 5000;
";

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS documents (
        position INTEGER PRIMARY KEY,
        kind     TEXT NOT NULL,
        id       TEXT NOT NULL,
        owner    TEXT,
        body     TEXT NOT NULL,
        UNIQUE (kind, id)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS documents_by_owner ON documents (kind, owner);
    CREATE TABLE IF NOT EXISTS counts (
        kind   TEXT PRIMARY KEY,
        number INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO counts SELECT kind, count(*) FROM documents WHERE NOT EXISTS (SELECT 1 FROM counts) GROUP BY kind;
    CREATE TRIGGER IF NOT EXISTS document_added AFTER INSERT ON documents BEGIN
        INSERT INTO counts VALUES (new.kind, 1) ON CONFLICT (kind) DO UPDATE SET number = number + 1;
    END;
    CREATE TRIGGER IF NOT EXISTS document_deleted AFTER DELETE ON documents BEGIN
        UPDATE counts SET number = number - 1 WHERE kind = old.kind;
    END;
    CREATE TABLE IF NOT EXISTS snapshots (
        position INTEGER PRIMARY KEY,
        name     TEXT NOT NULL,
        kind     TEXT NOT NULL,
        id       TEXT NOT NULL,
        owner    TEXT,
        body     TEXT NOT NULL,
        UNIQUE (name, kind, id)
    ) STRICT;
";

/// Where the local Clerk stores its users, sessions and keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// A SQLite file, which is created with its directory if absent, and readable by its owner only.
    File(PathBuf),
    /// Lost at the end of the process.
    Memory,
}

impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Memory => f.write_str("memory"),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(
        "it was written by another version of this program; delete it to start over, or choose another file"
    )]
    Version,
    #[error("a stored document cannot be read: {0}")]
    Document(#[from] serde_json::Error),
    #[error(transparent)]
    File(#[from] io::Error),
}

/// A stored document.
pub(crate) trait Document: Serialize + DeserializeOwned {
    const KIND: &'static str;
    /// Whether the transaction records changes of such documents.
    const WATCHED: bool = false;
    fn id(&self) -> &str;
    /// Returns the key for lookups other than by id.
    fn owner(&self) -> Option<&str> {
        None
    }
}

pub(crate) fn open(data: &Data) -> Result<Connection, Error> {
    let mut connection = match data {
        Data::File(path) => {
            create_private(path)?;
            Connection::open(path)?
        }
        Data::Memory => Connection::open_in_memory()?,
    };
    let is_new = !connection.table_exists(None, "documents")?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if !is_new && version != VERSION {
        return Err(Error::Version);
    }
    connection.execute_batch(PRAGMAS)?;
    // A deferred transaction fails at once if another connection writes between its first read and its first write.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(SCHEMA)?;
    pages::prepare(&transaction)?;
    links::prepare(&transaction)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(connection)
}

/// Creates a file for its owner only. SQLite gives the files beside it the same permissions.
fn create_private(path: &Path) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

/// A transaction, which is rolled back unless it is committed.
#[derive(Debug)]
pub(crate) struct Store<'a> {
    transaction: Transaction<'a>,
    changes_before: u64,
    touched: RefCell<Vec<Touched>>,
    touched_ids: RefCell<HashSet<(&'static str, String)>>,
}

/// A watched document as it was before its first change in the transaction.
#[derive(Debug)]
struct Touched {
    kind: &'static str,
    id: String,
    before: Option<String>,
}

/// The change of a document by a transaction.
pub(crate) struct Change<D> {
    pub(crate) before: Option<D>,
    pub(crate) after: Option<D>,
}

impl<'a> Store<'a> {
    pub(crate) fn begin(connection: &'a mut Connection) -> Result<Self, Error> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(Self {
            changes_before: transaction.total_changes(),
            transaction,
            touched: RefCell::default(),
            touched_ids: RefCell::default(),
        })
    }

    /// Tells whether the transaction has changed anything so far.
    pub(crate) fn has_changed(&self) -> bool {
        self.transaction.total_changes() > self.changes_before
    }

    pub(crate) fn commit(self) -> Result<(), Error> {
        Ok(self.transaction.commit()?)
    }

    /// Undoes every change so far, and begins anew.
    pub(crate) fn start_over(&mut self) -> Result<(), Error> {
        self.transaction.execute_batch("ROLLBACK; BEGIN IMMEDIATE")?;
        self.changes_before = self.transaction.total_changes();
        self.touched.get_mut().clear();
        self.touched_ids.get_mut().clear();
        Ok(())
    }

    pub(crate) fn get<D: Document>(&self, id: &str) -> Result<Option<D>, Error> {
        parse(self.body(D::KIND, id)?)
    }

    fn body(&self, kind: &str, id: &str) -> Result<Option<String>, Error> {
        Ok(self
            .transaction
            .prepare_cached("SELECT body FROM documents WHERE kind = ? AND id = ?")?
            .query_row([kind, id], |row| row.get(0))
            .optional()?)
    }

    /// Returns the changes of watched documents of a kind, in the order of their first change.
    pub(crate) fn changes<D: Document>(&self) -> Result<Vec<Change<D>>, Error> {
        let touched = self.touched.borrow();
        let of_kind = touched.iter().filter(|touched| touched.kind == D::KIND);
        of_kind
            .map(|touched| {
                Ok(Change {
                    before: parse(touched.before.clone())?,
                    after: self.get(&touched.id)?,
                })
            })
            .collect()
    }

    fn touch<D: Document>(&self, id: &str) -> Result<(), Error> {
        if D::WATCHED && self.touched_ids.borrow_mut().insert((D::KIND, id.to_owned())) {
            self.touched.borrow_mut().push(Touched {
                kind: D::KIND,
                id: id.to_owned(),
                before: self.body(D::KIND, id)?,
            });
        }
        Ok(())
    }

    pub(crate) fn put<D: Document>(&self, document: &D) -> Result<(), Error> {
        self.touch::<D>(document.id())?;
        self.transaction
            .prepare_cached(
                "INSERT INTO documents (kind, id, owner, body) VALUES (?, ?, ?, ?)
                 ON CONFLICT (kind, id) DO UPDATE SET owner = excluded.owner, body = excluded.body",
            )?
            .execute(params![
                D::KIND,
                document.id(),
                document.owner(),
                serde_json::to_string(document)?
            ])?;
        Ok(())
    }

    pub(crate) fn delete<D: Document>(&self, id: &str) -> Result<(), Error> {
        self.touch::<D>(id)?;
        self.transaction
            .prepare_cached("DELETE FROM documents WHERE kind = ? AND id = ?")?
            .execute(params![D::KIND, id])?;
        Ok(())
    }

    /// Returns the documents of an owner, oldest first.
    pub(crate) fn of<D: Document>(&self, owner: &str) -> Result<Vec<D>, Error> {
        self.list(
            "SELECT body FROM documents WHERE kind = ? AND owner = ? ORDER BY position",
            &[D::KIND, owner],
        )
    }

    /// Tells whether a condition is true of any document of an owner.
    pub(crate) fn any_of<D: Document>(
        &self,
        owner: &str,
        condition: impl Fn(&D) -> bool,
    ) -> Result<bool, Error> {
        let sql = "SELECT body FROM documents WHERE kind = ? AND owner = ? ORDER BY position";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut rows = statement.query([D::KIND, owner])?;
        while let Some(row) = rows.next()? {
            if condition(&serde_json::from_str(&row.get::<_, String>(0)?)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns all documents of a kind, oldest first.
    pub(crate) fn all<D: Document>(&self) -> Result<Vec<D>, Error> {
        self.list(
            "SELECT body FROM documents WHERE kind = ? ORDER BY position",
            &[D::KIND],
        )
    }

    fn list<D: Document>(&self, sql: &str, values: &[&str]) -> Result<Vec<D>, Error> {
        let mut statement = self.transaction.prepare_cached(sql)?;
        let bodies =
            statement.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(0))?;
        bodies.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
    }

    /// Deletes the documents of an owner but the latest ones.
    pub(crate) fn keep_latest<D: Document>(&self, owner: &str, count: usize) -> Result<(), Error> {
        self.transaction
            .prepare_cached(
                "DELETE FROM documents WHERE kind = ?1 AND owner = ?2 AND position <= (
                     SELECT position FROM documents WHERE kind = ?1 AND owner = ?2
                     ORDER BY position DESC LIMIT 1 OFFSET ?3
                 )",
            )?
            .execute(params![D::KIND, owner, i64::try_from(count).unwrap_or(i64::MAX)])?;
        Ok(())
    }
}

fn parse<D: Document>(body: Option<String>) -> Result<Option<D>, Error> {
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}
