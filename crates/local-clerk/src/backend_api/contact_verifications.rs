//! Codes with which a backend verifies that a user controls an e-mail address or a phone number.

use serde_json::{Value, json};

use crate::{
    domain::{Context, identifiers::claim_identifiers, mailbox},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{ContactKind, ContactVerification},
    view,
};

use super::contacts::owner;

/// Sends a code, whether or not the contact is verified already.
pub(super) fn prepare(cx: &mut Context<'_>, request: &Request, kind: ContactKind) -> Result<Reply, Error> {
    let id = request.path("id");
    let user = owner(cx, kind, &id)?;
    let contact = user
        .contact(kind, &id)
        .ok_or_else(|| ApiError::not_found(kind.label(), &id))?;
    let sent = mailbox::send_verification_code(cx, &contact.value, kind.code_strategy())?;
    let verification = ContactVerification::new(id, sent, cx.now);
    cx.store.put(&verification)?;
    Ok(reply(cx, kind, &verification))
}

/// Checks a code. A wrong or expired one is no error: the status tells.
pub(super) fn attempt(cx: &mut Context<'_>, request: &Request, kind: ContactKind) -> Result<Reply, Error> {
    let (id, body) = (request.path("id"), &request.body);
    let mut user = owner(cx, kind, &id)?;
    let (verification_id, code) = (body.required("verification_id")?, body.required("code")?);
    let mut found: ContactVerification = cx.load(verification_id, "verification")?;
    if found.contact_id != id {
        return Err(ApiError::not_found("verification", verification_id).into());
    }
    if found.verification.verified {
        return Err(ApiError::verification_already_verified().into());
    }
    let is_correct = found.verification.attempt(code, cx.now).is_ok();
    cx.store.put(&found)?;
    if let Some(contact) = user
        .contact_mut(kind, &id)
        .filter(|one| is_correct && !one.is_verified())
    {
        cx.check_identifier_is_free(&contact.value, kind.name())?;
        contact.verification = Some(found.verification.clone());
        contact.updated_at = cx.now;
        user.choose_primary_contact(kind);
        user.updated_at = cx.now;
        claim_identifiers(&cx.store, &user)?;
        cx.store.put(&user)?;
    }
    Ok(reply(cx, kind, &found))
}

fn reply(cx: &Context<'_>, kind: ContactKind, verification: &ContactVerification) -> Reply {
    let mut json = view::verification(&verification.verification, cx.now);
    json["id"] = json!(verification.id);
    json["channel"] = match kind {
        ContactKind::EmailAddress => Value::Null,
        ContactKind::PhoneNumber => json!("sms"),
    };
    Reply::json(&json)
}
