//! The waitlist, as a backend manages it.

use serde_json::{Value, json};

use crate::{
    domain::{Context, invitations::InvitationOptions},
    error::{ApiError, Error, ErrorKind},
    http::{Params, Reply, Request},
    model::{ApplicationInvitation, WaitlistEntry, WaitlistStatus},
    view,
};

use super::invitations::invitation_options;

const WHAT: &str = "waitlist entry";

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    if let Some(newest_first) = request.newest_first(&[]) {
        let (offset, limit) = request.page();
        let page = cx.store.page::<WaitlistEntry>(newest_first, offset, limit)?;
        let page: Result<Vec<Value>, Error> = page.iter().map(|entry| json(cx, entry)).collect();
        let total = cx.store.count::<WaitlistEntry>()?;
        return Ok(Reply::json(&json!({ "data": page?, "total_count": total })));
    }
    let (status, text) = (request.query.filled("status"), request.query.filled("query"));
    let mut entries = Vec::new();
    for entry in cx.store.all::<WaitlistEntry>()? {
        let json = json(cx, &entry)?;
        if status.is_none_or(|status| json["status"] == status)
            && text.is_none_or(|text| entry.email_address.contains(&text.to_lowercase()))
        {
            entries.push(json);
        }
    }
    request.sort(&mut entries, &["created_at", "email_address"])?;
    Ok(request.paginated(&entries))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&add(cx, &request.body)?))
}

/// Adds all addresses or none.
pub(super) fn create_many(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let entries: Result<Vec<Value>, Error> = request.body.items()?.iter().map(|item| add(cx, item)).collect();
    Ok(Reply::json(&json!(entries?)))
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let entry: WaitlistEntry = request.load(cx, "id", WHAT)?;
    cx.store.delete::<WaitlistEntry>(&entry.id)?;
    Ok(Reply::json(&view::deleted("waitlist_entry", &entry.id)))
}

pub(super) fn invite(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut entry = answerable(cx, request)?;
    let options = InvitationOptions {
        is_from_waitlist: true,
        ..invitation_options(&request.body)?
    };
    let invitation = cx.invite_to_application(&entry.email_address, options)?;
    entry.invitation_id = Some(invitation.id);
    answer(cx, entry, WaitlistStatus::Invited)
}

pub(super) fn reject(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let entry = answerable(cx, request)?;
    answer(cx, entry, WaitlistStatus::Rejected)
}

/// Adds the address in a body, or in one item of a body that is a list.
fn add(cx: &Context<'_>, body: &Params) -> Result<Value, Error> {
    let is_notified = body.flag("notify") != Some(false);
    let entry = cx.join_waitlist(body.required("email_address")?, is_notified)?;
    json(cx, &entry)
}

fn answer(cx: &Context<'_>, mut entry: WaitlistEntry, status: WaitlistStatus) -> Result<Reply, Error> {
    entry.status = status;
    entry.updated_at = cx.now;
    cx.store.put(&entry)?;
    Ok(Reply::json(&json(cx, &entry)?))
}

/// Returns the entry that path parameter `id` identifies, unless it has been invited already.
fn answerable(cx: &Context<'_>, request: &Request) -> Result<WaitlistEntry, Error> {
    let entry: WaitlistEntry = request.load(cx, "id", WHAT)?;
    match entry.status {
        WaitlistStatus::Pending | WaitlistStatus::Rejected => Ok(entry),
        WaitlistStatus::Invited | WaitlistStatus::Completed => {
            let message = "The waitlist entry has already been invited.";
            Err(ApiError::new(ErrorKind::Conflict, "waitlist_entry_already_invited", message).into())
        }
    }
}

fn json(cx: &Context<'_>, entry: &WaitlistEntry) -> Result<Value, Error> {
    let id = entry.invitation_id.as_deref();
    let invitation = id
        .map(|id| cx.store.get::<ApplicationInvitation>(id))
        .transpose()?;
    Ok(view::waitlist_entry(entry, invitation.flatten().as_ref(), cx.now))
}
