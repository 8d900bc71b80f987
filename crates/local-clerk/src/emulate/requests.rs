//! What was asked of the two APIs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    http::{Endpoint, Entry, Reply, Request, RequestLog},
    model::{ApiKind, path_matches},
};

use super::{list_of, no_parameters};

/// The operations of Clerk's contract, one a line: the API, the method and the path.
const CONTRACT: &str = include_str!("contract.txt");

/// Lists the latest requests, newest first.
pub(super) fn list(_: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&["path", "status"])?;
    let path = request.query.filled("path");
    let status = request.query.number_in("status", 100..=599)?;
    let mut entries = request.shared.log.latest();
    entries.retain(|entry| {
        path.is_none_or(|path| is_at(entry, path))
            && status.is_none_or(|status| i64::from(entry.status.as_u16()) == status)
    });
    Ok(list_of(&entries.iter().map(render).collect::<Vec<_>>()))
}

/// Tells whether a request was to this path: one as in the reference, the start of one and `*`, or one with its ids.
fn is_at(entry: &Entry, pattern: &str) -> bool {
    let (_, path) = ApiKind::of(&entry.path);
    let route = entry.route.as_deref().map(|route| ApiKind::of(route).1);
    path == pattern || path_matches(pattern, path, route)
}

fn render(entry: &Entry) -> Value {
    let (api, path) = ApiKind::of(&entry.path);
    json!({
        "api": api,
        "method": entry.method.as_str(),
        "path": path,
        "route": entry.route.as_deref().map(|route| ApiKind::of(route).1),
        "query": entry.query,
        "status": entry.status.as_u16(),
        "fault": entry.fault,
        "created_at": entry.created_at,
    })
}

/// Lists the endpoints that were asked for but do not exist here, and tells whether Clerk's contract has them.
pub(super) fn unknown(_: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let unknown = by_operation(request.shared.log.unknown()).into_iter();
    let unknown = unknown.map(|((api, path, method, in_contract), count)| {
        json!({ "api": api, "method": method, "path": path, "count": count, "in_contract": in_contract })
    });
    Ok(list_of(&unknown.collect::<Vec<_>>()))
}

/// Describes the endpoints that were asked for since the start but do not exist here, one a line.
pub(crate) fn unknown_since_start(log: &RequestLog) -> Vec<String> {
    let unknown = by_operation(log.unknown_since_start()).into_iter();
    let unknown = unknown.map(|((api, path, method, in_contract), count)| {
        let api = match api {
            ApiKind::Frontend => "Frontend API",
            ApiKind::Backend => "Backend API",
        };
        let at_clerk = if in_contract {
            "Clerk has it"
        } else {
            "nor has Clerk"
        };
        format!("{method} {path} ({api}, requests: {count}; {at_clerk})")
    });
    unknown.collect()
}

/// Adds up the requests for each operation of Clerk's contract: API, path, method, and whether it is in the contract.
fn by_operation(unknown: BTreeMap<Endpoint, u64>) -> BTreeMap<(ApiKind, String, String, bool), u64> {
    let mut counts = BTreeMap::new();
    for ((api, path, method), count) in unknown {
        let key = match in_contract(api, &method, &path) {
            Some(template) => (api, template.to_owned(), method, true),
            None => (api, path, method, false),
        };
        *counts.entry(key).or_default() += count;
    }
    counts
}

/// Returns the path of the operation of Clerk's contract that a request is for.
fn in_contract(api: ApiKind, method: &str, path: &str) -> Option<&'static str> {
    let api = match api {
        ApiKind::Frontend => "frontend",
        ApiKind::Backend => "backend",
    };
    let templates = CONTRACT.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let is_it = words.next() == Some(api) && words.next() == Some(method);
        words.next().filter(|template| is_it && fits(template, path))
    });
    // Where both fit, the operation with fewer parameters is meant.
    templates.min_by_key(|template| template.matches('{').count())
}

fn fits(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(expected), Some(found)) if expected == found => {}
            (Some(expected), Some(found)) if expected.starts_with('{') && !found.is_empty() => {}
            _ => return false,
        }
    }
}
