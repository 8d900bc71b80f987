//! Copies of the documents, within the file and outside of it.

use rusqlite::params;

use super::{Error, Store};

/// Selects documents by kinds, which a parameter contains as a JSON array.
const OTHERS: &str = "kind NOT IN (SELECT value FROM json_each(?1))";

/// A document of whatever kind.
pub(crate) struct Raw {
    pub(crate) kind: String,
    pub(crate) body: String,
}

impl Store<'_> {
    /// Deletes all documents but those of these kinds.
    pub(crate) fn clear_except(&self, kinds: &[&str]) -> Result<(), Error> {
        let kinds = serde_json::to_string(kinds)?;
        self.transaction
            .execute(&format!("DELETE FROM documents WHERE {OTHERS}"), [kinds])?;
        Ok(())
    }

    /// Returns all documents but those of these kinds, oldest first.
    pub(crate) fn all_except(&self, kinds: &[&str]) -> Result<Vec<Raw>, Error> {
        let kinds = serde_json::to_string(kinds)?;
        let sql = format!("SELECT kind, body FROM documents WHERE {OTHERS} ORDER BY position");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let rows = statement.query_map([kinds], |row| {
            Ok(Raw {
                kind: row.get(0)?,
                body: row.get(1)?,
            })
        })?;
        rows.map(|row| Ok(row?)).collect()
    }

    /// Copies all documents but those of these kinds into the snapshot of this name, which it replaces.
    pub(crate) fn save_snapshot(&self, name: &str, except: &[&str]) -> Result<(), Error> {
        let kinds = serde_json::to_string(except)?;
        self.transaction
            .execute("DELETE FROM snapshots WHERE name = ?", [name])?;
        let sql = format!(
            "INSERT INTO snapshots (name, kind, id, owner, body)
             SELECT ?2, kind, id, owner, body FROM documents WHERE {OTHERS} ORDER BY position"
        );
        self.transaction.execute(&sql, params![kinds, name])?;
        Ok(())
    }

    /// Replaces all documents but those of these kinds by the snapshot of this name; `false` if there is none.
    pub(crate) fn restore_snapshot(&self, name: &str, except: &[&str]) -> Result<bool, Error> {
        // No snapshot is empty: it contains the settings.
        let exists = "SELECT EXISTS (SELECT 1 FROM snapshots WHERE name = ?)";
        if !self.transaction.query_row(exists, [name], |row| row.get(0))? {
            return Ok(false);
        }
        self.clear_except(except)?;
        self.transaction.execute(
            "INSERT INTO documents (kind, id, owner, body)
             SELECT kind, id, owner, body FROM snapshots WHERE name = ? ORDER BY position",
            [name],
        )?;
        Ok(true)
    }
}
