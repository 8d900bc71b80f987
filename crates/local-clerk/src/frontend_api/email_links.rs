//! Following e-mail links.

use http::{StatusCode, header};
use url::Url;

use crate::{
    domain::{
        Context,
        email_links::{Followed, follow},
    },
    error::{ApiError, Error},
    http::{Reply, Request},
    model::EmailLink,
};

use super::browser;

/// Follows a link, and redirects the browser to the app with the outcome.
pub(super) fn verify(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let token = request.query.required("token")?;
    let link = cx.store.get::<EmailLink>(token)?.ok_or_else(|| {
        let message = "Verification link token is invalid";
        ApiError::bad_request("verification_link_token_invalid", message)
    })?;
    let mut target = Url::parse(&link.redirect_url)
        .map_err(|_| ApiError::invalid("redirect_url", "redirect_url must be an absolute URL."))?;
    // The browser may be one without a client, or not even a dev browser.
    let visitor = browser::client(cx, request).ok().flatten();
    let (status, session_id) = match follow(cx, &link, visitor.as_ref())? {
        Followed::Verified { session_id } => ("verified", session_id),
        Followed::Failed => ("failed", None),
        Followed::Expired => ("expired", None),
    };
    target.query_pairs_mut().append_pair("__clerk_status", status);
    if let Some(session_id) = session_id {
        target
            .query_pairs_mut()
            .append_pair("__clerk_created_session", &session_id);
    }
    Ok(Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, target.as_str()))
}
