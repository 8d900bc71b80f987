//! Extractors: [`Auth`] for who is asking, [`RequireAuth`] for handlers that need somebody.

use std::convert::Infallible;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

use super::{
    errors::{json_error, wants_document},
    redirect,
    state::AppState,
};
use crate::auth::Auth;

/// Signed out where the Clerk layer did not run: never somebody by mistake.
impl<S: Sync> FromRequestParts<S> for Auth {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// The [`Auth`] of a signed-in caller. Others get a redirect to the sign-in page if they asked for a
/// document, and a JSON 401 otherwise.
#[derive(Clone, Debug)]
pub struct RequireAuth(pub Auth);

impl<S> FromRequestParts<S> for RequireAuth
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match parts.extensions.get::<Auth>().filter(|auth| auth.is_signed_in()) {
            Some(auth) => Ok(Self(auth.clone())),
            None if wants_document(&parts.headers) => {
                Err(redirect::to_sign_in(&AppState::from_ref(state), parts))
            }
            None => Err(unauthenticated()),
        }
    }
}

fn unauthenticated() -> Response {
    let mut response = json_error(
        StatusCode::UNAUTHORIZED,
        "unauthenticated",
        "Sign in, or send a valid session token.",
    );
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response.into_response()
}
