//! Reverification: verifying the user of a session again before a sensitive change.

use serde_json::{Value, json};

use crate::{
    domain::{Context, factors, passkeys},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Client, ContactKind, Level, PASSKEY, Reverification, ReverificationStatus, Session, User},
    view,
};

use super::{
    answer, browser,
    sign_in_attempt::{check_first, check_second, chosen_contact, send_second_code},
};

pub(super) fn start(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (client, mut session, user) = browser::own_session(cx, request)?;
    let level = Level::parse(request.body.required("level")?).ok_or_else(|| {
        let message = "level must be first_factor, second_factor or multi_factor.";
        ApiError::value_invalid("level", message)
    })?;
    let started = Reverification::new(level, &user, cx.now);
    store(cx, &client, &mut session, &user, started)
}

pub(super) fn prepare_first(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Current(client, mut session, user, mut reverification) =
        current(cx, request, ReverificationStatus::NeedsFirstFactor)?;
    let strategy = own_strategy(request)?;
    let proof = &mut reverification.proof;
    if strategy == PASSKEY {
        passkeys::challenge(cx, proof, None)?;
    } else {
        factors::send_code(cx, proof, strategy, chosen_contact(request, strategy))?;
    }
    store(cx, &client, &mut session, &user, reverification)
}

pub(super) fn attempt_first(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Current(client, mut session, mut user, mut reverification) =
        current(cx, request, ReverificationStatus::NeedsFirstFactor)?;
    let strategy = own_strategy(request)?;
    let outcome = check_first(cx, request, &mut reverification.proof, &mut user, strategy)?;
    if outcome.is_ok() {
        session.first_factor_at = cx.now;
    }
    let reply = store(cx, &client, &mut session, &user, reverification)?;
    Ok(outcome.map_or_else(Into::into, |()| reply))
}

pub(super) fn prepare_second(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Current(client, mut session, user, mut reverification) =
        current(cx, request, ReverificationStatus::NeedsSecondFactor)?;
    send_second_code(cx, request, &mut reverification.proof)?;
    store(cx, &client, &mut session, &user, reverification)
}

pub(super) fn attempt_second(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Current(client, mut session, mut user, mut reverification) =
        current(cx, request, ReverificationStatus::NeedsSecondFactor)?;
    let outcome = check_second(cx, request, &mut reverification.proof, &mut user)?;
    if outcome.is_ok() {
        session.second_factor_at = Some(cx.now);
        cx.store.put(&user)?;
    }
    let reply = store(cx, &client, &mut session, &user, reverification)?;
    Ok(outcome.map_or_else(Into::into, |()| reply))
}

struct Current(Client, Session, User, Reverification);

/// Returns the reverification of the session that path parameter `id` identifies.
///
/// # Errors
/// If its status is a different one.
fn current(cx: &Context<'_>, request: &Request, status: ReverificationStatus) -> Result<Current, Error> {
    let (client, session, user) = browser::own_session(cx, request)?;
    cx.check_admission(&user)?;
    let reverification = session.reverification.clone();
    let reverification = reverification.filter(|reverification| reverification.status(&user) == status);
    let reverification = reverification.ok_or_else(ApiError::verification_missing)?;
    Ok(Current(client, session, user, reverification))
}

/// Returns the strategy in the body; strategies that reset the password are not allowed.
fn own_strategy(request: &Request) -> Result<&str, ApiError> {
    let strategy = request.body.required("strategy")?;
    match ContactKind::of_strategy(strategy) {
        Some((_, false)) => Ok(strategy),
        None if matches!(strategy, "password" | PASSKEY) => Ok(strategy),
        _ => Err(ApiError::strategy_invalid(strategy)),
    }
}

fn store(
    cx: &Context<'_>,
    client: &Client,
    session: &mut Session,
    user: &User,
    reverification: Reverification,
) -> Result<Reply, Error> {
    let settings = cx.settings()?;
    let mut first_factors = view::first_factors(user, &settings);
    first_factors.retain(|factor| {
        let strategy = factor["strategy"].as_str().unwrap_or_default();
        matches!(strategy, "password" | "email_code" | "phone_code" | PASSKEY)
    });
    let second_factors = user.has_second_factor().then(|| view::second_factors(user));
    let proof = &reverification.proof;
    let mut response = json!({
        "object": "session_reverification",
        "level": reverification.level,
        "status": reverification.status(user),
        "supported_first_factors": first_factors,
        "supported_second_factors": second_factors,
        "first_factor_verification": proof.first_factor.as_ref().map(|factor| view::verification(factor, cx.now)),
        "second_factor_verification": proof.second_factor.as_ref().map(|factor| view::verification(factor, cx.now)),
        "session": Value::Null,
    });
    session.reverification = Some(reverification);
    cx.store.put(session)?;
    response["session"] = view::session(cx, session, user)?;
    answer::with_client(cx, &response, client)
}
