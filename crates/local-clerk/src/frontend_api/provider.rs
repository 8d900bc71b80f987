//! The instance as an OAuth 2.0 and OpenID Connect provider, for OAuth applications.

mod authorize;
pub(super) mod consent;
mod metadata;
mod register;
mod token;

use http::{HeaderName, Method, StatusCode, header};

use crate::{
    domain::Context,
    error::{Error, OauthError},
    http::{Params, Reply, Request, Route},
};

// One endpoint a line.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    (Method::GET, "/.well-known/openid-configuration", metadata::openid_configuration),
    (Method::GET, "/.well-known/oauth-authorization-server", metadata::authorization_server),
    (Method::GET, "/oauth/authorize", authorize::get),
    (Method::POST, "/oauth/authorize", authorize::post),
    (Method::POST, "/oauth/token", token::create),
    (Method::POST, "/oauth/token/revoke", token::revoke),
    (Method::POST, "/oauth/token_info", token::info),
    (Method::GET, "/oauth/userinfo", token::user_info),
    (Method::POST, "/oauth/userinfo", token::user_info),
    (Method::POST, "/oauth/register", register::create),
];

/// The metadata at the places where clients look for that of an issuer with a path (RFC 8414, 3.1).
#[rustfmt::skip]
pub(crate) const WELL_KNOWN_ROUTES: &[Route] = &[
    (Method::GET, "/.well-known/oauth-authorization-server/__clerk", metadata::authorization_server),
    (Method::GET, "/.well-known/openid-configuration/__clerk", metadata::openid_configuration),
    (Method::OPTIONS, "/.well-known/oauth-authorization-server/__clerk", preflight),
    (Method::OPTIONS, "/.well-known/openid-configuration/__clerk", preflight),
];

/// What browsers ask for before a page of a client may call these endpoints.
pub(crate) const PREFLIGHT_ROUTES: &[Route] = &[
    (Method::OPTIONS, "/.well-known/openid-configuration", preflight),
    (
        Method::OPTIONS,
        "/.well-known/oauth-authorization-server",
        preflight,
    ),
    (Method::OPTIONS, "/.well-known/jwks.json", preflight),
    (Method::OPTIONS, "/oauth/token", preflight),
    (Method::OPTIONS, "/oauth/token/revoke", preflight),
    (Method::OPTIONS, "/oauth/userinfo", preflight),
    (Method::OPTIONS, "/oauth/register", preflight),
];

fn preflight(_: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let headers = request.header(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let allow: [(HeaderName, &str); 2] = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, headers.unwrap_or_default()),
    ];
    let reply = Reply::empty(StatusCode::NO_CONTENT);
    Ok(allow
        .into_iter()
        .fold(reply, |reply, (name, value)| reply.with_header(name, value)))
}

/// Fails if a parameter is there more than once (RFC 6749, 3.1 and 3.2), except for the one that may be (RFC 8707, 2).
fn check_not_repeated(params: &Params) -> Result<(), OauthError> {
    match params.repeated().find(|name| *name != "resource") {
        Some(name) => Err(OauthError::invalid_request(format!(
            "The parameter {name} is repeated."
        ))),
        None => Ok(()),
    }
}
