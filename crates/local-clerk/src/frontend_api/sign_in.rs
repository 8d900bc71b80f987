//! Signing in: identifying the user.

use crate::{
    domain::{Context, factors, oauth, sign_in},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Client, ContactKind, Purpose, SignIn},
    view,
};

use super::{answer, browser, redirects::redirects, sign_in_factors};

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let body = &request.body;
    let mut client = browser::client_or_new(cx, request)?;
    cx.check_another_session(&client)?;
    if body.flag("transfer") == Some(true) {
        let attempt = oauth::transfer_to_sign_in(cx, &mut client)?;
        return store(cx, &mut client, attempt);
    }
    let mut attempt = SignIn::new(cx.now);
    let strategy = body.filled("strategy");
    match strategy {
        Some("ticket") => {
            sign_in::redeem_ticket(cx, &mut client, &mut attempt, body.required("ticket")?)?;
            return store(cx, &mut client, attempt);
        }
        Some(social) if social.starts_with("oauth_") => {
            let purpose = Purpose::SignIn(attempt.id.clone());
            let verification = oauth::start(cx, &client, social, purpose, redirects(request))?;
            attempt.first_factor = Some(verification);
            // clerk-js looks at both attempts when the browser is back.
            client.sign_up = None;
            return store(cx, &mut client, attempt);
        }
        None => {}
        Some(known) if cx.settings()?.has_first_factor(known) => {}
        Some(other) => return Err(ApiError::strategy_invalid(other).into()),
    }
    if let Some(identifier) = body.filled("identifier") {
        sign_in::identify(cx, &client, &mut attempt, identifier)?;
    }
    if body.filled("password").is_some() {
        return sign_in_factors::attempt(cx, request, &mut client, attempt, "password");
    }
    if let Some(strategy) = strategy.filter(|strategy| *strategy != "password") {
        send(cx, request, &client, &mut attempt, strategy)?;
    }
    store(cx, &mut client, attempt)
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (client, attempt) = current(cx, request)?;
    answer::with_client(cx, &view::sign_in(cx, &attempt)?, &client)
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

/// Sends a code or a link to the contact that the body chooses.
pub(super) fn send(
    cx: &Context<'_>,
    request: &Request,
    client: &Client,
    attempt: &mut SignIn,
    strategy: &str,
) -> Result<(), Error> {
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
