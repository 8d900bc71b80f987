//! Users, as a backend handles them.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    frontend_api::{self, merge},
    identifiers::parse_email_address,
    model::{Contact, ContactKind, MINUTE, User, Verification},
    plans::Plan,
    reply::Reply,
    view,
};

const LOCKOUT: i64 = 60 * MINUTE;

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let users: Result<Vec<Value>, Error> = matching(call)?
        .iter()
        .map(|user| call.backend_user_json(user))
        .collect();
    Ok(Reply::json(&json!(call.page(&users?))))
}

pub(super) fn count(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(
        &json!({ "object": "total_count", "total_count": matching(call)?.len() }),
    ))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    answer(call, &named(call)?)
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = User::new(call.now);
    let addresses = call.body.list("email_address");
    if addresses.is_empty() {
        return Err(ApiError::missing("email_address").into());
    }
    for text in addresses {
        let address = parse_email_address(&text, "email_address")?;
        call.check_identifier_is_free(&address, "email_address")?;
        let verification = Some(Verification::verified("admin", call.now));
        user.add_contact(
            ContactKind::EmailAddress,
            Contact::new(address, verification, call.now),
        );
    }
    apply(call, &mut user)?;
    frontend_api::create_user(&call.store, &user)?;
    answer(call, &user)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    apply(call, &mut user)?;
    keep(call, &mut user)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = named(call)?;
    call.delete_user(&user)?;
    Ok(Reply::json(
        &json!({ "object": "user", "id": user.id, "deleted": true }),
    ))
}

pub(super) fn update_metadata(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    for (name, metadata) in [
        ("public_metadata", &mut user.public_metadata),
        ("private_metadata", &mut user.private_metadata),
        ("unsafe_metadata", &mut user.unsafe_metadata),
    ] {
        if let Some(patch) = call.body.object(name)? {
            merge(metadata, patch);
        }
    }
    keep(call, &mut user)
}

/// Replaces whole metadata by what the body has.
pub(super) fn replace_metadata(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    set_metadata(call, &mut user)?;
    keep(call, &mut user)
}

pub(super) fn ban(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    user.banned = true;
    call.close_sessions_of(&user.id, None, "revoked")?;
    keep(call, &mut user)
}

pub(super) fn unban(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    user.banned = false;
    keep(call, &mut user)
}

pub(super) fn lock(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    user.locked_until = Some(call.now + LOCKOUT);
    keep(call, &mut user)
}

pub(super) fn unlock(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    user.locked_until = None;
    user.failed_attempts = 0;
    keep(call, &mut user)
}

/// The user has to choose another password after the next sign-in.
pub(super) fn set_password_compromised(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    if user.password.is_none() {
        return Err(ApiError::bad_request("no_password_set", "The user has no password.").into());
    }
    user.password_compromised_at = Some(call.now);
    if call.body.flag("revoke_all_sessions") == Some(true) {
        call.close_sessions_of(&user.id, None, "revoked")?;
    }
    keep(call, &mut user)
}

pub(super) fn unset_password_compromised(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    user.password_compromised_at = None;
    keep(call, &mut user)
}

pub(super) fn verify_password(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = named(call)?;
    let password = call.body.required("password")?;
    match &user.password {
        None => Err(ApiError::bad_request("no_password_set", "The user has no password.").into()),
        Some(hash) if hash.verify(password) => Ok(Reply::json(&json!({ "verified": true }))),
        Some(_) => Err(ApiError::form("incorrect_password", "password", "Incorrect password.").into()),
    }
}

pub(super) fn subscription(call: &mut Call<'_>) -> Result<Reply, Error> {
    let subscription = call.subscription_or_error(&named(call)?.id)?;
    Ok(Reply::json(&view::subscription(&subscription, call.now)))
}

pub(super) fn plans(call: &mut Call<'_>) -> Result<Reply, Error> {
    let plans: Vec<Value> = call.store.all::<Plan>()?.iter().map(view::plan).collect();
    Ok(Reply::json(
        &json!({ "data": call.page(&plans), "total_count": plans.len() }),
    ))
}

pub(super) fn named(call: &Call<'_>) -> Result<User, Error> {
    let id = call.path("id");
    Ok(call
        .store
        .get::<User>(&id)?
        .ok_or_else(|| ApiError::not_found("user", &id))?)
}

/// Sets the fields that the body has.
fn apply(call: &Call<'_>, user: &mut User) -> Result<(), Error> {
    let body = &call.body;
    for (name, field) in [
        ("first_name", &mut user.first_name),
        ("last_name", &mut user.last_name),
        ("external_id", &mut user.external_id),
        ("locale", &mut user.locale),
    ] {
        if let Some(value) = body.change(name) {
            *field = value;
        }
    }
    set_metadata(call, user)?;
    if let Some(id) = body.filled("primary_email_address_id") {
        let verified = user
            .contact(ContactKind::EmailAddress, id)
            .is_some_and(Contact::is_verified);
        if !verified {
            return Err(ApiError::not_found("verified email address", id).into());
        }
        user.primary_email_address_id = Some(id.to_owned());
    }
    if let Some(password) = body.filled("password") {
        frontend_api::reset_password(user, password, "password", call.now)?;
    }
    Ok(())
}

fn set_metadata(call: &Call<'_>, user: &mut User) -> Result<(), ApiError> {
    for (name, metadata) in [
        ("public_metadata", &mut user.public_metadata),
        ("private_metadata", &mut user.private_metadata),
        ("unsafe_metadata", &mut user.unsafe_metadata),
    ] {
        if let Some(value) = call.body.object(name)? {
            *metadata = value;
        }
    }
    Ok(())
}

fn keep(call: &Call<'_>, user: &mut User) -> Result<Reply, Error> {
    user.updated_at = call.now;
    call.store.put(user)?;
    answer(call, user)
}

fn answer(call: &Call<'_>, user: &User) -> Result<Reply, Error> {
    Ok(Reply::json(&call.backend_user_json(user)?))
}

/// The users that the query asks for, in its order.
fn matching(call: &Call<'_>) -> Result<Vec<User>, Error> {
    let query = &call.query;
    let mut users = call.store.all::<User>()?;
    let (ids, external_ids) = (query.list("user_id"), query.list("external_id"));
    let addresses: Vec<String> = query
        .list("email_address")
        .iter()
        .map(|address| address.to_lowercase())
        .collect();
    let text = query.filled("query").map(str::to_lowercase);
    users.retain(|user| {
        (ids.is_empty() || ids.contains(&user.id))
            && (external_ids.is_empty()
                || user
                    .external_id
                    .as_ref()
                    .is_some_and(|id| external_ids.contains(id)))
            && (addresses.is_empty()
                || user
                    .email_addresses
                    .iter()
                    .any(|own| addresses.contains(&own.value)))
            && text.as_ref().is_none_or(|text| mentions(user, text))
    });
    let order = query.filled("order_by").unwrap_or("-created_at");
    let key = |user: &User| match order.trim_start_matches(['+', '-', ' ']) {
        "created_at" => Ok(user.created_at),
        "updated_at" => Ok(user.updated_at),
        "last_sign_in_at" => Ok(user.last_sign_in_at.unwrap_or(0)),
        "last_active_at" => Ok(user.last_active_at.unwrap_or(0)),
        _ => Err(ApiError::value_invalid(
            "order_by",
            format!("order_by cannot be {order}."),
        )),
    };
    key(&User::default())?;
    users.sort_by_key(|user| key(user).unwrap_or(0));
    if order.starts_with('-') {
        users.reverse();
    }
    Ok(users)
}

fn mentions(user: &User, text: &str) -> bool {
    [&user.first_name, &user.last_name, &user.username]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .chain([user.id.as_str()])
        .chain(user.email_addresses.iter().map(|address| address.value.as_str()))
        .any(|field| field.to_lowercase().contains(text))
}
