//! The links of invitations, and the waitlist.

use http::{StatusCode, header};
use serde_json::json;

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request},
    model::SignUpMode,
};

/// Redirects the browser to where the link of an invitation leads. A browser that does not come through an
/// app's proxy goes to the last known app.
pub(super) fn accept_ticket(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    if cx.bypassed_proxy() {
        cx.recall_url()?;
    }
    let target = cx.follow_ticket(request.query.required("ticket")?)?;
    Ok(Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, target.as_str()))
}

pub(super) fn join_waitlist(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    if cx.settings()?.sign_up_mode != SignUpMode::Waitlist {
        let message = "The waitlist is not accepting new entries at this time. Please try again later.";
        return Err(ApiError::new(ErrorKind::Forbidden, "waitlist_not_accepting_entries", message).into());
    }
    let entry = cx.join_waitlist(request.body.required("email_address")?)?;
    Ok(Reply::json(
        &json!({ "object": "waitlist_entry", "id": entry.id }),
    ))
}
