//! Going back to the seed, and to other seeds.

use serde_json::json;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Organization, User},
    seed::{ChangeError, Mistake, Seed},
};

use super::no_parameters;

pub(super) fn reset(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    request.shared.reset(cx)?;
    counts(cx)
}

/// Replaces everything by the seed in the body, to which later resets go back.
pub(super) fn replace(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let lifetime = request.shared.token_lifetime;
    let seed =
        Seed::replace(&cx.store, text(request)?, cx.keys.instance, lifetime, cx.real_now).map_err(refused)?;
    request.shared.configure_webhook(cx)?;
    request.shared.set_seed(seed);
    counts(cx)
}

/// Adds the seed in the body to what is there. A later reset removes it again.
pub(super) fn extend(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Seed::extend(&cx.store, text(request)?, cx.keys.instance, cx.now).map_err(refused)?;
    counts(cx)
}

fn text(request: &Request) -> Result<&str, ApiError> {
    request.query.only(&[])?;
    std::str::from_utf8(&request.raw).map_err(|_| ApiError::malformed_body("A seed must be UTF-8."))
}

fn refused(error: ChangeError) -> Error {
    match error {
        ChangeError::Mistake(mistake) => mistaken(&mistake).into(),
        ChangeError::Failed(error) => error,
    }
}

pub(super) fn mistaken(mistake: &Mistake) -> ApiError {
    ApiError::value_invalid(mistake.field(), mistake.to_string()).with_meta("line", mistake.line)
}

pub(super) fn counts(cx: &Context<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&json!({
        "users": cx.store.count::<User>()?,
        "organizations": cx.store.count::<Organization>()?,
    })))
}
