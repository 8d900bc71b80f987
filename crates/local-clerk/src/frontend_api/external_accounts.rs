//! The signed-in user's accounts at providers.

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        model::{ExternalAccount, Identifier, Purpose, User, Verification, account_key},
        reply::Reply,
        view,
    },
    browser::Caller,
    oauth::{self, Outcome},
};

/// An account to connect: the provider has to be asked first.
pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.verified_caller()?;
    let strategy = call.body.required("strategy")?;
    let mut account = ExternalAccount::new(Verification::sent(strategy, call.code_expiry()?), call.now);
    let purpose = Purpose::Connect {
        user_id: user.id.clone(),
        account_id: account.id.clone(),
    };
    account.verification = oauth::begin(call, &client, strategy, purpose)?;
    // What has come to nothing before makes room.
    user.external_accounts
        .retain(|other| other.verification.verified || other.strategy() != strategy);
    user.external_accounts.push(account.clone());
    call.store.put(&user)?;
    call.wrapped(&call.external_account_json(&account), &client)
}

/// Asks the provider again about an account that is connected.
pub(super) fn reauthorize(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let purpose = Purpose::Connect {
        user_id: user.id.clone(),
        account_id: call.path("id"),
    };
    let account = named(call, &mut user)?;
    let strategy = account.strategy().to_owned();
    account.verification.round = oauth::begin(call, &client, &strategy, purpose)?.round;
    let response = call.external_account_json(account);
    call.store.put(&user)?;
    call.wrapped(&response, &client)
}

/// The provider has answered.
pub(super) fn come_back(
    call: &Call<'_>,
    user_id: &str,
    account_id: &str,
    outcome: Outcome,
) -> Result<bool, Error> {
    let Some(mut user) = call.store.get::<User>(user_id)? else {
        return Ok(false);
    };
    let Some(position) = user.external_accounts.iter().position(|own| own.id == account_id) else {
        return Ok(false);
    };
    let strategy = user.external_accounts[position].strategy().to_owned();
    let outcome = match outcome {
        Ok(identity) => {
            let key = account_key(&strategy, &identity);
            let owner = call.store.get::<Identifier>(&key)?;
            if owner.is_some_and(|owner| owner.user_id != user.id) {
                let why = "This account is connected to another user already.";
                Err(ApiError::bad_request("oauth_identification_claimed", why))
            } else {
                Ok((key, identity))
            }
        }
        Err(error) => Err(error),
    };
    let is_complete = outcome.is_ok();
    match outcome {
        Ok((key, identity)) => {
            let account = &mut user.external_accounts[position];
            if let Some(previous) = account.key() {
                call.store.delete::<Identifier>(&previous)?;
            }
            account.connect(identity.clone(), call.now);
            // The same account may have been connected before.
            user.external_accounts
                .retain(|other| other.id == account_id || other.key().as_ref() != Some(&key));
            call.keep_connected(&mut user, &strategy, &identity)?;
        }
        Err(error) => {
            if let Some(round) = &mut user.external_accounts[position].verification.round {
                round.fail(error.json());
            }
            call.store.put(&user)?;
        }
    }
    Ok(is_complete)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let deleted = call.remove_external_account(&mut user, &call.path("id"))?;
    call.wrapped(&deleted, &client)
}

/// Forgets what a backend could call the provider with.
pub(super) fn delete_tokens(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    named(call, &mut user)?.access_token = None;
    call.answer_with_user(&client, &mut user)
}

/// The account that the path names.
fn named<'a>(call: &Call<'_>, user: &'a mut User) -> Result<&'a mut ExternalAccount, ApiError> {
    let id = call.path("id");
    let found = user.external_accounts.iter_mut().find(|account| account.id == id);
    found.ok_or_else(|| ApiError::not_found("external account", &id))
}

impl Call<'_> {
    /// Disconnects an account, unless nothing would be left to sign in with.
    pub(in super::super) fn remove_external_account(
        &self,
        user: &mut User,
        id: &str,
    ) -> Result<serde_json::Value, Error> {
        let position = user.external_accounts.iter().position(|own| own.id == id);
        let position = position.ok_or_else(|| ApiError::not_found("external account", id))?;
        let account = user.external_accounts.remove(position);
        if let Some(key) = account.key() {
            if !user.is_identified() {
                let why = "You cannot delete your last identification.";
                return Err(ApiError::bad_request("last_identification_deletion_failed", why).into());
            }
            self.store.delete::<Identifier>(&key)?;
        }
        user.updated_at = self.now;
        self.store.put(user)?;
        Ok(view::deleted("external_account", id))
    }
}
