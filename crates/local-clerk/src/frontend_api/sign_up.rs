//! Signing up: identifiers, a password and codes.

use crate::{
    domain::{Context, email_links, id_tokens, identifiers::parse_username, new_contacts, oauth, sign_up},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{
        Client, ContactKind, EMAIL_LINK, ExternalAccount, LinkPurpose, Purpose, SignUp, SignUpMode, Use,
    },
    password, view,
};

use super::{
    answer, browser,
    redirects::{id_token, redirects},
};

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut client = browser::client_or_new(cx, request)?;
    cx.check_another_session(&client)?;
    let mut attempt = SignUp::new(cx.now);
    if request.body.flag("transfer") == Some(true) {
        if !new_contacts::transfer(cx, client.sign_in.as_ref(), &mut attempt)? {
            oauth::transfer_to_sign_up(cx, &mut client, &mut attempt)?;
        }
        client.sign_in = None;
    }
    apply(cx, request, &mut client, &mut attempt)?;
    match cx.settings()?.sign_up_mode {
        _ if attempt.ticket.is_some() => {}
        SignUpMode::Public => {}
        SignUpMode::Restricted => return Err(ApiError::sign_up_mode_restricted().into()),
        SignUpMode::Waitlist => return Err(ApiError::sign_up_restricted_waitlist().into()),
    }
    store(cx, &mut client, attempt)
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    browser::redeem_nonce(cx, request)?;
    let (client, attempt) = current(cx, request)?;
    answer::with_client(cx, &view::sign_up(cx, &attempt)?, &client)
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, mut attempt) = current(cx, request)?;
    apply(cx, request, &mut client, &mut attempt)?;
    store(cx, &mut client, attempt)
}

pub(super) fn prepare_verification(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, mut attempt) = current(cx, request)?;
    if request.body.filled("strategy") == Some(EMAIL_LINK) {
        let address = attempt
            .email_address
            .as_deref()
            .ok_or_else(|| ApiError::missing("email_address"))?;
        let purpose = LinkPurpose::SignUp {
            client_id: client.id.clone(),
            id: attempt.id.clone(),
        };
        let redirect_url = request.body.filled("redirect_url");
        attempt.email_verification = Some(email_links::send(cx, address, purpose, redirect_url)?);
        return store(cx, &mut client, attempt);
    }
    let kind = code_kind(request, &attempt)?;
    sign_up::send_code(cx, &mut attempt, kind)?;
    store(cx, &mut client, attempt)
}

pub(super) fn attempt_verification(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, mut attempt) = current(cx, request)?;
    let kind = code_kind(request, &attempt)?;
    let code = request.body.required("code")?;
    let verification = attempt
        .verification_mut(kind)
        .as_mut()
        .ok_or_else(ApiError::verification_missing)?;
    if let Err(error) = verification.attempt(code, cx.now) {
        store(cx, &mut client, attempt)?;
        return Ok(error.into());
    }
    store(cx, &mut client, attempt)
}

/// Returns the attempt that path parameter `id` identifies, with its client.
fn current(cx: &Context<'_>, request: &Request) -> Result<(Client, SignUp), Error> {
    let id = request.path("id");
    let client = browser::client(cx, request)?;
    let attempt = client.as_ref().and_then(|client| client.sign_up.clone());
    match (client, attempt) {
        (Some(client), Some(attempt)) if attempt.id == id && attempt.abandon_at > cx.now => {
            Ok((client, attempt))
        }
        _ => Err(ApiError::not_found("sign up attempt", &id).into()),
    }
}

/// Returns what the strategy in the body sends its code to. clerk-js omits the strategy where there is only
/// one.
fn code_kind(request: &Request, attempt: &SignUp) -> Result<ContactKind, ApiError> {
    let unverified = attempt.unverified_fields();
    let mut kinds = ContactKind::ALL.into_iter();
    match request.body.filled("strategy") {
        Some(strategy) => kinds
            .find(|kind| kind.code_strategy() == strategy)
            .ok_or_else(|| ApiError::strategy_invalid(strategy)),
        None => Ok(kinds
            .find(|kind| unverified.contains(&kind.name()))
            .unwrap_or(ContactKind::EmailAddress)),
    }
}

/// Sets the fields in the body, and starts the verification that its strategy names.
fn apply(
    cx: &Context<'_>,
    request: &Request,
    client: &mut Client,
    attempt: &mut SignUp,
) -> Result<(), Error> {
    let body = &request.body;
    check_enabled(cx, request)?;
    if body.filled("strategy") == Some("ticket") {
        cx.follow_invitation(attempt, body.required("ticket")?)?;
    }
    for kind in ContactKind::ALL {
        // The address of an invitation cannot be changed.
        let is_fixed = kind == ContactKind::EmailAddress && attempt.ticket.is_some();
        if let Some(text) = contact(request, kind).filter(|_| !is_fixed) {
            sign_up::set_contact(cx, attempt, kind, text)?;
        }
    }
    if let Some(text) = body.filled("username") {
        let username = parse_username(text)?;
        cx.check_identifier_is_free(&username, "username")?;
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
    if let Some(accepted) = body.flag("legal_accepted") {
        attempt.legal_accepted_at = accepted.then_some(cx.now);
    }
    if let Some(token) = id_token(request)? {
        return id_tokens::sign_up(cx, attempt, token);
    }
    match body.filled("strategy") {
        None | Some("ticket") => Ok(()),
        Some(strategy) if strategy.starts_with("oauth_") => {
            let purpose = Purpose::SignUp(attempt.id.clone());
            let verification = oauth::start(cx, client, strategy, purpose, redirects(request))?;
            attempt.external_account = Some(ExternalAccount::new(verification, cx.now));
            // clerk-js looks at both attempts when the browser is back.
            client.sign_in = None;
            Ok(())
        }
        Some(_) => {
            let kind = code_kind(request, attempt)?;
            sign_up::send_code(cx, attempt, kind)
        }
    }
}

/// Returns the contact of this kind in the body, which may be in a field for either kind.
fn contact(request: &Request, kind: ContactKind) -> Option<&str> {
    let either = request.body.filled("email_address_or_phone_number");
    let either = either.filter(|text| text.contains('@') == (kind == ContactKind::EmailAddress));
    request.body.filled(kind.name()).or(either)
}

/// Fails if the body contains a field that the settings have turned off.
fn check_enabled(cx: &Context<'_>, request: &Request) -> Result<(), Error> {
    let settings = cx.settings()?;
    let body = &request.body;
    for (name, use_of, value) in [
        (
            "email_address",
            settings.email_address,
            contact(request, ContactKind::EmailAddress),
        ),
        (
            "phone_number",
            settings.phone_number,
            contact(request, ContactKind::PhoneNumber),
        ),
        ("username", settings.username, body.filled("username")),
        ("password", settings.password, body.filled("password")),
    ] {
        if use_of == Use::Off && value.is_some() {
            return Err(ApiError::unknown_param(name).into());
        }
    }
    Ok(())
}

/// Completes an attempt if possible, stores it with its client, and replies with it.
fn store(cx: &Context<'_>, client: &mut Client, mut attempt: SignUp) -> Result<Reply, Error> {
    sign_up::complete_if_ready(cx, client, &mut attempt)?;
    let response = view::sign_up(cx, &attempt)?;
    client.sign_up = Some(attempt);
    cx.store.put(client)?;
    answer::with_client(cx, &response, client)
}
