//! Users' accounts at providers.

use serde_json::{Value, json};

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        reply::Reply,
    },
    users,
};

/// What a backend may call the provider with.
pub(super) fn access_tokens(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = users::named(call)?;
    let provider = call.path("provider");
    let provider = provider.trim_start_matches("oauth_");
    if !call.settings()?.social.iter().any(|known| known == provider) {
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
    Ok(call.bare_or_paginated(&tokens))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = users::named(call)?;
    let deleted = call.remove_external_account(&mut user, &call.path("account_id"))?;
    Ok(Reply::json(&deleted))
}
