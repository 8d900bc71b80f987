//! The log of the requests to the two APIs, from which a test suite learns what was asked.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
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
pub(crate) struct RequestLog {
    entries: Mutex<Entries>,
    since_start: UnknownSinceStart,
}

#[derive(Debug, Default)]
struct Entries {
    /// How often they were cleared.
    epoch: u64,
    /// In the order of the replies.
    latest: VecDeque<Entry>,
    unknown: BTreeMap<Endpoint, u64>,
}

/// An endpoint that was asked for: API, path and method.
pub(crate) type Endpoint = (ApiKind, String, String);

/// The endpoints that were asked for since the start but do not exist, and how often: of an instance and of those that it has
/// started. A reset keeps them.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnknownSinceStart(Arc<Mutex<BTreeMap<Endpoint, u64>>>);

impl RequestLog {
    pub(crate) fn new(since_start: UnknownSinceStart) -> Self {
        Self {
            since_start,
            entries: Mutex::default(),
        }
    }

    /// Returns when a request begins: what [`add`](Self::add) has to be told about it.
    pub(super) fn epoch(&self) -> u64 {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).epoch
    }

    /// Adds a request, unless a reset came before its reply: it belongs to the test before. Returns whether it is the first one
    /// since the start to an endpoint that does not exist.
    pub(super) fn add(&self, mut entry: Entry, epoch: u64) -> bool {
        entry.query = redacted(&entry.query);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let is_current = entries.epoch == epoch;
        let mut is_first_unknown = false;
        if entry.route.is_none() && entry.fault.is_none() {
            let (api, path) = ApiKind::of(&entry.path);
            let endpoint = (api, path.to_owned(), entry.method.to_string());
            if is_current {
                count(&mut entries.unknown, endpoint.clone());
            }
            let mut since_start = self.since_start.0.lock().unwrap_or_else(PoisonError::into_inner);
            is_first_unknown = count(&mut since_start, endpoint) == 1;
        }
        if is_current {
            if entries.latest.len() == CAPACITY {
                entries.latest.pop_front();
            }
            entries.latest.push_back(entry);
        }
        is_first_unknown
    }

    /// Returns the latest requests, newest first.
    pub(crate) fn latest(&self) -> Vec<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let mut latest: Vec<_> = entries.latest.iter().rev().cloned().collect();
        latest.sort_by_key(|entry| Reverse(entry.created_at));
        latest
    }

    /// Returns the endpoints that were asked for but do not exist, and how often.
    pub(crate) fn unknown(&self) -> BTreeMap<Endpoint, u64> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.unknown.clone()
    }

    /// The same since the start, whatever was cleared in the meantime.
    pub(crate) fn unknown_since_start(&self) -> BTreeMap<Endpoint, u64> {
        let since_start = self.since_start.0.lock().unwrap_or_else(PoisonError::into_inner);
        since_start.clone()
    }

    pub(super) fn clear(&self) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.epoch += 1;
        entries.latest.clear();
        entries.unknown.clear();
    }
}

/// Counts a request to an endpoint, and returns how many there were; 0 if there are too many endpoints to count.
fn count(counts: &mut BTreeMap<Endpoint, u64>, endpoint: Endpoint) -> u64 {
    if counts.len() >= MAX_UNKNOWN && !counts.contains_key(&endpoint) {
        return 0;
    }
    let count = counts.entry(endpoint).or_default();
    *count += 1;
    *count
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
