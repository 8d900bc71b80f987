//! The waitlist, as a backend handles it.

use http::StatusCode;
use serde_json::Value;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::{ApplicationInvitation, WaitlistEntry, WaitlistStatus},
    reply::Reply,
    view,
};

const WHAT: &str = "waitlist entry";

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (status, text) = (call.query.filled("status"), call.query.filled("query"));
    let mut entries = Vec::new();
    for entry in call.store.all::<WaitlistEntry>()? {
        let json = json(call, &entry)?;
        if status.is_none_or(|status| json["status"] == status)
            && text.is_none_or(|text| entry.email_address.contains(&text.to_lowercase()))
        {
            entries.push(json);
        }
    }
    if !matches!(call.query.filled("order_by"), Some("created_at" | "+created_at")) {
        entries.reverse();
    }
    Ok(call.paginated(&entries))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&add(call)?))
}

/// All or none.
pub(super) fn create_many(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&call.each_item(add)?))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let entry: WaitlistEntry = call.named("id", WHAT)?;
    call.store.delete::<WaitlistEntry>(&entry.id)?;
    Ok(Reply::json(&view::deleted("waitlist_entry", &entry.id)))
}

pub(super) fn invite(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut entry = answerable(call)?;
    entry.invitation_id = Some(call.invite_to_application(&entry.email_address)?.id);
    settle(call, entry, WaitlistStatus::Invited)
}

pub(super) fn reject(call: &mut Call<'_>) -> Result<Reply, Error> {
    let entry = answerable(call)?;
    settle(call, entry, WaitlistStatus::Rejected)
}

fn add(call: &mut Call<'_>) -> Result<Value, Error> {
    let entry = call.join_waitlist(call.body.required("email_address")?)?;
    json(call, &entry)
}

fn settle(call: &Call<'_>, mut entry: WaitlistEntry, status: WaitlistStatus) -> Result<Reply, Error> {
    entry.status = status;
    entry.updated_at = call.now;
    call.store.put(&entry)?;
    Ok(Reply::json(&json(call, &entry)?))
}

/// The entry that the path names, if it has not been answered for good.
fn answerable(call: &Call<'_>) -> Result<WaitlistEntry, Error> {
    let entry: WaitlistEntry = call.named("id", WHAT)?;
    match entry.status {
        WaitlistStatus::Pending | WaitlistStatus::Rejected => Ok(entry),
        WaitlistStatus::Invited | WaitlistStatus::Completed => {
            let why = "The waitlist entry has been invited already.";
            Err(ApiError::new(StatusCode::CONFLICT, "waitlist_entry_already_invited", why).into())
        }
    }
}

fn json(call: &Call<'_>, entry: &WaitlistEntry) -> Result<Value, Error> {
    let id = entry.invitation_id.as_deref();
    let invitation = id
        .map(|id| call.store.get::<ApplicationInvitation>(id))
        .transpose()?;
    Ok(view::waitlist_entry(
        entry,
        invitation.flatten().as_ref(),
        call.now,
    ))
}
