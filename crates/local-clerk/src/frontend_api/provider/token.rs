//! The endpoints that a client of an OAuth application calls itself: it gets, examines, uses and revokes tokens.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use http::{StatusCode, header};
use serde_json::json;
use url::form_urlencoded;

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind, OauthError},
    http::{Params, Reply, Request},
    model::{OauthApplication, OauthGrant, OauthToken, OauthTokenKind, SECOND, User, parse_scopes},
    view,
};

/// Exchanges an authorization code or a refresh token for tokens.
pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    with_challenge(request, || {
        let application = authenticate(cx, request)?;
        match required(&request.body, "grant_type")? {
            "authorization_code" => redeem(cx, &request.body, &application),
            "refresh_token" => refresh(cx, &request.body, &application),
            other => {
                let message = format!("There is no grant type {other}.");
                Err(OauthError::new("unsupported_grant_type", message).into())
            }
        }
    })
}

/// Tells about a token of the client whether it is valid, and what it allows (RFC 7662).
pub(super) fn info(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    with_challenge(request, || {
        let application = authenticate(cx, request)?;
        let active = cx.active_oauth_token(required(&request.body, "token")?)?;
        let asked: Vec<&str> = request
            .body
            .text("scope")
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let active = active.filter(|active| {
            active.grant.client_id == application.client_id
                && asked.iter().all(|scope| active.token.has_scope(scope))
        });
        Ok(Reply::json(&match active {
            Some(active) => view::token_info(cx, &active),
            None => json!({ "active": false }),
        }))
    })
}

/// Revokes a token with all others of its grant (RFC 7009).
pub(super) fn revoke(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    with_challenge(request, || {
        let application = authenticate(cx, request)?;
        let token = required(&request.body, "token")?;
        // An unknown token needs no revocation.
        if let Some(token) = cx.store.of::<OauthToken>(token)?.pop()
            && let Some((mut grant, _)) = cx.grant_of_token(&token)?
        {
            if grant.client_id != application.client_id {
                return Err(OauthError::invalid_grant("The token belongs to another client.").into());
            }
            if !token.can_be_revoked() {
                let message = "An access token that is a JWT cannot be revoked.";
                return Err(OauthError::new("unsupported_token_type", message).into());
            }
            cx.revoke_grant(&mut grant)?;
        }
        Ok(Reply::empty(StatusCode::OK))
    })
}

/// Returns the user of an access token.
pub(super) fn user_info(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let token = request.bearer().or_else(|| request.body.filled("access_token"));
    let active = token
        .map(|token| cx.active_oauth_token(token))
        .transpose()?
        .flatten();
    match active.filter(|active| active.token.kind.is_access()) {
        Some(active) => Ok(Reply::json(&view::user_info(cx, &active)?)),
        None => {
            let message = "The access token is missing, unknown, expired or revoked.";
            let error = ApiError::new(ErrorKind::Unauthorized, "oauth_token_invalid", message);
            Ok(Reply::from(error).with_header(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""))
        }
    }
}

/// Redeems an authorization code. If it is redeemed again, somebody has stolen it, and all tokens of its grant are revoked
/// (RFC 6749, 4.1.2).
fn redeem(cx: &Context<'_>, body: &Params, application: &OauthApplication) -> Result<Reply, Error> {
    let (code, redirect_uri) = (required(body, "code")?, required(body, "redirect_uri")?);
    let mut grant = cx.grant_of_code(code, application, redirect_uri, body.filled("code_verifier"))?;
    if grant.code_redeemed {
        cx.revoke_grant(&mut grant)?;
        return Ok(OauthError::invalid_grant("The authorization code has been used before.").into());
    }
    let user = cx.store.get::<User>(&grant.user_id)?;
    let user = user.ok_or_else(|| OauthError::invalid_grant("The user has been deleted."))?;
    grant.code_redeemed = true;
    cx.store.put(&grant)?;
    let scopes = grant.scopes.clone();
    issue(cx, &grant, &user, scopes)
}

/// Replaces a refresh token. If it is used again, somebody has stolen it, and all tokens of its grant are revoked.
fn refresh(cx: &Context<'_>, body: &Params, application: &OauthApplication) -> Result<Reply, Error> {
    let unknown = || OauthError::invalid_grant("The refresh token is unknown, expired or revoked.");
    let mut token = cx
        .store
        .of::<OauthToken>(required(body, "refresh_token")?)?
        .pop()
        .filter(|token| token.kind == OauthTokenKind::Refresh && token.expire_at > cx.now)
        .ok_or_else(unknown)?;
    let (mut grant, user) = cx
        .grant_of_token(&token)?
        .filter(|(grant, _)| grant.client_id == application.client_id)
        .ok_or_else(unknown)?;
    if token.used {
        cx.revoke_grant(&mut grant)?;
        return Ok(OauthError::invalid_grant("The refresh token has been used before.").into());
    }
    let mut scopes = grant.scopes.clone();
    if let Some(text) = body.filled("scope") {
        let narrower = parse_scopes(text).map_err(|scope| OauthError::invalid_scope(&scope))?;
        if let Some(scope) = narrower.iter().find(|scope| !scopes.contains(scope)) {
            return Err(OauthError::invalid_scope(scope).into());
        }
        scopes = narrower;
    }
    token.used = true;
    cx.store.put(&token)?;
    issue(cx, &grant, &user, scopes)
}

/// Issues an access token with these scopes and a refresh token, and an ID token if OpenID Connect was asked for.
fn issue(cx: &Context<'_>, grant: &OauthGrant, user: &User, scopes: Vec<String>) -> Result<Reply, Error> {
    let kind = if cx.settings()?.oauth_jwt_access_tokens {
        OauthTokenKind::JwtAccess
    } else {
        OauthTokenKind::Access
    };
    let mut access = OauthToken::new(kind, grant, scopes, cx.now);
    if kind == OauthTokenKind::JwtAccess {
        access.token = view::access_token_jwt(cx, &access, grant);
    }
    let refresh = OauthToken::new(OauthTokenKind::Refresh, grant, grant.scopes.clone(), cx.now);
    cx.store.put(&access)?;
    cx.store.put(&refresh)?;
    let mut json = json!({
        "access_token": access.token,
        "token_type": "Bearer",
        "expires_in": kind.lifetime() / SECOND,
        "refresh_token": refresh.token,
        "scope": access.scopes.join(" "),
    });
    if access.has_scope("openid") {
        json["id_token"] = json!(view::id_token(cx, &access, grant, user)?);
    }
    Ok(Reply::json(&json))
}

/// Runs what a client asks for, and tells one that has failed to authenticate by HTTP Basic how to.
fn with_challenge(request: &Request, answer: impl FnOnce() -> Result<Reply, Error>) -> Result<Reply, Error> {
    match answer() {
        Err(Error::Oauth(error)) if error.code == "invalid_client" && request.basic().is_some() => {
            Ok(Reply::from(error).with_header(header::WWW_AUTHENTICATE, "Basic realm=\"OAuth\""))
        }
        reply => reply,
    }
}

/// Returns the client id and the secret of the `Authorization` header, which are encoded as in a form (RFC 6749, 2.3.1).
fn credentials(request: &Request) -> Option<(String, String)> {
    let decode = |text: &str| {
        let mut pairs = form_urlencoded::parse(text.as_bytes());
        pairs
            .next()
            .map(|(name, _)| name.into_owned())
            .unwrap_or_default()
    };
    let (client_id, secret) = request.basic()?;
    Some((decode(&client_id), decode(&secret)))
}

fn required<'p>(params: &'p Params, name: &str) -> Result<&'p str, OauthError> {
    params.filled(name).ok_or_else(|| OauthError::missing(name))
}

/// Returns the application whose client calls: by HTTP Basic or in the body, without a secret if the client is public.
fn authenticate(cx: &Context<'_>, request: &Request) -> Result<OauthApplication, Error> {
    let body = &request.body;
    super::check_not_repeated(body)?;
    let basic = credentials(request);
    let (client_id, secret) = match &basic {
        Some(_) if body.filled("client_secret").is_some() => {
            let message = "The client authenticates in two ways.";
            return Err(OauthError::invalid_request(message).into());
        }
        Some((client_id, secret)) => (client_id.as_str(), Some(secret.as_str())),
        None => (required(body, "client_id")?, body.filled("client_secret")),
    };
    let failed = || OauthError::invalid_client("The client is unknown, or its secret is wrong.");
    let application = cx.oauth_application(client_id)?.ok_or_else(failed)?;
    let expected = application.client_secret.as_bytes();
    let is_valid = match secret.filter(|secret| !secret.is_empty()) {
        Some(secret) => !application.public && verify_slices_are_equal(expected, secret.as_bytes()).is_ok(),
        None => application.public,
    };
    if !is_valid {
        return Err(failed().into());
    }
    Ok(application)
}
