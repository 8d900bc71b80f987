//! Redirects to the canonical address of a page.

use axum::{
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

/// Redirects `/plans/` to `/plans`, so that every page has one address. `None` for an address that has no slash to trim.
pub fn trim_trailing_slash(uri: &Uri) -> Option<Response> {
    let trimmed = uri.path().trim_end_matches('/');
    if trimmed.len() == uri.path().len() || trimmed.is_empty() {
        return None;
    }
    let trimmed = same_host(trimmed);
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let headers = [
        (header::LOCATION, format!("{trimmed}{query}")),
        // Caches may keep a permanent redirect for good, and its query may contain tokens.
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Some((StatusCode::PERMANENT_REDIRECT, headers).into_response())
}

/// Returns the path with exactly one leading slash: browsers read `//host` and `/\host` as another host.
fn same_host(path: &str) -> String {
    format!("/{}", path.trim_start_matches(['/', '\\']))
}
