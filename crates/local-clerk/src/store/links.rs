//! Finding documents by what they contain.

use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;

use super::{Document, Error, Store};

/// Values in the documents of a kind by which they are found.
pub(crate) struct Link {
    kind: &'static str,
    name: &'static str,
    /// The list that contains them, or the only one.
    path: &'static str,
    /// SQL for the value in an item of the list.
    value: &'static str,
}

/// Items of the list are the values.
const ITEM: &str = "value";

const ADD: &str = "INSERT OR IGNORE INTO links SELECT * FROM document_links WHERE document = $row.position";
const REMOVE: &str = "DELETE FROM links WHERE (kind, name, key, document) IN
     (SELECT * FROM document_links WHERE document = $row.position)";

const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS links (
        kind     TEXT NOT NULL,
        name     TEXT NOT NULL,
        key      TEXT NOT NULL,
        document INTEGER NOT NULL,
        PRIMARY KEY (kind, name, key, document)
    ) STRICT, WITHOUT ROWID;
";

macro_rules! links {
    ($($link:ident: $kind:literal, $name:literal, $path:literal, $value:expr;)*) => {
        $(pub(crate) const $link: Link = Link { kind: $kind, name: $name, path: $path, value: $value };)*
        const LINKS: &[Link] = &[$($link),*];
    };
}

links! {
    CREATOR: "organization", "creator", "$.created_by", ITEM;
    DOMAIN: "organization", "domain", "$.domains", "value ->> '$.name'";
    INVITATION: "organization", "invitation", "$.invitations", "value ->> '$.id'";
    INVITED: "organization", "invited", "$.invitations", "value ->> '$.email_address'";
    MEMBER: "organization", "member", "$.memberships", "value ->> '$.user_id'";
    SUGGESTED: "organization", "suggested", "$.suggestions", "value ->> '$.user_id'";
    SUGGESTION: "organization", "suggestion", "$.suggestions", "value ->> '$.id'";
    EMAIL_ADDRESS: "user", "email_address", "$.email_addresses", "value ->> '$.value'";
    EMAIL_ADDRESS_ID: "user", "email_address_id", "$.email_addresses", "value ->> '$.id'";
    EXTERNAL_ID: "user", "external_id", "$.external_id", ITEM;
    FIRST_NAME: "user", "first_name", "$.first_name", ITEM;
    LAST_NAME: "user", "last_name", "$.last_name", ITEM;
    PHONE_NUMBER: "user", "phone_number", "$.phone_numbers", "value ->> '$.value'";
    PHONE_NUMBER_ID: "user", "phone_number_id", "$.phone_numbers", "value ->> '$.id'";
    STRATEGY: "user", "strategy", "$.external_accounts", "value ->> '$.verification.strategy'";
    USERNAME: "user", "username", "$.username", ITEM;
    CLIENT: "session", "client", "$.client_id", ITEM;
    API_KEY_SUBJECT: "api_key", "subject", "$.subject", ITEM;
    M2M_TOKEN_SUBJECT: "m2m_token", "subject", "$.subject", ITEM;
    SUBSCRIPTION_ITEM: "subscription", "item", "$.items", "value ->> '$.id'";
}

/// Creates the table of links, or makes it anew if another version of the program has other ones.
pub(super) fn prepare(connection: &Connection) -> Result<(), Error> {
    connection.execute_batch(TABLE)?;
    let view = view();
    let known: Option<String> = connection
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE name = 'document_links'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    if known.as_ref() == Some(&view) {
        return Ok(());
    }
    let mut sql = format!("DROP VIEW IF EXISTS document_links; {view};");
    for (name, event, row, action) in [
        ("links_added", "AFTER INSERT", "new", ADD),
        ("links_outdated", "BEFORE UPDATE", "old", REMOVE),
        ("links_updated", "AFTER UPDATE", "new", ADD),
        ("links_deleted", "BEFORE DELETE", "old", REMOVE),
    ] {
        let mut kinds: Vec<String> = LINKS.iter().map(|link| format!("'{}'", link.kind)).collect();
        kinds.dedup();
        let (kinds, action) = (kinds.join(", "), action.replace("$row", row));
        write!(
            sql,
            "DROP TRIGGER IF EXISTS {name};
             CREATE TRIGGER {name} {event} ON documents WHEN {row}.kind IN ({kinds}) BEGIN {action}; END;"
        )
        .unwrap_or_default();
    }
    sql.push_str("DELETE FROM links; INSERT OR IGNORE INTO links SELECT * FROM document_links;");
    Ok(connection.execute_batch(&sql)?)
}

/// Returns the SQL of a view of all links. SQLite stores it literally.
fn view() -> String {
    let links = LINKS.iter().map(|link| {
        let Link {
            kind,
            name,
            path,
            value,
        } = link;
        format!(
            "SELECT kind, '{name}', {value}, position FROM documents, json_each(body, '{path}')
             WHERE kind = '{kind}' AND {value} IS NOT NULL"
        )
    });
    let links: Vec<String> = links.collect();
    format!(
        "CREATE VIEW document_links (kind, name, key, document) AS {}",
        links.join(" UNION ALL ")
    )
}

impl Store<'_> {
    /// Returns the documents in which a link has one of these values, oldest first.
    pub(crate) fn linked<D: Document>(
        &self,
        link: &Link,
        values: &[impl Serialize],
    ) -> Result<Vec<D>, Error> {
        self.list(
            "SELECT body FROM documents WHERE position IN (
                 SELECT document FROM links
                 WHERE kind = ? AND name = ? AND key IN (SELECT value FROM json_each(?))
             ) ORDER BY position",
            &[link.kind, link.name, &serde_json::to_string(values)?],
        )
    }

    /// Returns the documents in which a value of a link contains a text, and if asked for those whose id does; oldest first. The text
    /// is in lower case, and ASCII.
    pub(crate) fn containing<D: Document>(
        &self,
        links: &[Link],
        ids_too: bool,
        text: &str,
    ) -> Result<Vec<D>, Error> {
        let names: Vec<&str> = links.iter().map(|link| link.name).collect();
        let sql = "SELECT body FROM documents WHERE position IN (
             SELECT document FROM links
             WHERE kind = ?1 AND name IN (SELECT value FROM json_each(?2)) AND instr(lower(key), ?3)
             UNION ALL
             SELECT position FROM documents WHERE kind = ?1 AND ?4 AND instr(lower(id), ?3)
         ) ORDER BY position";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let values = params![D::KIND, serde_json::to_string(&names)?, text, ids_too];
        let bodies = statement.query_map(values, |row| row.get::<_, String>(0))?;
        bodies.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
    }

    /// Returns the documents with these ids, oldest first.
    pub(crate) fn with_ids<D: Document>(&self, ids: &[impl Serialize]) -> Result<Vec<D>, Error> {
        self.list(
            "SELECT body FROM documents WHERE kind = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY position",
            &[D::KIND, &serde_json::to_string(ids)?],
        )
    }
}
