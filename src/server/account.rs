//! What the server functions for the caller's account do, at Clerk's Backend API.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use app_server::Sessions;
use axum::http::{StatusCode, header, request::Parts};
use axum_clerk::{
    Clerk, Revocation, SignedIn, UserSnapshots,
    clerk_auth::api::{ApiError, ListSessions, Metadata, Session, SessionStatus, UpdateUserMetadata},
};
use leptos::{prelude::*, reactive::owner::with_context, server_fn::ServerFn};
use leptos_axum::ResponseOptions;
use leptos_clerk::ClerkServerError;
use maud::{Markup, html};
use serde_json::Value;

use super::router::AppState;
use crate::account::{COLOR_SCHEME, SignOutDevice};

/// The most devices that are listed: as many as the Backend API returns at once.
const MAX_DEVICES: i64 = 500;

/// The services that the server functions use, as a context. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Services(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clerk: Clerk,
    sessions: Sessions,
    snapshots: UserSnapshots,
}

impl Services {
    pub(super) fn new(state: &AppState) -> Self {
        Self(Arc::new(Inner {
            clerk: state.clerk.clone(),
            sessions: state.sessions.clone(),
            snapshots: state.snapshots.clone(),
        }))
    }
}

pub(crate) async fn save_color_scheme(who: &SignedIn, color_scheme: &str) -> Result<(), ClerkServerError> {
    // `null` removes the key.
    let value = match color_scheme {
        "light" | "dark" => Value::from(color_scheme),
        "system" => Value::Null,
        _ => {
            let message = "The color scheme must be light, dark or system.";
            return Err(refuse(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid_color_scheme",
                message,
            ));
        }
    };
    let Services(services) = expect_context();
    let params = UpdateUserMetadata {
        public_metadata: Some(Metadata::from_iter([(COLOR_SCHEME.to_owned(), value)])),
        ..UpdateUserMetadata::default()
    };
    let users = services.clerk.api().users();
    users
        .update_metadata(&who.user_id, &params)
        .await
        .map_err(|error| failed(&error))?;
    services.snapshots.invalidate(&who.user_id);
    // For the form without JavaScript. Leptos would append a `?` to the address of its page.
    leptos_axum::redirect("/profile");
    Ok(())
}

pub(crate) async fn list_devices(who: &SignedIn) -> Result<String, ClerkServerError> {
    let Services(services) = expect_context();
    let mut sessions = active_sessions(&services.clerk, who).await?;
    let is_current = |session: &Session| who.session_id.as_ref() == Some(&session.id);
    // This device first, then the one that was used last.
    sessions.sort_by_key(|session| (!is_current(session), -session.last_active_at));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let list = html! {
        ul { @for session in &sessions { (device(session, is_current(session), now)) } }
    };
    Ok(list.into_string())
}

pub(crate) async fn sign_out_device(who: &SignedIn, session_id: &str) -> Result<(), ClerkServerError> {
    if who.session_id.as_deref() == Some(session_id) {
        let message = "This is the device that you are using. Sign out instead.";
        return Err(refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "current_session",
            message,
        ));
    }
    let Services(services) = expect_context();
    let sessions = active_sessions(&services.clerk, who).await?;
    if !sessions.iter().any(|session| session.id == session_id) {
        let message = "You are not signed in on this device any more.";
        return Err(refuse(StatusCode::NOT_FOUND, "session_not_found", message));
    }
    services
        .clerk
        .api()
        .sessions()
        .revoke(session_id)
        .await
        .map_err(|error| failed(&error))?;
    // Its last token would be valid for the rest of its minute, until Clerk's webhook arrives.
    let revocation = Revocation::new(session_id, Revocation::ALL);
    if let Err(error) = services.sessions.revoke(&revocation, false).await {
        tracing::error!(%error, "the session store failed; other nodes learn of a revocation by Clerk's webhook");
    }
    tracing::info!(user_id = who.user_id, session_id, "device signed out");
    Ok(())
}

/// Returns the sessions in which the caller is signed in.
async fn active_sessions(clerk: &Clerk, who: &SignedIn) -> Result<Vec<Session>, ClerkServerError> {
    let params = ListSessions {
        user_id: Some(who.user_id.clone()),
        status: Some(SessionStatus::Active),
        limit: Some(MAX_DEVICES),
        ..ListSessions::default()
    };
    let page = clerk
        .api()
        .sessions()
        .list(&params)
        .await
        .map_err(|error| failed(&error))?;
    // Checked here too: a session of another user must never be shown, whatever the Backend API returns.
    Ok(page
        .data
        .into_iter()
        .filter(|session| session.user_id == who.user_id)
        .collect())
}

fn device(session: &Session, is_current: bool, now: Duration) -> Markup {
    let activity = session.latest_activity.as_ref();
    let text = |text: Option<&String>| text.filter(|text| !text.is_empty()).cloned();
    let browser = text(activity.and_then(|activity| activity.browser_name.as_ref()));
    let system = text(activity.and_then(|activity| activity.device_type.as_ref()));
    let name: Vec<_> = [browser, system].into_iter().flatten().collect();
    let address = text(activity.and_then(|activity| activity.ip_address.as_ref()));
    let ago = now.saturating_sub(Duration::from_millis(session.last_active_at.unsigned_abs()));
    html! {
        li {
            div {
                strong { @if name.is_empty() { "Unknown device" } @else { (name.join(", ")) } }
                p { @if let Some(address) = address { (address) " · " } "last active " (elapsed(ago)) }
            }
            @if is_current {
                span.tag { "This device" }
            } @else {
                form method="post" action=(SignOutDevice::url()) {
                    input type="hidden" name="session_id" value=(session.id);
                    button.button { "Sign out there" }
                }
            }
        }
    }
}

fn elapsed(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    let (count, unit) = match minutes {
        0 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

/// What a page says about the form that led to it without JavaScript: if that failed, Leptos returns with the error in the query.
/// Anybody could put another text into such a link, so the page does not show it.
pub(crate) fn outcome_of_plain_form() -> &'static str {
    let has_error = |parts: &Parts| parts.uri.query().is_some_and(|query| query.contains("__err="));
    match with_context(has_error) {
        Some(true) => "Not saved. Try again in a moment.",
        _ => "",
    }
}

fn failed(error: &ApiError) -> ClerkServerError {
    tracing::error!(%error, "a call of the Backend API failed");
    set_status(StatusCode::SERVICE_UNAVAILABLE);
    ClerkServerError::new(
        "backend_api_failed",
        "Clerk did not do this. Try again in a moment.",
    )
}

fn refuse(status: StatusCode, code: &str, message: &str) -> ClerkServerError {
    set_status(status);
    ClerkServerError::new(code, message)
}

/// Sets the status, unless a form without JavaScript is answered, which Leptos redirects to its page.
fn set_status(status: StatusCode) {
    let accept = with_context(|parts: &Parts| parts.headers.get(header::ACCEPT).cloned()).flatten();
    let is_document =
        accept.is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")));
    if !is_document {
        expect_context::<ResponseOptions>().set_status(status);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_down() {
        let cases = [
            (59, "just now"),
            (60, "1 minute ago"),
            (3_599, "59 minutes ago"),
            (3_600, "1 hour ago"),
            (86_399, "23 hours ago"),
            (172_800, "2 days ago"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(elapsed(Duration::from_secs(seconds)), expected);
        }
    }
}
