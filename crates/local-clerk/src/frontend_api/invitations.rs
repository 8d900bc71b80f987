//! The links of invitations, and the waitlist.

use http::{StatusCode, header};
use serde_json::json;

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request, cookies},
    model::SignUpMode,
};

use super::browser;

/// Redirects the browser to where the link with a ticket leads. A browser that does not come through an app's proxy goes
/// to the last known app.
pub(super) fn accept_ticket(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    if cx.bypassed_proxy() {
        cx.recall_url()?;
    }
    let ticket = request.query.required("ticket")?;
    let mut visitor = browser::visiting_client(cx, request)?;
    let target = cx.follow_ticket(ticket, visitor.as_ref())?;
    let reply = Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, target.as_str());
    // An app's sign-in page redirects whoever is signed in elsewhere, instead of redeeming the ticket.
    if let Some(client) = &mut visitor
        && cx.impersonates(ticket)?
        && cx.make_way(client)?
    {
        return Ok(reply
            .with_cookies(&cookies::client_uat_cookies(cx, None)?)
            .with_cookies(&cookies::no_session_cookies(cx)));
    }
    Ok(reply)
}

pub(super) fn join_waitlist(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    if cx.settings()?.sign_up_mode != SignUpMode::Waitlist {
        let message = "The waitlist is not accepting new entries at this time. Please try again later.";
        return Err(ApiError::new(ErrorKind::Forbidden, "waitlist_not_accepting_entries", message).into());
    }
    let entry = cx.join_waitlist(request.body.required("email_address")?, true)?;
    Ok(Reply::json(
        &json!({ "object": "waitlist_entry", "id": entry.id }),
    ))
}
