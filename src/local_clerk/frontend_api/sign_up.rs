//! Signing up: e-mail address, password, and a code.

use serde_json::Value;

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        identifiers::parse_email_address,
        mailbox,
        model::{Client, Contact, ContactKind, ExternalAccount, SignUp, User, Verification},
        password,
        reply::Reply,
    },
    oauth,
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
    keep(call, &mut client, attempt)
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (client, attempt) = under_way(call)?;
    call.wrapped(&call.sign_up_json(&attempt), &client)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    apply(call, &mut client, &mut attempt)?;
    keep(call, &mut client, attempt)
}

pub(super) fn prepare_verification(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    email_code_only(call)?;
    let address = attempt
        .email_address
        .clone()
        .ok_or_else(|| ApiError::missing("email_address"))?;
    mailbox::send_code(call, &address, "Sign-up code")?;
    attempt.verification = Some(Verification::sent("email_code", call.now));
    keep(call, &mut client, attempt)
}

pub(super) fn attempt_verification(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    email_code_only(call)?;
    let code = call.body.required("code")?.to_owned();
    let verification = attempt
        .verification
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
        (Some(client), Some(attempt)) if attempt.id == id => Ok((client, attempt)),
        _ => Err(ApiError::not_found("sign up attempt", &id).into()),
    }
}

/// clerk-js leaves the strategy out where there is but one.
fn email_code_only(call: &Call<'_>) -> Result<(), ApiError> {
    match call.body.filled("strategy") {
        None | Some("email_code") => Ok(()),
        Some(other) => Err(ApiError::strategy_invalid(other)),
    }
}

/// Takes over the fields that were sent.
fn apply(call: &Call<'_>, client: &mut Client, attempt: &mut SignUp) -> Result<(), Error> {
    let body = &call.body;
    if let Some(text) = body.filled("email_address") {
        let address = parse_email_address(text, "email_address")?;
        call.check_identifier_is_free(&address, "email_address")?;
        if attempt.email_address.as_ref() != Some(&address) {
            attempt.verification = None;
        }
        attempt.email_address = Some(address);
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
        None => Ok(()),
        Some(strategy) if strategy.starts_with("oauth_") => {
            oauth::sign_up::begin(call, client, attempt, strategy)
        }
        Some(other) => Err(ApiError::strategy_invalid(other).into()),
    }
}

/// When nothing is missing any more, makes the user and signs them in.
pub(super) fn settle(call: &Call<'_>, client: &mut Client, attempt: &mut SignUp) -> Result<(), Error> {
    if !attempt.is_complete() && attempt.missing_fields().is_empty() && attempt.is_email_verified() {
        complete(call, client, attempt)?;
    }
    Ok(())
}

fn keep(call: &Call<'_>, client: &mut Client, mut attempt: SignUp) -> Result<Reply, Error> {
    settle(call, client, &mut attempt)?;
    let response: Value = call.sign_up_json(&attempt);
    client.sign_up = Some(attempt);
    call.store.put(client)?;
    call.wrapped(&response, client)
}

fn complete(call: &Call<'_>, client: &mut Client, attempt: &mut SignUp) -> Result<(), Error> {
    let Some(address) = attempt.email_address.clone() else {
        return Ok(());
    };
    call.check_identifier_is_free(&address, "email_address")?;
    let mut user = User {
        first_name: attempt.first_name.clone(),
        last_name: attempt.last_name.clone(),
        password: attempt.password.clone(),
        password_last_updated_at: attempt.password.is_some().then_some(call.now),
        unsafe_metadata: attempt.unsafe_metadata.clone(),
        locale: attempt.locale.clone(),
        ..User::new(call.now)
    };
    let contact = Contact::new(address, attempt.verification.clone(), call.now);
    user.add_contact(ContactKind::EmailAddress, contact);
    let account = attempt.external_account.clone();
    user.external_accounts
        .extend(account.filter(|account| account.verification.verified));
    create_user(&call.store, &user)?;
    let strategy = user
        .external_accounts
        .first()
        .map_or("email_code", ExternalAccount::strategy)
        .to_owned();
    let session = call.start_session(client, &mut user, &strategy)?;
    attempt.created_session_id = Some(session.id);
    attempt.created_user_id = Some(user.id);
    Ok(())
}
