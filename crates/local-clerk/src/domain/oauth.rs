//! Social connections: the authorization at the provider, and how its outcome continues an attempt.

use serde_json::Value;
use url::form_urlencoded;

use crate::{
    error::{ApiError, Error},
    id,
    model::{
        Client, ExternalAccount, Identity, OauthFlow, Purpose, RotatingTokenNonce, SignIn, SignUp, User,
        Verification,
    },
};

use super::{
    Context,
    sign_in::continue_with_identity,
    sign_up::{adopt, complete_if_ready},
    social::{PROVIDER_PATH, provider_name},
};

/// The provider's answer: the identity, or why there is none.
pub(crate) type Outcome = Result<Identity, ApiError>;

/// Where the browser is sent after an authorization.
#[derive(Clone, Copy)]
pub(crate) struct Redirects<'a> {
    /// The `redirect_url` parameter, which is required.
    pub(crate) redirect_url: Option<&'a str>,
    /// The `action_complete_redirect_url` parameter: the target if the flow ends with a session.
    pub(crate) complete_url: Option<&'a str>,
}

/// Starts an authorization: the verification contains the provider's URL.
pub(crate) fn start(
    cx: &Context<'_>,
    client: &Client,
    strategy: &str,
    purpose: Purpose,
    redirects: Redirects<'_>,
) -> Result<Verification, Error> {
    cx.check_provider(strategy)?;
    let param = "redirect_url";
    let redirect_url = redirects.redirect_url.ok_or_else(|| ApiError::missing(param))?;
    let redirect_url = cx.parse_redirect(None, redirect_url, param)?;
    let complete_url = redirects
        .complete_url
        .map(|text| cx.parse_redirect(Some(&redirect_url), text, "action_complete_redirect_url"))
        .transpose()?;
    let flow = OauthFlow {
        state: id::secret(),
        strategy: strategy.to_owned(),
        client_id: client.id.clone(),
        purpose,
        callback_url: format!("{}/v1/oauth_callback", cx.url.frontend_api),
        redirect_url: redirect_url.into(),
        complete_url: complete_url.map(Into::into),
        grant: None,
        expire_at: cx.now + OauthFlow::LIFETIME,
    };
    for stale in cx.store.all::<OauthFlow>()? {
        if stale.expire_at <= cx.now {
            cx.store.delete::<OauthFlow>(&stale.state)?;
        }
    }
    cx.store.put(&flow)?;
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("scope", ExternalAccount::SCOPES)
        .append_pair("state", &flow.state)
        .finish();
    let url = format!(
        "{}{PROVIDER_PATH}?{query}",
        cx.url.cross_origin_frontend_api(cx.own)
    );
    Ok(Verification::external(strategy, url, cx.now))
}

/// Takes a flow out of the store, and returns it with its client. Each `state` is valid once, and only in
/// the browser that started the flow: otherwise a link could sign a user in to another account. Of a native app's client
/// the browser knows nothing; only the app gets the nonce with which it continues.
pub(crate) fn take_flow(
    cx: &Context<'_>,
    state: &str,
    client: Option<Client>,
) -> Result<(OauthFlow, Client), Error> {
    let flow = cx
        .store
        .get::<OauthFlow>(state)?
        .filter(|flow| flow.expire_at > cx.now)
        .ok_or_else(unauthorized)?;
    let client = if flow.is_native() {
        cx.store.get(&flow.client_id)?
    } else {
        client.filter(|client| client.id == flow.client_id)
    };
    let client = client.ok_or_else(unauthorized)?;
    cx.store.delete::<OauthFlow>(&flow.state)?;
    Ok((flow, client))
}

/// Exchanges the code that the browser brings back for the identity.
///
/// # Errors
/// If there is a code, but not the granted one.
pub(crate) fn exchange(flow: &OauthFlow, code: Option<&str>) -> Result<Outcome, ApiError> {
    match (&flow.grant, code) {
        (Some(grant), Some(code)) if code == grant.code => Ok(Ok(grant.identity.clone())),
        (_, Some(_)) => Err(unauthorized()),
        (_, None) => {
            let provider = provider_name(&flow.strategy);
            let message = format!("You did not grant access to your {provider} account");
            Ok(Err(ApiError::bad_request("oauth_access_denied", message)))
        }
    }
}

/// Replaces the token of a native app's client, and returns a nonce for the new one. The caller stores the client.
pub(crate) fn rotate_token(cx: &Context<'_>, client: &mut Client) -> Result<String, Error> {
    client.token = id::secret();
    let nonce = RotatingTokenNonce {
        id: id::secret(),
        client_id: client.id.clone(),
        expire_at: cx.now + OauthFlow::LIFETIME,
    };
    for stale in cx.store.all::<RotatingTokenNonce>()? {
        if stale.expire_at <= cx.now {
            cx.store.delete::<RotatingTokenNonce>(&stale.id)?;
        }
    }
    cx.store.put(&nonce)?;
    Ok(nonce.id)
}

fn unauthorized() -> ApiError {
    ApiError::bad_request(
        "authorization_invalid",
        "You are not authorized to perform this request",
    )
}

/// Continues what a flow was started for. Returns whether it is complete now; the caller stores the client.
pub(crate) fn finish(
    cx: &Context<'_>,
    client: &mut Client,
    flow: &OauthFlow,
    outcome: Outcome,
) -> Result<bool, Error> {
    match &flow.purpose {
        Purpose::SignIn(id) => finish_sign_in(cx, client, id, &flow.strategy, outcome),
        Purpose::SignUp(id) => finish_sign_up(cx, client, id, &flow.strategy, outcome),
        Purpose::Connect { user_id, account_id } => cx.finish_connecting(user_id, account_id, outcome),
    }
}

fn finish_sign_in(
    cx: &Context<'_>,
    client: &mut Client,
    id: &str,
    strategy: &str,
    outcome: Outcome,
) -> Result<bool, Error> {
    let Some(mut attempt) = client.sign_in.take().filter(|attempt| attempt.id == id) else {
        return Ok(false);
    };
    let user = match &outcome {
        Ok(identity) => cx.user_by_account(strategy, identity)?,
        Err(_) => None,
    };
    let refusal = match &user {
        Some(user) => refusal(cx, client, user)?,
        None => None,
    };
    if let (Some(user), Ok(identity), None) = (user, &outcome, &refusal) {
        continue_with_identity(cx, client, &mut attempt, user, strategy, identity)?;
    } else if let Some(authorization) = attempt
        .first_factor
        .as_mut()
        .and_then(|factor| factor.authorization.as_mut())
    {
        match (refusal, outcome) {
            (Some(error), _) => authorization.fail(error),
            (None, Ok(identity)) => authorization.make_transferable(identity, account_not_found().json()),
            (None, Err(error)) => authorization.fail(error.json()),
        }
    }
    let is_complete = attempt.created_session_id.is_some();
    client.sign_in = Some(attempt);
    Ok(is_complete)
}

fn finish_sign_up(
    cx: &Context<'_>,
    client: &mut Client,
    id: &str,
    strategy: &str,
    outcome: Outcome,
) -> Result<bool, Error> {
    let Some(mut attempt) = client.sign_up.take().filter(|attempt| attempt.id == id) else {
        return Ok(false);
    };
    let outcome = match outcome {
        Ok(identity) if cx.user_by_account(strategy, &identity)?.is_some() => {
            Err((account_exists().json(), Some(identity)))
        }
        Ok(identity) => match adopt(cx, &mut attempt, strategy, identity) {
            Err(Error::Api(error)) => Err((error.json(), None)),
            other => Ok(other?),
        },
        Err(error) => Err((error.json(), None)),
    };
    match (outcome, &mut attempt.external_account) {
        (Err((error, identity)), Some(account)) => {
            if let Some(authorization) = &mut account.verification.authorization {
                match identity {
                    Some(identity) => authorization.make_transferable(identity, error),
                    None => authorization.fail(error),
                }
            }
        }
        _ => complete_if_ready(cx, client, &mut attempt)?,
    }
    let is_complete = attempt.is_complete();
    client.sign_up = Some(attempt);
    Ok(is_complete)
}

/// Continues a sign-up whose account belongs to a known user as a sign-in.
pub(crate) fn transfer_to_sign_in(cx: &Context<'_>, client: &mut Client) -> Result<SignIn, Error> {
    let account = client.sign_up.take().and_then(|attempt| attempt.external_account);
    let (strategy, identity) = account
        .and_then(|account| account.verification.into_transferable())
        .ok_or_else(|| {
            let message = "There is no external account to transfer: sign up with one first.";
            ApiError::bad_request("account_transfer_invalid", message)
        })?;
    let mut attempt = SignIn::new(cx.now);
    let user = cx.user_by_account(&strategy, &identity)?;
    let user = user.ok_or_else(ApiError::identifier_not_found)?;
    cx.check_admission(&user)?;
    cx.check_not_signed_in(client, &user)?;
    continue_with_identity(cx, client, &mut attempt, user, &strategy, &identity)?;
    Ok(attempt)
}

/// Continues a sign-in whose account belongs to no user as a sign-up.
pub(crate) fn transfer_to_sign_up(
    cx: &Context<'_>,
    client: &mut Client,
    attempt: &mut SignUp,
) -> Result<(), Error> {
    let factor = client.sign_in.take().and_then(|attempt| attempt.first_factor);
    let (strategy, identity) = factor
        .and_then(|factor| factor.into_transferable())
        .ok_or_else(|| {
            let message = "There is no external account to transfer: sign in with one first.";
            ApiError::bad_request("account_transfer_invalid", message)
        })?;
    adopt(cx, attempt, &strategy, identity)
}

/// Returns why a user cannot sign in on this client now, in the format of the API's errors.
fn refusal(cx: &Context<'_>, client: &Client, user: &User) -> Result<Option<Value>, Error> {
    let check = || -> Result<(), Error> {
        cx.check_admission(user)?;
        for (session, _) in cx.sessions_of(client)? {
            if session.user_id == user.id {
                let message = "You're already signed in.";
                return Err(ApiError::bad_request("identifier_already_signed_in", message)
                    .with_meta("session_id", session.id)
                    .into());
            }
        }
        cx.check_another_session(client)
    };
    match check() {
        Err(Error::Api(error)) => Ok(Some(error.json())),
        other => other.map(|()| None),
    }
}

/// The error of a sign-in whose account belongs to no user; a sign-up can take it over.
pub(crate) fn account_not_found() -> ApiError {
    let message = "The External Account was not found.";
    ApiError::form("external_account_not_found", "strategy", message)
}

/// The error of a sign-up whose account belongs to a user; a sign-in can take it over.
pub(crate) fn account_exists() -> ApiError {
    let message = "The External Account already exists.";
    ApiError::form("external_account_exists", "strategy", message)
}
