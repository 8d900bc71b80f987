//! The handshake: sending a visitor to the Frontend API to learn who they are, and reading the result.

mod resolve;
mod url;

pub(crate) use resolve::{ResolveError, resolve};
pub(crate) use url::handshake_url;

use crate::backend::request::Context;

/// The number of consecutive redirects, each within two seconds of the last, that counts as a loop.
pub(crate) const MAX_REDIRECTS: f64 = 3.0;

/// Whether the request may be redirected: it is a `GET`, the only method the Frontend API accepts, and asks
/// for a document.
pub(crate) fn is_eligible(context: &Context<'_>) -> bool {
    context.is_get
        && match context.sec_fetch_dest.as_deref() {
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
