//! Pages of long lists, without reading the rest.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Document, Error, Store};

/// The kinds of document with pages, and the condition for being on one.
const PAGED: [(&str, Option<&str>); 4] = [
    ("invitation", Some("body ->> '$.status' <> 'revoked'")),
    ("organization", None),
    ("user", None),
    ("waitlist_entry", None),
];

/// Creates the indexes by which pages are read.
pub(super) fn prepare(connection: &Connection) -> Result<(), Error> {
    // It has another name now.
    connection.execute_batch("DROP INDEX IF EXISTS users_by_creation")?;
    for (kind, _) in PAGED {
        connection.execute_batch(&format!(
            "CREATE INDEX IF NOT EXISTS {kind}_by_creation
             ON documents (json_extract(body, '$.created_at'), position) WHERE {}",
            on_pages(kind)
        ))?;
    }
    Ok(())
}

/// Returns SQL that is true of the documents of a kind that are on its pages.
fn on_pages(kind: &str) -> String {
    let condition = PAGED.iter().find(|(paged, _)| *paged == kind);
    match condition.and_then(|(_, condition)| *condition) {
        Some(condition) => format!("kind = '{kind}' AND {condition}"),
        None => format!("kind = '{kind}'"),
    }
}

impl Store<'_> {
    /// Returns how many documents of a kind there are.
    pub(crate) fn count<D: Document>(&self) -> Result<usize, Error> {
        let count: Option<i64> = self
            .transaction
            .prepare_cached("SELECT number FROM counts WHERE kind = ?")?
            .query_row([D::KIND], |row| row.get(0))
            .optional()?;
        Ok(usize::try_from(count.unwrap_or_default()).unwrap_or_default())
    }

    /// Returns how many documents the pages of a kind have.
    pub(crate) fn count_on_pages<D: Document>(&self) -> Result<usize, Error> {
        let kind = D::KIND;
        if PAGED.contains(&(kind, None)) {
            return self.count::<D>();
        }
        let sql = format!(
            "SELECT count(*) FROM documents INDEXED BY {kind}_by_creation WHERE {}",
            on_pages(kind)
        );
        let count: i64 = self
            .transaction
            .prepare_cached(&sql)?
            .query_row([], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Returns the documents of a kind from `offset` on, at most `limit`, in the order in which they were created or the reverse. The
    /// kind must be one with pages.
    pub(crate) fn page<D: Document>(
        &self,
        newest_first: bool,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<D>, Error> {
        let total = self.count_on_pages::<D>()?;
        let start = offset.min(total);
        let end = start.saturating_add(limit).min(total);
        // SQLite walks to the first document of the page: from the end that is nearer.
        let from_other_end = start > total / 2;
        let skipped = if from_other_end { total - end } else { start };
        let direction = if newest_first == from_other_end {
            "ASC"
        } else {
            "DESC"
        };
        // The condition is literal, because the index is one of this condition. Unless it is named, SQLite sorts the whole list.
        let kind = D::KIND;
        let sql = format!(
            "SELECT body FROM documents INDEXED BY {kind}_by_creation WHERE {}
             ORDER BY json_extract(body, '$.created_at') {direction}, position {direction} LIMIT ? OFFSET ?",
            on_pages(kind)
        );
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let rows = statement.query_map(params![(end - start) as i64, skipped as i64], |row| {
            row.get::<_, String>(0)
        })?;
        let page: Result<Vec<D>, Error> = rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect();
        let mut page = page?;
        if from_other_end {
            page.reverse();
        }
        Ok(page)
    }
}
