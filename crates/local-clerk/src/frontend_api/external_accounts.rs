//! The signed-in user's accounts at providers.

use crate::{
    domain::{Context, external_accounts::find_mut, id_tokens, oauth},
    error::Error,
    http::{Reply, Request},
    model::{ExternalAccount, Purpose, Verification},
    view,
};

use super::{
    answer,
    browser::{self, Caller},
    redirects::{id_token, redirects},
};

/// Connects an account: with a token of the provider, or else the provider has to authorize it first.
pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::verified_caller(cx, request)?;
    let strategy = request.body.required("strategy")?;
    if let Some(token) = id_token(request)? {
        let account = id_tokens::connect(cx, &mut user, token)?;
        return answer::with_client(cx, &view::external_account(cx, &account), &client);
    }
    let mut account = ExternalAccount::new(Verification::sent(strategy, cx.code_expiry()?), cx.now);
    let purpose = Purpose::Connect {
        user_id: user.id.clone(),
        account_id: account.id.clone(),
    };
    account.verification = oauth::start(cx, &client, strategy, purpose, redirects(request))?;
    // This replaces an earlier attempt that did not complete.
    user.external_accounts
        .retain(|other| other.verification.verified || other.strategy() != strategy);
    user.external_accounts.push(account.clone());
    cx.store.put(&user)?;
    answer::with_client(cx, &view::external_account(cx, &account), &client)
}

/// Starts a new authorization of a connected account.
pub(super) fn reauthorize(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let id = request.path("id");
    let purpose = Purpose::Connect {
        user_id: user.id.clone(),
        account_id: id.clone(),
    };
    let account = find_mut(&mut user, &id)?;
    let strategy = account.strategy().to_owned();
    account.verification.authorization =
        oauth::start(cx, &client, &strategy, purpose, redirects(request))?.authorization;
    let response = view::external_account(cx, account);
    cx.store.put(&user)?;
    answer::with_client(cx, &response, &client)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let id = request.path("id");
    cx.remove_external_account(&mut user, &id)?;
    answer::with_client(cx, &view::deleted("external_account", &id), &client)
}

/// Deletes the token with which a backend can call the provider.
pub(super) fn delete_tokens(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    find_mut(&mut user, &request.path("id"))?.access_token = None;
    answer::with_user(cx, &client, &mut user)
}
