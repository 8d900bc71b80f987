//! The clock of the instance, and tokens of any lifetime.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{ClockOffset, DAY, Session},
    view,
};

use super::{body, no_parameters, present};

/// How far the clock can be advanced in total, in milliseconds: a hundred years.
const MAX_OFFSET: i64 = 100 * 365 * DAY;
/// The longest lifetime of a token in seconds: ten years, as of the Backend API.
const MAX_EXPIRY: i64 = 315_360_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance: String,
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    Ok(clock(cx.now, cx.now - cx.real_now))
}

/// Advances the clock; everything that is due by then happens.
pub(super) fn advance(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&[])?;
    let Advance { advance } = body(request)?;
    let milliseconds = humantime::parse_duration(&advance)
        .ok()
        .map(|duration: Duration| duration.as_millis())
        .and_then(|duration| i64::try_from(duration).ok())
        .and_then(|duration| duration.checked_add(cx.now - cx.real_now))
        .filter(|offset| *offset <= MAX_OFFSET);
    let milliseconds = milliseconds.ok_or_else(|| {
        let message =
            "advance must be a duration such as 8d, 90m or 1h 30s, of a hundred years in total at most.";
        ApiError::value_invalid("advance", message)
    })?;
    cx.store.put(&ClockOffset { milliseconds })?;
    request.shared.webhooks.wake();
    Ok(clock(cx.real_now + milliseconds, milliseconds))
}

fn clock(now: i64, offset: i64) -> Reply {
    Reply::json(&json!({ "now": now, "offset_ms": offset }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewToken {
    session_id: String,
    expires_in: Option<i64>,
    /// `None` for that of the app, if that is known; `Some(None)` for none.
    #[serde(default, deserialize_with = "present")]
    azp: Option<Option<String>>,
}

/// Makes a session token, also one that has expired, and of a session that has ended.
pub(super) fn create_token(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&[])?;
    let new: NewToken = body(request)?;
    let lifetime = i64::from(cx.settings()?.token_lifetime);
    let expires_in = new.expires_in.unwrap_or(lifetime);
    if !(-MAX_EXPIRY..=MAX_EXPIRY).contains(&expires_in) {
        let message = format!("expires_in must be between -{MAX_EXPIRY} and {MAX_EXPIRY} seconds.");
        return Err(ApiError::value_invalid("expires_in", message).into());
    }
    let session: Session = cx.load(&new.session_id, "session")?;
    let azp = new
        .azp
        .unwrap_or_else(|| (!cx.bypassed_proxy()).then(|| cx.url.app.clone()));
    // A token that has expired was valid for the usual time.
    let start = if expires_in > 0 { 0 } else { expires_in - lifetime };
    let jwt = view::token_with_lifetime(cx, &session, azp.as_deref(), start..expires_in)?;
    Ok(Reply::json(&json!({ "jwt": jwt })))
}
