//! The snapshot of the signed-in user, so that pages know the user's name without asking the Backend
//! API each time. It is bound to one Clerk session and ends with it.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use tower_sessions::{
    Session,
    cookie::time::{self, OffsetDateTime},
    session,
};

use axum_clerk::{Auth, Clerk, RequireAuth, SignedIn, User, clerk_auth::ApiError};

use crate::server::{errors::json_error, state::AppState};

/// The key of the snapshot among the session's data.
const SNAPSHOT: &str = "user";

/// After this a snapshot is fetched anew, in case the user was changed elsewhere.
pub(super) const MAX_AGE: time::Duration = time::Duration::minutes(5);

/// How long a page waits for the Backend API before it is rendered without the user.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Snapshot {
    /// The Clerk session it belongs to.
    session_id: String,
    user: User,
    /// Unix time in seconds.
    fetched_at: i64,
}

/// Puts the [`User`] of a signed-in request into its extensions, and keeps the session in step with
/// Clerk's: made at sign-in under a new id, emptied at sign-out or when another session takes over.
pub(crate) async fn with_user(
    State(state): State<AppState>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    // Programs that send a token keep no cookies: each of their requests would make a new session.
    let user =
        if request.headers().contains_key(header::AUTHORIZATION) {
            None
        } else {
            let who = request
                .extensions()
                .get::<Auth>()
                .and_then(Auth::signed_in)
                .cloned();
            current_user(&state, &session, who.as_ref(), MAX_AGE).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the session store failed; the page is rendered without the user");
            None
        })
        };
    if let Some(user) = user {
        request.extensions_mut().insert(user);
    }
    next.run(request).await
}

/// The user as of at most `max_age` ago, if somebody is signed in and Clerk tells who it is.
async fn current_user(
    state: &AppState,
    session: &Session,
    who: Option<&SignedIn>,
    max_age: time::Duration,
) -> Result<Option<User>, session::Error> {
    let stored = session.get::<Snapshot>(SNAPSHOT).await?;
    let Some((user_id, session_id)) = who.and_then(|who| Some((&who.user_id, who.session_id.as_ref()?)))
    else {
        if stored.is_some() {
            session.flush().await?;
        }
        return Ok(None);
    };
    let known = stored.filter(|stored| stored.session_id == *session_id && stored.user.id == *user_id);
    let now = OffsetDateTime::now_utc().unix_timestamp();
    match known {
        Some(snapshot)
            if now - snapshot.fetched_at < max_age.whole_seconds()
                && !state.sessions.changes.since(user_id, snapshot.fetched_at) =>
        {
            return Ok(Some(snapshot.user));
        }
        // Nothing of an earlier visitor or sign-in may be seen under this one, nor its id be known.
        None if session.id().is_some() => {
            session.clear().await;
            session.cycle_id().await?;
        }
        _ => {}
    }
    let user = match fetch(&state.clerk, user_id).await {
        Ok(user) => user,
        Err(Missing::Unknown) => return Ok(known.map(|stale| stale.user)),
        // The session token outlives its user by a minute at most.
        Err(Missing::Deleted) => {
            if known.is_some() {
                session.flush().await?;
            }
            return Ok(None);
        }
    };
    let snapshot = Snapshot {
        session_id: session_id.clone(),
        user: user.clone(),
        fetched_at: now,
    };
    session.insert(SNAPSHOT, snapshot).await?;
    Ok(Some(user))
}

/// `POST /api/session/refresh`: fetches the snapshot anew, for after the user has changed the profile.
pub(crate) async fn refresh(
    State(state): State<AppState>,
    RequireAuth(who): RequireAuth,
    session: Session,
) -> Response {
    match current_user(&state, &session, Some(&who), time::Duration::ZERO).await {
        Ok(_) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            tracing::error!(%error, "the session store failed");
            json_error(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal_error",
                "The session was not stored.",
            )
        }
    }
}

/// Why there is no user.
enum Missing {
    /// Clerk knows no such user.
    Deleted,
    /// Clerk failed or took too long.
    Unknown,
}

/// The user from the Backend API; a failure is logged.
async fn fetch(clerk: &Clerk, user_id: &str) -> Result<User, Missing> {
    match tokio::time::timeout(PATIENCE, clerk.api().get_user(user_id)).await {
        Ok(Ok(user)) => Ok(user),
        Ok(Err(ApiError::Status { status, .. })) if status == StatusCode::NOT_FOUND => Err(Missing::Deleted),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the user could not be fetched");
            Err(Missing::Unknown)
        }
        Err(_) => {
            tracing::warn!("the user could not be fetched: the Backend API took too long");
            Err(Missing::Unknown)
        }
    }
}
