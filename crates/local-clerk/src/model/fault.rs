//! Faults: what a test suite wants to go wrong.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::store::{self, Document, Store};

use super::MOUNT;

/// A rule that lets requests fail or take time.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub(crate) id: String,
    /// `None` for every API.
    pub(crate) api: Option<ApiKind>,
    /// `None` for every method.
    pub(crate) method: Option<String>,
    /// The path of an endpoint, or the start of paths and `*`.
    pub(crate) path: String,
    /// The status of the reply; `None` for a request that only takes longer.
    pub(crate) status: Option<u16>,
    /// The header `Retry-After` in seconds.
    pub(crate) retry_after: Option<u32>,
    pub(crate) delay_ms: u64,
    /// How many more requests it applies to; `None` for all.
    pub(crate) count: Option<u32>,
    /// Whether the request has its effect, and only its reply is lost.
    pub(crate) after: bool,
    /// The body of the reply; `None` for Clerk's.
    pub(crate) body: Option<Value>,
    pub(crate) created_at: i64,
}

/// One of Clerk's two APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ApiKind {
    Frontend,
    Backend,
}

impl ApiKind {
    /// Returns the API that a path belongs to, and the path as the documentation has it.
    pub(crate) fn of(path: &str) -> (Self, &str) {
        match path.strip_prefix(MOUNT) {
            Some(path) => (Self::Frontend, path),
            None => (Self::Backend, path),
        }
    }
}

impl Document for Fault {
    const KIND: &'static str = "fault";
    fn id(&self) -> &str {
        &self.id
    }
}

impl Fault {
    /// Takes the oldest fault that applies to a request. `route` is the path of its endpoint, if it has one.
    pub(crate) fn take(
        store: &Store<'_>,
        method: &str,
        path: &str,
        route: Option<&str>,
    ) -> Result<Option<Self>, store::Error> {
        let mut faults = store.all::<Self>()?.into_iter();
        let Some(fault) = faults.find(|fault| fault.applies(method, path, route)) else {
            return Ok(None);
        };
        match fault.count {
            None => {}
            Some(..=1) => store.delete::<Self>(&fault.id)?,
            Some(count) => store.put(&Self {
                count: Some(count - 1),
                ..fault.clone()
            })?,
        }
        Ok(Some(fault))
    }

    fn applies(&self, method: &str, path: &str, route: Option<&str>) -> bool {
        let (api, path) = ApiKind::of(path);
        self.api.is_none_or(|own| own == api)
            && self.method.as_ref().is_none_or(|own| own == method)
            && path_matches(&self.path, path, route.map(|route| ApiKind::of(route).1))
    }
}

/// Tells whether a pattern, which is the path of an endpoint or ends in `*`, matches a path. `route` is the path of the
/// endpoint that answers it.
pub(crate) fn path_matches(pattern: &str, path: &str, route: Option<&str>) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => path.starts_with(start),
        None => route == Some(pattern),
    }
}
