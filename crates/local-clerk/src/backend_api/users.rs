//! Users, as a backend manages them.

use serde_json::{Value, json};

use crate::{
    domain::{
        Context,
        admission::LOCKOUT,
        metadata::merge,
        users::{create_user, reset_password, set_password},
    },
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request},
    model::{BackupCodes, Contact, ContactKind, Totp, Use, User, Verification},
    view,
};

use super::{contacts::notify, user_query::matching};

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let page = match request.newest_first(&[]) {
        Some(newest_first) => {
            let (offset, limit) = request.page();
            cx.store.page::<User>(newest_first, offset, limit)?
        }
        None => request.paginate(&matching(cx, request)?).to_vec(),
    };
    let users: Result<Vec<Value>, Error> = page.iter().map(|user| view::backend_user(cx, user)).collect();
    Ok(Reply::json(&json!(users?)))
}

pub(super) fn count(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let count = match request.newest_first(&[]) {
        Some(_) => cx.store.count::<User>()?,
        None => matching(cx, request)?.len(),
    };
    Ok(Reply::json(
        &json!({ "object": "total_count", "total_count": count }),
    ))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    answer(cx, &find(cx, request)?)
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = User::new(cx.now);
    for kind in ContactKind::ALL {
        let texts = request.body.list(kind.name());
        check_statuses(request, kind, texts.len())?;
        for text in texts {
            let value = kind.parse(&text, kind.name())?;
            cx.check_identifier_is_free(&value, kind.name())?;
            let verification = Some(Verification::verified("admin", cx.now));
            user.add_contact(kind, Contact::new(value, verification, cx.now));
        }
    }
    apply(cx, request, &mut user)?;
    check_identifiers(cx, request, &user)?;
    create_user(&cx.store, &user)?;
    answer(cx, &user)
}

/// Checks that the contacts of a kind are to be verified, as all are here.
fn check_statuses(request: &Request, kind: ContactKind, count: usize) -> Result<(), ApiError> {
    let param = format!("{}_identification_status", kind.name());
    let statuses = request.body.list(&param);
    if statuses.iter().any(|status| status == "reserved") {
        return Err(ApiError::not_on_this_machine("reserved identifications"));
    }
    if !statuses.is_empty() && statuses.len() != count {
        let message = format!("{param} must have as many items as {}.", kind.name());
        return Err(ApiError::value_invalid(&param, message));
    }
    Ok(())
}

/// Checks that the user has every required identifier.
fn check_identifiers(cx: &Context<'_>, request: &Request, user: &User) -> Result<(), Error> {
    let settings = cx.settings()?;
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
    .filter_map(|(name, use_of, is_missing)| (use_of == Use::Required && is_missing).then_some(name))
    .collect();
    if missing.is_empty() && user.is_identified() || request.body.flag("skip_user_requirement") == Some(true)
    {
        return Ok(());
    }
    let message = format!(
        "{} data doesn't match user requirements set for this instance.",
        json!(missing)
    );
    Err(ApiError::new(ErrorKind::Unprocessable, "form_data_missing", message).into())
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    let previous = user.primary_email_address().cloned();
    apply(cx, request, &mut user)?;
    notify(cx, request, previous.as_ref(), &user)?;
    store(cx, &mut user)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let user = find(cx, request)?;
    cx.delete_user(&user)?;
    Ok(Reply::json(&view::deleted_user(&user)))
}

pub(super) fn update_metadata(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    for (name, metadata) in [
        ("public_metadata", &mut user.public_metadata),
        ("private_metadata", &mut user.private_metadata),
        ("unsafe_metadata", &mut user.unsafe_metadata),
    ] {
        if let Some(patch) = request.body.object(name)? {
            merge(metadata, patch);
        }
    }
    store(cx, &mut user)
}

/// Replaces the metadata in the body as a whole.
pub(super) fn replace_metadata(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    set_metadata(request, &mut user)?;
    store(cx, &mut user)
}

/// Bans or unbans several users.
pub(super) fn set_banned(cx: &mut Context<'_>, request: &Request, banned: bool) -> Result<Reply, Error> {
    let mut users = Vec::new();
    for id in request.body.list("user_ids") {
        let user = cx.store.get::<User>(&id)?;
        let mut user = user.ok_or_else(|| ApiError::not_found("user", &id))?;
        user.banned = banned;
        user.updated_at = cx.now;
        if banned {
            cx.revoke_sessions_of(&user.id, None)?;
        }
        cx.store.put(&user)?;
        users.push(view::backend_user(cx, &user)?);
    }
    if users.is_empty() {
        return Err(ApiError::missing("user_ids").into());
    }
    Ok(Reply::json(&json!(users)))
}

pub(super) fn ban(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    user.banned = true;
    cx.revoke_sessions_of(&user.id, None)?;
    store(cx, &mut user)
}

pub(super) fn unban(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    user.banned = false;
    store(cx, &mut user)
}

pub(super) fn lock(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    user.locked_until = Some(cx.now + LOCKOUT);
    store(cx, &mut user)
}

pub(super) fn unlock(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    user.locked_until = None;
    user.failed_attempts = 0;
    store(cx, &mut user)
}

pub(super) fn find(cx: &Context<'_>, request: &Request) -> Result<User, Error> {
    let id = request.path("id");
    Ok(cx
        .store
        .get::<User>(&id)?
        .ok_or_else(|| ApiError::not_found("user", &id))?)
}

/// Sets the fields in the body.
fn apply(cx: &Context<'_>, request: &Request, user: &mut User) -> Result<(), Error> {
    let body = &request.body;
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
    if let Some(created_at) = request.body.time("created_at")? {
        user.created_at = created_at;
    }
    if let Some(accepted_at) = request.body.time("legal_accepted_at")? {
        user.legal_accepted_at = Some(accepted_at);
    }
    for (name, disabled) in [
        ("delete_self_enabled", &mut user.delete_self_disabled),
        (
            "create_organization_enabled",
            &mut user.create_organization_disabled,
        ),
    ] {
        if let Some(enabled) = body.flag(name) {
            *disabled = !enabled;
        }
    }
    if let Some(limit) = body.number_in("create_organizations_limit", 0..=i64::MAX)? {
        user.create_organizations_limit = Some(limit);
    }
    if let Some(bypass) = body.flag("bypass_client_trust") {
        user.bypass_client_trust = bypass;
    }
    set_metadata(request, user)?;
    if let Some(username) = body.change("username") {
        cx.change_username(user, username.as_deref())?;
    }
    for kind in ContactKind::ALL {
        if let Some(id) = body.filled(&format!("primary_{}_id", kind.name())) {
            if !user.contact(kind, id).is_some_and(Contact::is_verified) {
                return Err(ApiError::not_found(&format!("verified {}", kind.label()), id).into());
            }
            user.set_primary_contact(kind, id);
        }
    }
    if ["password_digest", "password_hasher"]
        .iter()
        .any(|name| body.has(name))
    {
        return Err(ApiError::not_on_this_machine("password digests: send the password itself").into());
    }
    match body.text("password").filter(|password| !password.is_empty()) {
        Some(password) if body.flag("skip_password_checks") == Some(true) => {
            set_password(user, password, cx.now);
        }
        Some(password) => reset_password(user, password, "password", cx.now)?,
        None => {}
    }
    if body.flag("sign_out_of_other_sessions") == Some(true) {
        cx.revoke_sessions_of(&user.id, None)?;
    }
    if let Some(secret) = body.filled("totp_secret") {
        let totp = Totp::from_secret(secret, cx.now)
            .ok_or_else(|| ApiError::invalid("totp_secret", "totp_secret must be base32."))?;
        user.totp = Some(totp);
        user.mfa_enabled_at = Some(cx.now);
    }
    let backup_codes = body.list("backup_codes");
    if !backup_codes.is_empty() {
        user.backup_codes = Some(BackupCodes::of(&backup_codes));
    }
    Ok(())
}

fn set_metadata(request: &Request, user: &mut User) -> Result<(), ApiError> {
    for (name, metadata) in [
        ("public_metadata", &mut user.public_metadata),
        ("private_metadata", &mut user.private_metadata),
        ("unsafe_metadata", &mut user.unsafe_metadata),
    ] {
        if let Some(value) = request.body.object(name)? {
            *metadata = value;
        }
    }
    Ok(())
}

pub(super) fn store(cx: &Context<'_>, user: &mut User) -> Result<Reply, Error> {
    user.updated_at = cx.now;
    cx.store.put(user)?;
    answer(cx, user)
}

pub(super) fn answer(cx: &Context<'_>, user: &User) -> Result<Reply, Error> {
    Ok(Reply::json(&view::backend_user(cx, user)?))
}
