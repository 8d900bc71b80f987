//! The log of the requests to the two APIs, from which a test suite learns what was asked.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use http::{Method, StatusCode};
use url::form_urlencoded;

use crate::model::ApiKind;

/// How many requests are kept.
const CAPACITY: usize = 1000;
/// How many different unknown endpoints are counted.
const MAX_UNKNOWN: usize = 1000;

/// The parts of names of parameters whose values are secrets.
const SECRET_NAMES: [&str; 9] = [
    "token", "ticket", "jwt", "secret", "password", "code", "nonce", "key", "state",
];
const REDACTED: &str = "[redacted]";

/// A request and how it was answered.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The path of the endpoint that answered, if there is one.
    pub(crate) route: Option<String>,
    /// Without secrets.
    pub(crate) query: String,
    pub(crate) status: StatusCode,
    /// The id of the fault that was applied.
    pub(crate) fault: Option<String>,
    /// On the real clock.
    pub(crate) created_at: i64,
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    latest: VecDeque<Entry>,
    unknown: BTreeMap<(ApiKind, String, String), u64>,
}

impl RequestLog {
    pub(super) fn add(&self, mut entry: Entry) {
        entry.query = redacted(&entry.query);
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entry.route.is_none() && entry.fault.is_none() {
            let (api, path) = ApiKind::of(&entry.path);
            let key = (api, path.to_owned(), entry.method.to_string());
            if entries.unknown.len() < MAX_UNKNOWN || entries.unknown.contains_key(&key) {
                *entries.unknown.entry(key).or_default() += 1;
            }
        }
        if entries.latest.len() == CAPACITY {
            entries.latest.pop_front();
        }
        entries.latest.push_back(entry);
    }

    /// Returns the latest requests, newest first.
    pub(crate) fn latest(&self) -> Vec<Entry> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.latest.iter().rev().cloned().collect()
    }

    /// Returns the endpoints that were asked for but do not exist: API, path, method and how often.
    pub(crate) fn unknown(&self) -> Vec<((ApiKind, String, String), u64)> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = entries.unknown.iter();
        unknown.map(|(key, count)| (key.clone(), *count)).collect()
    }

    pub(super) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Entries::default();
    }
}

/// The query without the values of secrets.
fn redacted(query: &str) -> String {
    let is_secret = |name: &str| {
        let name = name.to_lowercase();
        SECRET_NAMES.iter().any(|secret| name.contains(secret))
    };
    let pairs = form_urlencoded::parse(query.as_bytes());
    let pairs = pairs.map(|(name, value)| {
        if is_secret(&name) {
            return (name, REDACTED.into());
        }
        // The query of an address may contain them too.
        match value.split_once('?') {
            Some((address, _)) => {
                let value = format!("{address}?{REDACTED}");
                (name, value.into())
            }
            None => (name, value),
        }
    });
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
