//! The handshake: sending a visitor to the Frontend API to learn who they are, and reading what it
//! brought back.

mod redirect;
mod resolve;

pub(super) use redirect::handshake_url;
pub(super) use resolve::{ResolveError, resolve};

use super::context::Context;

/// Redirects in a row, within two seconds of each other, that count as a loop.
pub(super) const MAX_REDIRECTS: f64 = 3.0;

/// Whether the request may be redirected: probably for a document, and a GET, which is all that the
/// Frontend API answers.
pub(super) fn is_eligible(context: &Context<'_>) -> bool {
    context.is_get
        && match context.sec_fetch_dest.as_deref() {
            Some(dest) => matches!(dest, "document" | "iframe"),
            None => context
                .accept
                .as_deref()
                .is_some_and(|accept| accept.starts_with("text/html")),
        }
}

/// The directive that counts this redirect.
pub(super) fn redirect_count_directive(context: &Context<'_>) -> String {
    let count = context.redirect_count + 1.0;
    format!("__clerk_redirect_count={count}; SameSite=Lax; HttpOnly; Max-Age=2")
}
