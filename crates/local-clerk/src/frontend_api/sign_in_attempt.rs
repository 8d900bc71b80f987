//! The sign-in attempt of a request: loading it, sending and checking its factors, and storing it.

use crate::{
    domain::{Context, factors, new_contacts, passkeys, sign_in},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Client, ContactKind, PASSKEY, SignIn, SignInStatus, User},
    view,
};

use super::{answer, browser};

/// Attempts the first factor with what the body contains.
pub(super) fn attempt(
    cx: &Context<'_>,
    request: &Request,
    client: &mut Client,
    mut attempt: SignIn,
    strategy: &str,
) -> Result<Reply, Error> {
    if let Some(contact) = &mut attempt.new_contact {
        let error = new_contacts::attempt(cx, contact, strategy, request.body.required("code")?)?;
        store(cx, client, attempt)?;
        return Ok(error.into());
    }
    if strategy == PASSKEY && attempt.user_id.is_none() {
        passkeys::identify(
            cx,
            client,
            &mut attempt,
            request.body.required("public_key_credential")?,
        )?;
    }
    let mut user = sign_in::user_of(cx, &attempt)?;
    if let Err(error) = check_first(cx, request, &mut attempt, &mut user, strategy)? {
        store(cx, client, attempt)?;
        return Ok(error.into());
    }
    if ContactKind::of_strategy(strategy).is_some_and(|(_, is_reset)| is_reset) {
        attempt.status = SignInStatus::NeedsNewPassword;
    } else {
        sign_in::advance(cx, client, &mut attempt, &mut user)?;
    }
    store(cx, client, attempt)
}

/// Checks the password, the passkey or the code in the body as the first factor.
pub(super) fn check_first(
    cx: &Context<'_>,
    request: &Request,
    attempt: &mut SignIn,
    user: &mut User,
    strategy: &str,
) -> Result<Result<(), ApiError>, Error> {
    if strategy == "password" {
        return factors::attempt_password(cx, attempt, user, request.body.required("password")?);
    }
    if strategy == PASSKEY {
        return passkeys::attempt(cx, attempt, user, request.body.required("public_key_credential")?);
    }
    factors::code_kind(cx, strategy)?;
    factors::attempt_code(cx, attempt, user, strategy, request.body.required("code")?)
}

/// Sends a code to the phone number that the body chooses.
pub(super) fn send_second_code(
    cx: &Context<'_>,
    request: &Request,
    attempt: &mut SignIn,
) -> Result<(), Error> {
    let body = &request.body;
    factors::send_second_code(
        cx,
        attempt,
        body.required("strategy")?,
        body.filled("phone_number_id"),
    )
}

/// Checks the code in the body as the second factor. After success the caller stores the user.
pub(super) fn check_second(
    cx: &Context<'_>,
    request: &Request,
    attempt: &mut SignIn,
    user: &mut User,
) -> Result<Result<(), ApiError>, Error> {
    let body = &request.body;
    let (strategy, code) = (body.required("strategy")?, body.required("code")?);
    factors::attempt_second(cx, attempt, user, strategy, code)
}

/// Returns the attempt that path parameter `id` identifies, with its client.
pub(super) fn current(cx: &Context<'_>, request: &Request) -> Result<(Client, SignIn), Error> {
    let id = request.path("id");
    let client = browser::client(cx, request)?;
    let attempt = client.as_ref().and_then(|client| client.sign_in.clone());
    match (client, attempt) {
        (Some(client), Some(attempt)) if attempt.id == id && attempt.abandon_at > cx.now => {
            Ok((client, attempt))
        }
        _ => Err(ApiError::not_found("sign in attempt", &id).into()),
    }
}

/// Sends a code or a link to the contact that the body chooses, or a challenge to the browser.
pub(super) fn send(
    cx: &Context<'_>,
    request: &Request,
    client: &Client,
    attempt: &mut SignIn,
    strategy: &str,
) -> Result<(), Error> {
    if let Some(contact) = &mut attempt.new_contact {
        return new_contacts::send(cx, contact, strategy, chosen_contact(request, strategy));
    }
    if strategy == PASSKEY {
        return passkeys::challenge(cx, attempt, request.body.filled("passkey_id"));
    }
    let redirect_url = request.body.filled("redirect_url");
    factors::send(
        cx,
        client,
        attempt,
        strategy,
        chosen_contact(request, strategy),
        redirect_url,
    )
}

/// Returns the id of the contact that the body chooses for a strategy.
pub(super) fn chosen_contact<'r>(request: &'r Request, strategy: &str) -> Option<&'r str> {
    let kind = ContactKind::reached_by(strategy)?;
    request.body.filled(&format!("{}_id", kind.name()))
}

/// Stores an attempt with its client, and replies with it.
pub(super) fn store(cx: &Context<'_>, client: &mut Client, attempt: SignIn) -> Result<Reply, Error> {
    let response = view::sign_in(cx, &attempt)?;
    client.sign_in = Some(attempt);
    cx.store.put(client)?;
    answer::with_client(cx, &response, client)
}
