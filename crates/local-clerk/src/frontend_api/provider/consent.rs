//! The consent screen of OAuth applications, which Clerk's component shows.

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    frontend_api::browser,
    http::{Reply, Request},
    model::{OauthApplication, Organization},
    view,
};

use super::authorize;

pub(crate) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    browser::caller(cx, request)?;
    let application = application(cx, request)?;
    let asked = request
        .query
        .filled("scope")
        .map(|text| text.split_ascii_whitespace());
    let asked: Option<Vec<&str>> = asked.map(Iterator::collect);
    let mut scopes = application.scopes.clone();
    scopes.retain(|scope| asked.as_ref().is_none_or(|asked| asked.contains(&scope.as_str())));
    Ok(Reply::json(&view::oauth_consent(cx, &application, &scopes)))
}

/// Takes the decision, and with it the browser back to the application.
pub(crate) fn decide(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let caller = browser::submitter(cx, request)?;
    application(cx, request)?;
    let body = &request.body;
    let read = authorize::read(cx, Some(&request.path("client_id")), body);
    let authorization = match read {
        Ok(Ok(authorization)) => authorization,
        Ok(Err(refusal)) => return Ok(refusal),
        Err(Error::Oauth(error)) => return Err(ApiError::bad_request(error.code, error.description).into()),
        Err(error) => return Err(error),
    };
    if body.flag("consented") != Some(true) {
        return Ok(authorization.refuse("access_denied", "The user has denied the request."));
    }
    let organization_id = body.filled("organization_id");
    if let Some(id) = organization_id {
        let organization = cx.store.get::<Organization>(id)?;
        let is_member = |organization: Organization| organization.membership(&caller.user.id).is_some();
        if !organization.is_some_and(is_member) {
            return Err(ApiError::not_found("organization", id).into());
        }
    }
    cx.remember_consent(&authorization.request, &caller.user.id)?;
    authorization.grant(cx, &caller.session, organization_id)
}

fn application(cx: &Context<'_>, request: &Request) -> Result<OauthApplication, Error> {
    let client_id = request.path("client_id");
    let application = cx.oauth_application(&client_id)?;
    let application = application.ok_or_else(|| ApiError::not_found("OAuth application", &client_id))?;
    if !application.consent_screen_enabled {
        let message = "The consent screen of the OAuth application is not enabled.";
        let code = "oauth_consent_screen_not_enabled";
        return Err(ApiError::new(ErrorKind::Forbidden, code, message).into());
    }
    Ok(application)
}
