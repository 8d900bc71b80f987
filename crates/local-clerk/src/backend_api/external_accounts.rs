//! The accounts of users at providers.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    view,
};

use super::users;

/// Lists the tokens with which a backend can call the provider.
pub(super) fn access_tokens(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let user = users::find(cx, request)?;
    let provider = request.path("provider");
    let provider = provider.trim_start_matches("oauth_");
    if !cx.settings()?.social.iter().any(|known| known == provider) {
        return Err(ApiError::not_found("OAuth provider", provider).into());
    }
    let tokens: Vec<Value> = user
        .external_accounts
        .iter()
        .filter(|account| account.provider() == provider)
        .filter_map(|account| {
            Some(json!({
                "object": "oauth_access_token",
                "external_account_id": account.id,
                "provider_user_id": account.identity.as_ref()?.provider_user_id,
                "token": account.access_token.as_ref()?,
                "expires_at": null,
                "provider": account.strategy(),
                "public_metadata": {},
                "label": null,
                "scopes": account.approved_scopes.split(' ').collect::<Vec<_>>(),
            }))
        })
        .collect();
    Ok(request.bare_or_paginated(&tokens))
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = users::find(cx, request)?;
    let id = request.path("account_id");
    cx.remove_external_account(&mut user, &id)?;
    Ok(Reply::json(&view::deleted("external_account", &id)))
}
