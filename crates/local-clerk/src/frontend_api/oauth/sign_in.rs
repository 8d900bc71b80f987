//! Signing in through a provider.

use super::{
    super::{
        super::{
            call::Call,
            errors::{ApiError, Error},
            model::{Client, Identity, Purpose, SignIn, User, Verification},
            reply::Reply,
        },
        sign_in::{advance, keep},
    },
    Outcome, not_found,
};

/// A new attempt, for which a provider has to be asked.
pub(in super::super) fn create(call: &Call<'_>, client: &mut Client, strategy: &str) -> Result<Reply, Error> {
    let mut attempt = SignIn::new(call.now);
    let purpose = Purpose::SignIn(attempt.id.clone());
    attempt.first_factor = Some(super::begin(call, client, strategy, purpose)?);
    // clerk-js looks at both when the browser is back.
    client.sign_up = None;
    keep(call, client, attempt)
}

/// A sign-up has turned out to be of somebody who is known.
pub(in super::super) fn transfer(call: &Call<'_>, client: &mut Client) -> Result<Reply, Error> {
    let account = client.sign_up.take().and_then(|attempt| attempt.external_account);
    let (strategy, identity) = account
        .and_then(|account| account.verification.handed_over())
        .ok_or_else(|| {
            let why = "There is no external account to transfer: sign up with one first.";
            ApiError::bad_request("account_transfer_invalid", why)
        })?;
    let mut attempt = SignIn::new(call.now);
    let user = call.user_by_account(&strategy, &identity)?;
    let user = user.ok_or_else(ApiError::identifier_not_found)?;
    call.check_admission(&user)?;
    call.check_not_signed_in(client, &user)?;
    recognize(call, client, &mut attempt, user, &strategy, &identity)?;
    keep(call, client, attempt)
}

/// The provider has answered. Is the user signed in now?
pub(super) fn come_back(
    call: &Call<'_>,
    client: &mut Client,
    id: &str,
    strategy: &str,
    outcome: Outcome,
) -> Result<bool, Error> {
    let Some(mut attempt) = client.sign_in.take().filter(|attempt| attempt.id == id) else {
        return Ok(false);
    };
    let user = match &outcome {
        Ok(identity) => call.user_by_account(strategy, identity)?,
        Err(_) => None,
    };
    let refusal = match &user {
        Some(user) => call.refusal(client, user)?,
        None => None,
    };
    if let (Some(user), Ok(identity), None) = (user, &outcome, &refusal) {
        recognize(call, client, &mut attempt, user, strategy, identity)?;
    } else if let Some(round) = attempt
        .first_factor
        .as_mut()
        .and_then(|factor| factor.round.as_mut())
    {
        match (refusal, outcome) {
            (Some(error), _) => round.fail(error),
            (None, Ok(identity)) => round.hand_over(identity, not_found()),
            (None, Err(error)) => round.fail(error.json()),
        }
    }
    let is_complete = attempt.created_session_id.is_some();
    client.sign_in = Some(attempt);
    Ok(is_complete)
}

fn recognize(
    call: &Call<'_>,
    client: &mut Client,
    attempt: &mut SignIn,
    mut user: User,
    strategy: &str,
    identity: &Identity,
) -> Result<(), Error> {
    attempt.identifier.clone_from(&identity.email_address);
    attempt.user_id = Some(user.id.clone());
    attempt.first_factor = Some(Verification::verified(strategy, call.now));
    advance(call, client, attempt, &mut user)
}
