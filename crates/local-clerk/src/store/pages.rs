//! Pages of long lists, without reading the rest.

use rusqlite::{OptionalExtension as _, params};

use super::{Document, Error, Store};

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

    /// Returns the documents of a kind from `offset` on, at most `limit`, in the order in which they were created or the reverse. The
    /// kind must have an index for that.
    pub(crate) fn page<D: Document>(
        &self,
        newest_first: bool,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<D>, Error> {
        let total = self.count::<D>()?;
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
        // The kind is a literal, because the index is one of this kind. Unless it is named, SQLite sorts the whole list.
        let kind = D::KIND;
        let sql = format!(
            "SELECT body FROM documents INDEXED BY {kind}s_by_creation WHERE kind = '{kind}'
             ORDER BY json_extract(body, '$.created_at') {direction}, position {direction} LIMIT ? OFFSET ?"
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
