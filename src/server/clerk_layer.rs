//! The Clerk layer: decides who is asking before anything else looks at the request.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{errors, state::AppState};
use crate::clerk::{AuthenticateError, RequestView, Status};

const AUTH_STATUS: HeaderName = HeaderName::from_static("x-clerk-auth-status");

/// Answers a handshake at once. Otherwise puts the request's [`Auth`](crate::auth::Auth) and its
/// [`Redirect`](crate::clerk::Redirect) into the extensions, and the headers of Clerk's decision onto the answer.
pub(crate) async fn authenticate(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let view = RequestView {
        method: &parts.method,
        uri: &parts.uri,
        headers: &parts.headers,
    };
    let decision = match state.clerk.authenticate(view).await {
        Ok(decision) => decision,
        Err(error) => return undecided(&parts, &error),
    };
    // What is answered depends on who is asking, and may set cookies.
    let mut caching = HeaderValue::from_static("private, no-store");
    let mut response = if decision.headers.contains_key(header::LOCATION) {
        caching = HeaderValue::from_static("no-store");
        StatusCode::TEMPORARY_REDIRECT.into_response()
    } else if decision.status == Status::Handshake {
        let message = "Clerk: unexpected handshake without redirect";
        tracing::error!("{message}");
        errors::failure(
            &parts,
            StatusCode::INTERNAL_SERVER_ERROR,
            "unexpected_handshake",
            message,
        )
    } else {
        parts.extensions.insert(decision.auth);
        parts.extensions.insert(decision.redirect);
        next.run(Request::from_parts(parts, body)).await
    };
    let headers = response.headers_mut();
    append_all(headers, decision.headers);
    headers
        .entry(AUTH_STATUS)
        .or_insert(HeaderValue::from_static(decision.status.as_str()));
    headers.insert(header::CACHE_CONTROL, caching);
    response
}

/// What the visitor sent cannot be used, or the program is not configured for it.
fn undecided(parts: &Parts, error: &AuthenticateError) -> Response {
    let status = match error {
        AuthenticateError::RequestTarget(_)
        | AuthenticateError::HandshakeSignature
        | AuthenticateError::HandshakeToken(_) => {
            tracing::debug!(%error, "a request cannot be authenticated");
            StatusCode::BAD_REQUEST
        }
        AuthenticateError::SatelliteSignInUrl => {
            tracing::error!(%error, "requests cannot be authenticated");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    errors::failure(parts, status, "authentication_failed", &error.to_string())
}

/// Appends, because an answer may set many cookies.
fn append_all(headers: &mut HeaderMap, added: HeaderMap) {
    let mut name = None;
    for (next_name, value) in added {
        name = next_name.or(name);
        if let Some(name) = &name {
            headers.append(name, value);
        }
    }
}
