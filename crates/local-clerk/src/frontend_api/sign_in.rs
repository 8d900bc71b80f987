//! Signing in: who it is.

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        identifiers::normalize,
        model::{Client, Session, SignIn, SignInStatus, SignInToken, User, Verification},
        reply::Reply,
    },
    oauth, sign_in_factors,
};

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut client = call.client_or_new()?;
    call.check_another_session(&client)?;
    if call.body.flag("transfer") == Some(true) {
        return oauth::sign_in::transfer(call, &mut client);
    }
    let mut attempt = SignIn::new(call.now);
    let strategy = call.body.filled("strategy").map(str::to_owned);
    match strategy.as_deref() {
        Some("ticket") => {
            redeem_ticket(call, &mut client, &mut attempt)?;
            return keep(call, &mut client, attempt);
        }
        Some(social) if social.starts_with("oauth_") => {
            return oauth::sign_in::create(call, &mut client, social);
        }
        None => {}
        Some(known) if call.settings()?.has_first_factor(known) => {}
        Some(other) => return Err(ApiError::strategy_invalid(other).into()),
    }
    if let Some(identifier) = call.body.filled("identifier") {
        let user = call
            .user_by_identifier(identifier)?
            .ok_or_else(ApiError::identifier_not_found)?;
        call.check_admission(&user)?;
        call.check_not_signed_in(&client, &user)?;
        attempt.identifier = Some(normalize(identifier));
        attempt.user_id = Some(user.id);
        attempt.status = SignInStatus::NeedsFirstFactor;
    }
    if call.body.filled("password").is_some() {
        return sign_in_factors::attempt_password(call, &mut client, attempt);
    }
    if let Some(code) = strategy.filter(|strategy| strategy != "password") {
        sign_in_factors::send(call, &client, &mut attempt, &code)?;
    }
    keep(call, &mut client, attempt)
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (client, attempt) = under_way(call)?;
    call.wrapped(&call.sign_in_json(&attempt)?, &client)
}

/// The attempt that the path names.
pub(super) fn under_way(call: &Call<'_>) -> Result<(Client, SignIn), Error> {
    let id = call.path("id");
    let client = call.client()?;
    let attempt = client.as_ref().and_then(|client| client.sign_in.clone());
    match (client, attempt) {
        (Some(client), Some(attempt)) if attempt.id == id && attempt.abandon_at > call.now => {
            Ok((client, attempt))
        }
        _ => Err(ApiError::not_found("sign in attempt", &id).into()),
    }
}

pub(super) fn keep(call: &Call<'_>, client: &mut Client, attempt: SignIn) -> Result<Reply, Error> {
    let response = call.sign_in_json(&attempt)?;
    client.sign_in = Some(attempt);
    call.store.put(client)?;
    call.wrapped(&response, client)
}

/// After the first factor comes the second, if the user has one, else the session.
pub(super) fn advance(
    call: &Call<'_>,
    client: &mut Client,
    attempt: &mut SignIn,
    user: &mut User,
) -> Result<(), Error> {
    if user.has_second_factor() {
        attempt.status = SignInStatus::NeedsSecondFactor;
        return Ok(());
    }
    complete(call, client, attempt, user)?;
    Ok(())
}

/// Ends an attempt with a session.
pub(super) fn complete(
    call: &Call<'_>,
    client: &mut Client,
    attempt: &mut SignIn,
    user: &mut User,
) -> Result<Session, Error> {
    let strategy = attempt
        .first_factor
        .as_ref()
        .map_or("password", |factor| &factor.strategy);
    let mut session = call.start_session(client, user, strategy)?;
    if attempt.second_factor.is_some() {
        session.second_factor_at = Some(call.now);
        call.store.put(&session)?;
    }
    attempt.status = SignInStatus::Complete;
    attempt.created_session_id = Some(session.id.clone());
    Ok(session)
}

/// A sign-in token is good once.
fn redeem_ticket(call: &Call<'_>, client: &mut Client, attempt: &mut SignIn) -> Result<(), Error> {
    let ticket = call.body.required("ticket")?;
    let Some(mut token) = call.store.of::<SignInToken>(ticket)?.pop() else {
        return follow_invitation(call, client, attempt, ticket);
    };
    match token.status.as_str() {
        "pending" if token.expire_at > call.now => {}
        "pending" => return Err(ApiError::ticket_expired().into()),
        "accepted" => {
            let why = "The sign in token has already been used. Each token can only be used once.";
            return Err(ApiError::bad_request("sign_in_token_already_used_code", why).into());
        }
        _ => {
            let why = "The sign in token has been revoked and cannot be used anymore.";
            return Err(ApiError::bad_request("sign_in_token_revoked_code", why).into());
        }
    }
    let mut user = call
        .store
        .get::<User>(&token.user_id)?
        .ok_or_else(ApiError::ticket_invalid)?;
    call.check_admission(&user)?;
    call.check_not_signed_in(client, &user)?;
    token.status = "accepted".to_owned();
    token.updated_at = call.now;
    call.store.put(&token)?;
    recognize(call, attempt, &user);
    let mut session = complete(call, client, attempt, &mut user)?;
    if token.actor.is_some() {
        session.actor = token.actor;
        call.store.put(&session)?;
    }
    Ok(())
}

/// An invitation's link, followed by somebody who has an account.
fn follow_invitation(
    call: &Call<'_>,
    client: &mut Client,
    attempt: &mut SignIn,
    ticket: &str,
) -> Result<(), Error> {
    let mut user = call.invited_user(ticket)?;
    call.check_admission(&user)?;
    call.check_not_signed_in(client, &user)?;
    recognize(call, attempt, &user);
    let organization_id = call.accept_invitation(ticket, &user)?;
    advance(call, client, attempt, &mut user)?;
    if let Some(id) = &attempt.created_session_id
        && let Some(mut session) = call.store.get::<Session>(id)?
    {
        session.last_active_organization_id = organization_id;
        call.store.put(&session)?;
    }
    Ok(())
}

fn recognize(call: &Call<'_>, attempt: &mut SignIn, user: &User) {
    attempt.identifier = Some(user.identifier().to_owned());
    attempt.user_id = Some(user.id.clone());
    attempt.first_factor = Some(Verification::verified("ticket", call.now));
}
