//! Signing in: identifying the user.

use crate::{
    domain::{Context, id_tokens, oauth, sign_in},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Purpose, SignIn},
    view,
};

use super::{
    answer, browser,
    redirects::{id_token, redirects},
    sign_in_attempt::{self, current, send, store},
};

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let body = &request.body;
    let mut client = browser::client_or_new(cx, request)?;
    let strategy = body.filled("strategy");
    if strategy != Some("ticket") {
        cx.check_another_session(&client)?;
    }
    if body.flag("transfer") == Some(true) {
        let attempt = oauth::transfer_to_sign_in(cx, &mut client)?;
        return store(cx, &mut client, attempt);
    }
    let mut attempt = SignIn::new(cx.now);
    if let Some(token) = id_token(request)? {
        id_tokens::sign_in(cx, &mut client, &mut attempt, token)?;
        return store(cx, &mut client, attempt);
    }
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
        let may_sign_up = body.flag("sign_up_if_missing") == Some(true);
        sign_in::identify(cx, &client, &mut attempt, identifier, may_sign_up)?;
    }
    if body.filled("password").is_some() {
        return sign_in_attempt::attempt(cx, request, &mut client, attempt, "password");
    }
    if let Some(strategy) = strategy.filter(|strategy| *strategy != "password") {
        send(cx, request, &client, &mut attempt, strategy)?;
    }
    store(cx, &mut client, attempt)
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    browser::redeem_nonce(cx, request)?;
    let (client, attempt) = current(cx, request)?;
    answer::with_client(cx, &view::sign_in(cx, &attempt)?, &client)
}
