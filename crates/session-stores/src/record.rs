//! The stored form of a session.

use std::time::{SystemTime, UNIX_EPOCH};

use tower_sessions::{
    cookie::time::OffsetDateTime,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::StoreOptions;

/// A session as databases keep it.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) owner: Option<String>,
    /// JSON.
    pub(crate) data: String,
    /// A Unix time in seconds.
    pub(crate) expires: i64,
    /// The latest value that `expires` may ever have.
    pub(crate) deadline: i64,
}

impl Row {
    pub(crate) fn of(record: &Record, options: &StoreOptions) -> Result<Self> {
        let deadline = now().saturating_add(seconds(options.max_age));
        Ok(Self {
            owner: (options.owner)(&record.data).map(str::to_owned),
            data: serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?,
            expires: record.expiry_date.unix_timestamp().min(deadline),
            deadline,
        })
    }
}

pub(crate) fn decode(id: Id, data: &str, expires: i64) -> Result<Record> {
    Ok(Record {
        id,
        data: serde_json::from_str(data).map_err(|error| Error::Decode(error.to_string()))?,
        expiry_date: OffsetDateTime::from_unix_timestamp(expires)
            .map_err(|error| Error::Decode(error.to_string()))?,
    })
}

/// The Unix time in seconds.
pub(crate) fn now() -> i64 {
    seconds(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

pub(crate) fn seconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
