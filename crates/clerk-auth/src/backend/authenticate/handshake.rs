//! The handshake: sending a visitor to the Frontend API to learn who they are, and reading the result.

mod expire;
mod resolve;
mod url;

pub(crate) use expire::expire;
pub(crate) use resolve::{ResolveError, resolve};
pub(crate) use url::{handshake_url, without_result};

use http::Method;

use crate::backend::request::Context;

/// The number of consecutive redirects, each within two seconds of the last, that counts as a loop.
pub(crate) const MAX_REDIRECTS: f64 = 3.0;

/// Whether the request may be redirected: it is a `GET`, the only method the Frontend API accepts, and asks
/// for a document.
pub(crate) fn is_eligible(context: &Context<'_>) -> bool {
    context.is_get && wants_document(context)
}

/// Whether the request is that of a visitor who follows a link.
pub(crate) fn follows_link(context: &Context<'_>) -> bool {
    (context.is_get || context.request.method == Method::HEAD) && wants_document(context)
}

fn wants_document(context: &Context<'_>) -> bool {
    match context.sec_fetch_dest.as_deref() {
        Some(dest) => matches!(dest, "document" | "iframe"),
        None => context
            .accept
            .as_deref()
            .is_some_and(|accept| accept.starts_with("text/html")),
    }
}

/// The `Set-Cookie` value that counts this redirect.
pub(crate) fn redirect_count_cookie(context: &Context<'_>) -> String {
    let count = context.redirect_count + 1.0;
    format!("__clerk_redirect_count={count}; SameSite=Lax; HttpOnly; Max-Age=2")
}
