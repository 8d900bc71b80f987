//! The redirects of social connections.

use crate::{domain::oauth::Redirects, http::Request};

/// Returns the redirects in the body of a request that starts an authorization.
pub(super) fn redirects(request: &Request) -> Redirects<'_> {
    Redirects {
        redirect_url: request.body.filled("redirect_url"),
        complete_url: request.body.filled("action_complete_redirect_url"),
    }
}
