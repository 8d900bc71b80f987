//! The links of invitations, and the waitlist.

use http::{StatusCode, header};
use serde_json::json;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    identifiers::parse_email_address,
    model::WaitlistEntry,
    reply::Reply,
    settings::SignUpMode,
};

/// Where the link of an invitation leads. A browser that does not come through an app's proxy goes to the app
/// that was last seen.
pub(super) fn accept_ticket(call: &mut Call<'_>) -> Result<Reply, Error> {
    if call.came_straight() {
        call.recall_url()?;
    }
    let target = call.follow_ticket(call.query.required("ticket")?)?;
    Ok(Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, target.as_str()))
}

pub(super) fn join_waitlist(call: &mut Call<'_>) -> Result<Reply, Error> {
    if call.settings()?.sign_up_mode != SignUpMode::Waitlist {
        let why = "The waitlist is not accepting new entries at this time. Please try again later.";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "waitlist_not_accepting_entries", why).into());
    }
    let entry = call.join_waitlist(call.body.required("email_address")?)?;
    Ok(Reply::json(
        &json!({ "object": "waitlist_entry", "id": entry.id }),
    ))
}

impl Call<'_> {
    /// Puts an address on the waitlist, once.
    pub(in super::super) fn join_waitlist(&self, email_address: &str) -> Result<WaitlistEntry, Error> {
        let email_address = parse_email_address(email_address, "email_address")?;
        if let Some(entry) = self.store.of::<WaitlistEntry>(&email_address)?.pop() {
            return Ok(entry);
        }
        let entry = WaitlistEntry::new(email_address, self.now);
        self.store.put(&entry)?;
        Ok(entry)
    }
}
