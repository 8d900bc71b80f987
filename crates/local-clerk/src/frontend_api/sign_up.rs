//! Signing up: what identifies the user, a password, and codes.

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        identifiers::parse_username,
        mailbox,
        model::{Client, Contact, ContactKind, ExternalAccount, SignUp, User, Verification},
        password,
        reply::Reply,
        settings::{SignUpMode, Use},
    },
    email_links, oauth,
    users::create_user,
};

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut client = call.client_or_new()?;
    call.check_another_session(&client)?;
    let mut attempt = SignUp::new(call.now);
    if call.body.flag("transfer") == Some(true) {
        oauth::sign_up::transfer(call, &mut client, &mut attempt)?;
    }
    apply(call, &mut client, &mut attempt)?;
    match call.settings()?.sign_up_mode {
        _ if attempt.ticket.is_some() => {}
        SignUpMode::Public => {}
        SignUpMode::Restricted => return Err(ApiError::sign_up_mode_restricted().into()),
        SignUpMode::Waitlist => return Err(ApiError::sign_up_restricted_waitlist().into()),
    }
    keep(call, &mut client, attempt)
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (client, attempt) = under_way(call)?;
    call.wrapped(&call.sign_up_json(&attempt)?, &client)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    apply(call, &mut client, &mut attempt)?;
    keep(call, &mut client, attempt)
}

pub(super) fn prepare_verification(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    if call.body.filled("strategy") == Some(email_links::STRATEGY) {
        let address = attempt
            .email_address
            .as_deref()
            .ok_or_else(|| ApiError::missing("email_address"))?;
        let purpose = email_links::Purpose::SignUp {
            client_id: client.id.clone(),
            id: attempt.id.clone(),
        };
        attempt.email_verification = Some(email_links::send(call, address, purpose)?);
        return keep(call, &mut client, attempt);
    }
    let kind = code_kind(call, &attempt)?;
    send_code(call, &mut attempt, kind)?;
    keep(call, &mut client, attempt)
}

pub(super) fn attempt_verification(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    let kind = code_kind(call, &attempt)?;
    let code = call.body.required("code")?.to_owned();
    let verification = attempt
        .verification_mut(kind)
        .as_mut()
        .ok_or_else(ApiError::verification_missing)?;
    if let Err(error) = verification.attempt(&code, call.now) {
        keep(call, &mut client, attempt)?;
        return Ok(error.into());
    }
    keep(call, &mut client, attempt)
}

/// The attempt that the path names.
fn under_way(call: &Call<'_>) -> Result<(Client, SignUp), Error> {
    let id = call.path("id");
    let client = call.client()?;
    let attempt = client.as_ref().and_then(|client| client.sign_up.clone());
    match (client, attempt) {
        (Some(client), Some(attempt)) if attempt.id == id && attempt.abandon_at > call.now => {
            Ok((client, attempt))
        }
        _ => Err(ApiError::not_found("sign up attempt", &id).into()),
    }
}

/// What the strategy sends its code to. clerk-js leaves the strategy out where there is but one.
fn code_kind(call: &Call<'_>, attempt: &SignUp) -> Result<ContactKind, ApiError> {
    let unverified = attempt.unverified_fields();
    let mut kinds = ContactKind::ALL.into_iter();
    match call.body.filled("strategy") {
        Some(strategy) => kinds
            .find(|kind| kind.code_strategy() == strategy)
            .ok_or_else(|| ApiError::strategy_invalid(strategy)),
        None => Ok(kinds
            .find(|kind| unverified.contains(&kind.name()))
            .unwrap_or(ContactKind::EmailAddress)),
    }
}

fn send_code(call: &Call<'_>, attempt: &mut SignUp, kind: ContactKind) -> Result<(), Error> {
    let contact = attempt
        .contact(kind)
        .ok_or_else(|| ApiError::missing(kind.name()))?;
    mailbox::send_code(call, contact, "Sign-up code")?;
    *attempt.verification_mut(kind) = Some(Verification::sent(kind.code_strategy(), call.code_expiry()?));
    Ok(())
}

/// Takes over the fields that were sent.
fn apply(call: &Call<'_>, client: &mut Client, attempt: &mut SignUp) -> Result<(), Error> {
    let body = &call.body;
    let settings = call.settings()?;
    for (name, use_of) in [
        ("email_address", settings.email_address),
        ("phone_number", settings.phone_number),
        ("username", settings.username),
        ("password", settings.password),
    ] {
        if use_of == Use::Off && body.filled(name).is_some() {
            return Err(ApiError::unknown_param(name).into());
        }
    }
    if body.filled("strategy") == Some("ticket") {
        call.follow_invitation(attempt)?;
    }
    for kind in ContactKind::ALL {
        let name = kind.name();
        // The address of an invitation stays as it is.
        let is_given = kind == ContactKind::EmailAddress && attempt.ticket.is_some();
        if let Some(text) = body.filled(name).filter(|_| !is_given) {
            let value = kind.parse(text, name)?;
            call.check_identifier_is_free(&value, name)?;
            call.check_may_sign_up(&value, name)?;
            attempt.set_contact(kind, value);
        }
    }
    if let Some(text) = body.filled("username") {
        let username = parse_username(text)?;
        call.check_identifier_is_free(&username, "username")?;
        attempt.username = Some(username);
    }
    if let Some(text) = body.text("password") {
        attempt.password = Some(password::accept(text, "password")?);
    }
    for (name, field) in [
        ("first_name", &mut attempt.first_name),
        ("last_name", &mut attempt.last_name),
        ("locale", &mut attempt.locale),
    ] {
        if let Some(value) = body.change(name) {
            *field = value;
        }
    }
    if let Some(metadata) = body.object("unsafe_metadata")? {
        attempt.unsafe_metadata = metadata;
    }
    match body.filled("strategy") {
        None | Some("ticket") => Ok(()),
        Some(strategy) if strategy.starts_with("oauth_") => {
            oauth::sign_up::begin(call, client, attempt, strategy)
        }
        Some(_) => send_code(call, attempt, code_kind(call, attempt)?),
    }
}

/// When nothing is missing any more, makes the user and signs them in.
pub(super) fn settle(call: &Call<'_>, client: &mut Client, attempt: &mut SignUp) -> Result<(), Error> {
    let settings = call.settings()?;
    if !attempt.is_complete()
        && attempt.missing_fields(&settings).is_empty()
        && attempt.unverified_fields().is_empty()
    {
        complete(call, client, attempt)?;
    }
    Ok(())
}

fn keep(call: &Call<'_>, client: &mut Client, mut attempt: SignUp) -> Result<Reply, Error> {
    settle(call, client, &mut attempt)?;
    let response = call.sign_up_json(&attempt)?;
    client.sign_up = Some(attempt);
    call.store.put(client)?;
    call.wrapped(&response, client)
}

fn complete(call: &Call<'_>, client: &mut Client, attempt: &mut SignUp) -> Result<(), Error> {
    let mut user = User {
        username: attempt.username.clone(),
        first_name: attempt.first_name.clone(),
        last_name: attempt.last_name.clone(),
        password: attempt.password.clone(),
        password_last_updated_at: attempt.password.is_some().then_some(call.now),
        public_metadata: attempt.public_metadata.clone(),
        unsafe_metadata: attempt.unsafe_metadata.clone(),
        locale: attempt.locale.clone(),
        ..User::new(call.now)
    };
    if let Some(username) = &user.username {
        call.check_identifier_is_free(username, "username")?;
    }
    let mut strategy = "password";
    for kind in ContactKind::ALL {
        if let Some(value) = attempt.contact(kind) {
            call.check_identifier_is_free(value, kind.name())?;
            let verification = attempt.verification(kind).cloned();
            user.add_contact(kind, Contact::new(value.clone(), verification, call.now));
            strategy = kind.code_strategy();
        }
    }
    let account = attempt.external_account.clone();
    user.external_accounts
        .extend(account.filter(|account| account.verification.verified));
    let strategy = user
        .external_accounts
        .first()
        .map_or(strategy, ExternalAccount::strategy)
        .to_owned();
    create_user(&call.store, &user)?;
    let mut session = call.start_session(client, &mut user, &strategy)?;
    if let Some(ticket) = &attempt.ticket {
        session.last_active_organization_id = call.accept_invitation(ticket, &user)?;
        call.store.put(&session)?;
    }
    attempt.created_session_id = Some(session.id);
    attempt.created_user_id = Some(user.id);
    Ok(())
}
