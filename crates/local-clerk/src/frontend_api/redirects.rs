//! The redirects and the tokens of social connections.

use crate::{
    domain::{
        id_tokens::{IdToken, is_token_strategy},
        oauth::Redirects,
    },
    error::ApiError,
    http::Request,
};

/// Returns the redirects in the body of a request that starts an authorization.
pub(super) fn redirects(request: &Request) -> Redirects<'_> {
    Redirects {
        redirect_url: request.body.filled("redirect_url"),
        complete_url: request.body.filled("action_complete_redirect_url"),
    }
}

/// Returns the token in the body, if its strategy needs one.
///
/// # Errors
/// If there is none.
pub(super) fn id_token(request: &Request) -> Result<Option<IdToken<'_>>, ApiError> {
    let body = &request.body;
    let Some(strategy) = body
        .filled("strategy")
        .filter(|strategy| is_token_strategy(strategy))
    else {
        return Ok(None);
    };
    match body.filled("token") {
        Some(token) => Ok(Some(IdToken { strategy, token })),
        None if body.filled("code").is_some() => Err(ApiError::not_on_this_machine(
            "exchange of a provider's code: send the token",
        )),
        None => Err(ApiError::missing("token")),
    }
}
