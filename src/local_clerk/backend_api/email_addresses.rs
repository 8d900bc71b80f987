//! E-mail addresses, as a backend handles them.

use serde_json::json;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    frontend_api::{claim_email_addresses, parse_email_address},
    model::{EmailAddress, Identifier, User, Verification},
    reply::Reply,
};

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user_id = call.body.required("user_id")?;
    let mut user = call
        .store
        .get::<User>(user_id)?
        .ok_or_else(|| ApiError::not_found("user", user_id))?;
    let text = parse_email_address(call.body.required("email_address")?, "email_address")?;
    call.check_email_is_free(&text, "email_address")?;
    let address = EmailAddress::new(text, None, call.now);
    let id = address.id.clone();
    user.add_email_address(address);
    change(call, user, &id)
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let id = call.path("id");
    answer(call, &owner(call, &id)?, &id)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let id = call.path("id");
    change(call, owner(call, &id)?, &id)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let id = call.path("id");
    let mut user = owner(call, &id)?;
    if let Some(address) = user.email_address(&id).filter(|address| address.is_verified()) {
        call.store.delete::<Identifier>(&address.email_address)?;
    }
    user.remove_email_address(&id);
    user.updated_at = call.now;
    call.store.put(&user)?;
    Ok(Reply::json(
        &json!({ "object": "email_address", "id": id, "deleted": true }),
    ))
}

/// Marks an address as verified or primary, as the body says.
fn change(call: &Call<'_>, mut user: User, id: &str) -> Result<Reply, Error> {
    let (verified, primary) = (call.body.flag("verified"), call.body.flag("primary"));
    if let Some(address) = user.email_address_mut(id) {
        match verified {
            Some(true) if !address.is_verified() => {
                call.check_email_is_free(&address.email_address, "email_address")?;
                address.verification = Some(Verification::verified("admin", call.now));
            }
            Some(false) if address.is_verified() => {
                call.store.delete::<Identifier>(&address.email_address)?;
                address.verification = None;
            }
            _ => {}
        }
        address.updated_at = call.now;
        let is_first = user.primary_email_address_id.is_none();
        if user.email_address(id).is_some_and(EmailAddress::is_verified)
            && (is_first || primary == Some(true))
        {
            user.primary_email_address_id = Some(id.to_owned());
        }
    }
    user.updated_at = call.now;
    claim_email_addresses(&call.store, &user)?;
    call.store.put(&user)?;
    answer(call, &user, id)
}

fn owner(call: &Call<'_>, id: &str) -> Result<User, Error> {
    let users = call.store.all::<User>()?;
    let owner = users.into_iter().find(|user| user.email_address(id).is_some());
    Ok(owner.ok_or_else(|| ApiError::not_found("email address", id))?)
}

fn answer(call: &Call<'_>, user: &User, id: &str) -> Result<Reply, Error> {
    let address = user
        .email_address(id)
        .map(|address| call.email_address_json(address));
    Ok(Reply::json(&json!(address)))
}
