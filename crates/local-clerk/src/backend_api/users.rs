//! Users, as a backend handles them.

use http::StatusCode;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    frontend_api::{self, merge},
    model::{BackupCodes, Contact, ContactKind, MINUTE, SECOND, Totp, User, Verification},
    reply::Reply,
    settings::Use,
    view,
};
use super::user_query::matching;

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
    if let Some(created_at) = call.body.filled("created_at") {
        let parsed = OffsetDateTime::parse(created_at, &Rfc3339);
        let time =
            parsed.map_err(|_| ApiError::invalid("created_at", "created_at must be an RFC 3339 time."))?;
        user.created_at = time.unix_timestamp() * SECOND;
    }
    for kind in ContactKind::ALL {
        for text in call.body.list(kind.name()) {
            let value = kind.parse(&text, kind.name())?;
            call.check_identifier_is_free(&value, kind.name())?;
            let verification = Some(Verification::verified("admin", call.now));
            user.add_contact(kind, Contact::new(value, verification, call.now));
        }
    }
    apply(call, &mut user)?;
    check_identifiers(call, &user)?;
    frontend_api::create_user(&call.store, &user)?;
    answer(call, &user)
}

/// Has the user what the settings require of everybody?
fn check_identifiers(call: &Call<'_>, user: &User) -> Result<(), Error> {
    let settings = call.settings()?;
    let missing: Vec<&str> = [
        (
            "email_address",
            settings.email_address,
            user.email_addresses.is_empty(),
        ),
        (
            "phone_number",
            settings.phone_number,
            user.phone_numbers.is_empty(),
        ),
        ("username", settings.username, user.username.is_none()),
    ]
    .into_iter()
    .filter_map(|(name, wanted, is_missing)| (wanted == Use::Required && is_missing).then_some(name))
    .collect();
    if missing.is_empty() && user.is_identified() || call.body.flag("skip_user_requirement") == Some(true) {
        return Ok(());
    }
    let why = format!(
        "{} data doesn't match user requirements set for this instance.",
        json!(missing)
    );
    Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "form_data_missing", why).into())
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    apply(call, &mut user)?;
    keep(call, &mut user)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = named(call)?;
    call.delete_user(&user)?;
    Ok(Reply::json(&view::deleted("user", &user.id)))
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

/// Bans or unbans many.
pub(super) fn set_banned(call: &mut Call<'_>, banned: bool) -> Result<Reply, Error> {
    let mut users = Vec::new();
    for id in call.body.list("user_ids") {
        let user = call.store.get::<User>(&id)?;
        let mut user = user.ok_or_else(|| ApiError::not_found("user", &id))?;
        user.banned = banned;
        user.updated_at = call.now;
        if banned {
            call.close_sessions_of(&user.id, None, "revoked")?;
        }
        call.store.put(&user)?;
        users.push(call.backend_user_json(&user)?);
    }
    if users.is_empty() {
        return Err(ApiError::missing("user_ids").into());
    }
    Ok(Reply::json(&json!(users)))
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
    if let Some(username) = body.change("username") {
        call.change_username(user, username.as_deref())?;
    }
    for kind in ContactKind::ALL {
        if let Some(id) = body.filled(&format!("primary_{}_id", kind.name())) {
            if !user.contact(kind, id).is_some_and(Contact::is_verified) {
                return Err(ApiError::not_found(&format!("verified {}", kind.label()), id).into());
            }
            user.set_primary_contact(kind, id);
        }
    }
    if body.filled("password_digest").is_some() {
        return Err(ApiError::not_on_this_machine("password digests: send the password itself").into());
    }
    if let Some(password) = body.filled("password") {
        frontend_api::reset_password(user, password, "password", call.now)?;
        if body.flag("sign_out_of_other_sessions") == Some(true) {
            call.close_sessions_of(&user.id, None, "revoked")?;
        }
    }
    if let Some(secret) = body.filled("totp_secret") {
        let totp = Totp::from_secret(secret, call.now)
            .ok_or_else(|| ApiError::invalid("totp_secret", "totp_secret must be base32."))?;
        user.totp = Some(totp);
        user.mfa_enabled_at = Some(call.now);
    }
    let backup_codes = body.list("backup_codes");
    if !backup_codes.is_empty() {
        user.backup_codes = Some(BackupCodes::of(&backup_codes));
    }
    user.banned = body.flag("banned").unwrap_or(user.banned);
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

pub(super) fn keep(call: &Call<'_>, user: &mut User) -> Result<Reply, Error> {
    user.updated_at = call.now;
    call.store.put(user)?;
    answer(call, user)
}

pub(super) fn answer(call: &Call<'_>, user: &User) -> Result<Reply, Error> {
    Ok(Reply::json(&call.backend_user_json(user)?))
}
