//! What users do with their own account, by the server functions of the profile.

use std::{
    iter,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use app_server::Sessions;
use axum::http::{StatusCode, header, request::Parts};
use axum_clerk::{
    Auth, AuthCheck, Clerk, Reverification, Revocation, UserSnapshots,
    clerk_auth::{
        ApiError, Denied, Refusal, ReverificationLevel,
        api::{self, ListSessions, Metadata, SessionActivity, SessionStatus, UpdateUserMetadata},
    },
};
use leptos::{prelude::use_context, reactive::owner::with_context};
use leptos_axum::ResponseOptions;
use leptos_clerk::{ClerkServerError, protect};
use serde_json::{Value, json};
use tower_sessions::Session;

use super::api::refresh_user;
use crate::{
    pages::Device,
    preferences::{COLOR_SCHEME, COLOR_SCHEMES, GREETING, MAX_GREETING},
};

/// More devices than anybody has.
const DEVICES: i64 = 100;

/// What the server functions need beside the request. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Account(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    snapshots: UserSnapshots,
    sessions: Sessions,
}

impl Account {
    pub(crate) fn new(snapshots: UserSnapshots, sessions: Sessions) -> Self {
        Self(Arc::new(Kept { snapshots, sessions }))
    }
}

pub(crate) async fn save_preferences(color_scheme: &str, greeting: &str) -> Result<(), ClerkServerError> {
    let who = protect(AuthCheck::signed_in()).await?;
    let metadata = metadata(color_scheme, greeting)?;
    let params = UpdateUserMetadata {
        public_metadata: Some(metadata),
        ..UpdateUserMetadata::default()
    };
    let updated = clerk()?
        .api()
        .users()
        .update_metadata(&who.user_id, &params)
        .await;
    updated.map_err(|error| failed(&error))?;
    refresh_page().await;
    Ok(())
}

/// Reads what was entered. A `null` removes what the user had chosen.
fn metadata(color_scheme: &str, greeting: &str) -> Result<Metadata, ClerkServerError> {
    let Some(index) = COLOR_SCHEMES.iter().position(|(name, _)| *name == color_scheme) else {
        let names = COLOR_SCHEMES.map(|(name, _)| name).join(", ");
        let message = format!("There is no such colour scheme. Choose one of {names}.");
        return Err(unprocessable("unknown_color_scheme", message));
    };
    let greeting = greeting.trim();
    if greeting.chars().count() > MAX_GREETING || greeting.chars().any(char::is_control) {
        let message = format!("The greeting must be one line of at most {MAX_GREETING} characters.");
        return Err(unprocessable("invalid_greeting", message));
    }
    let chosen = |is_chosen: bool, value: &str| if is_chosen { json!(value) } else { Value::Null };
    Ok([
        (COLOR_SCHEME.to_owned(), chosen(index > 0, color_scheme)),
        (GREETING.to_owned(), chosen(!greeting.is_empty(), greeting)),
    ]
    .into_iter()
    .collect())
}

pub(crate) async fn devices() -> Result<Vec<Device>, ClerkServerError> {
    let who = protect(AuthCheck::signed_in()).await?;
    let params = ListSessions {
        user_id: Some(who.user_id.clone()),
        status: Some(SessionStatus::Active),
        limit: Some(DEVICES),
        ..ListSessions::default()
    };
    let sessions = clerk()?.api().sessions().list(&params).await;
    let mut sessions = sessions.map_err(|error| failed(&error))?.data;
    let is_current = |id: &str| who.session_id.as_deref() == Some(id);
    sessions.sort_by_key(|session| (!is_current(&session.id), -session.last_active_at));
    let now = milliseconds();
    let device = |session: api::Session| {
        let activity = session.latest_activity.unwrap_or_default();
        Device {
            is_current: is_current(&session.id),
            name: name(&activity),
            last_active: last_active(now - session.last_active_at, &activity),
            session_id: session.id,
        }
    };
    Ok(sessions.into_iter().map(device).collect())
}

pub(crate) async fn sign_out_device(session_id: &str) -> Result<(), ClerkServerError> {
    let recent = Reverification::new(ReverificationLevel::FirstFactor, 10);
    let who = protect(AuthCheck::signed_in().within(recent)).await?;
    if who.session_id.as_deref() == Some(session_id) {
        let message = "This is the device that you are using. Sign out by the button for it.";
        return Err(unprocessable("current_session", message.to_owned()));
    }
    let clerk = clerk()?;
    let session = match clerk.api().sessions().get(session_id).await {
        // Whose it is, nobody else learns.
        Ok(session) if session.user_id != who.user_id => return Err(refuse(Denied::NotFound)),
        Err(error) if is_unknown(&error) => return Err(refuse(Denied::NotFound)),
        session => session.map_err(|error| failed(&error))?,
    };
    if session.status == SessionStatus::Active {
        let revoked = clerk.api().sessions().revoke(&session.id).await;
        revoked.map_err(|error| failed(&error))?;
    }
    tracing::info!(user_id = who.user_id, session_id, "signed out on another device");
    refuse_tokens_of(&session.id).await;
    Ok(())
}

/// Refuses the tokens of a session at once and on every node. Clerk's webhook does so too, where there is one.
async fn refuse_tokens_of(session_id: &str) {
    let Some(Account(account)) = use_context() else {
        return;
    };
    let revocation = Revocation::new(session_id, Revocation::ALL);
    if let Err(error) = account.sessions.revoke(&revocation, false).await {
        tracing::error!(%error, "the session store failed; other nodes accept the last token until it expires");
    }
}

/// Has the next page show what was changed.
async fn refresh_page() {
    let request = with_context(|parts: &Parts| {
        let extensions = &parts.extensions;
        let session = extensions.get::<Session>().cloned();
        (session, extensions.get::<Auth>().cloned(), parts.headers.clone())
    });
    let (Some(Account(account)), Some((Some(session), Some(auth), headers))) = (use_context(), request)
    else {
        return;
    };
    if let Err(error) = refresh_user(&account.snapshots, &session, &auth, &headers).await {
        tracing::error!(%error, "the session store failed; the user is shown as before for a while");
    }
}

fn clerk() -> Result<Clerk, ClerkServerError> {
    with_context(|parts: &Parts| parts.extensions.get::<Clerk>().cloned())
        .flatten()
        .ok_or(ClerkServerError::MissingLayer)
}

/// Whether there is no such session, or cannot be one with such an ID.
fn is_unknown(error: &ApiError) -> bool {
    match error {
        ApiError::Path => true,
        ApiError::Status { status, .. } => [StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND].contains(status),
        _ => false,
    }
}

fn failed(error: &ApiError) -> ClerkServerError {
    tracing::warn!(%error, "a call of a server function failed");
    match error.retry_after() {
        Some(retry_after) => refuse(Denied::Unavailable { retry_after }),
        None => ClerkServerError::new(
            "internal_error",
            "Clerk did not accept this. Please try again later.",
        ),
    }
}

/// Has the Clerk layer answer with the status of the denial.
fn refuse(denied: Denied) -> ClerkServerError {
    with_context(|parts: &Parts| {
        if let Some(refusal) = parts.extensions.get::<Refusal>() {
            refusal.refuse(denied);
        }
    });
    denied.into()
}

/// An error in what was sent: 422. Without JavaScript, Leptos leads back to the form with the error.
fn unprocessable(code: &str, message: String) -> ClerkServerError {
    let is_plain_form = with_context(|parts: &Parts| {
        let accept = parts.headers.get(header::ACCEPT);
        accept
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    });
    if is_plain_form == Some(false)
        && let Some(response) = use_context::<ResponseOptions>()
    {
        response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    ClerkServerError::new(code, message)
}

fn name(activity: &SessionActivity) -> String {
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    match (text(&activity.browser_name), text(&activity.device_type)) {
        (Some(browser), Some(device)) => format!("{browser} on {device}"),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => "Unknown device".to_owned(),
    }
}

/// When, by its distance in milliseconds, and from where a device was last used.
fn last_active(ago: i64, activity: &SessionActivity) -> String {
    let minutes = ago / 60_000;
    let when = match (minutes, minutes / 60, minutes / 1_440) {
        (..=1, ..) => "Active now".to_owned(),
        (minutes, 0, _) => format!("Active {minutes} minutes ago"),
        (_, 1, _) => "Active an hour ago".to_owned(),
        (_, hours, 0) => format!("Active {hours} hours ago"),
        (_, _, 1) => "Active yesterday".to_owned(),
        (_, _, days) => format!("Active {days} days ago"),
    };
    let place = [&activity.city, &activity.country].into_iter().flatten();
    let place = place.map(String::as_str).filter(|part| !part.is_empty());
    iter::once(when.as_str())
        .chain(place)
        .collect::<Vec<_>>()
        .join(", ")
}

fn milliseconds() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_described_by_what_is_known() {
        const HOUR: i64 = 3_600_000;
        let nothing = SessionActivity::default();
        assert_eq!(name(&nothing), "Unknown device");
        for (ago, expected) in [
            (-5, "Active now"),
            (3 * 60_000, "Active 3 minutes ago"),
            (HOUR, "Active an hour ago"),
            (23 * HOUR, "Active 23 hours ago"),
            (25 * HOUR, "Active yesterday"),
            (49 * HOUR, "Active 2 days ago"),
        ] {
            assert_eq!(last_active(ago, &nothing), expected);
        }
        let mut activity = SessionActivity::default();
        activity.browser_name = Some("Chrome".to_owned());
        activity.device_type = Some(String::new());
        activity.city = Some("Turin".to_owned());
        activity.country = Some("IT".to_owned());
        assert_eq!(name(&activity), "Chrome");
        assert_eq!(last_active(0, &activity), "Active now, Turin, IT");
    }
}
