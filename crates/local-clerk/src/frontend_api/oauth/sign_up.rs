//! Signing up through a provider.

use super::{
    super::{
        super::{
            call::Call,
            errors::{ApiError, Error},
            model::{Client, ContactKind, ExternalAccount, Identity, Purpose, SignUp, Verification},
        },
        sign_up::settle,
    },
    Outcome, exists,
};

/// Asks a provider who it is.
pub(in super::super) fn begin(
    call: &Call<'_>,
    client: &mut Client,
    attempt: &mut SignUp,
    strategy: &str,
) -> Result<(), Error> {
    let purpose = Purpose::SignUp(attempt.id.clone());
    let verification = super::begin(call, client, strategy, purpose)?;
    attempt.external_account = Some(ExternalAccount::new(verification, call.now));
    // clerk-js looks at both when the browser is back.
    client.sign_in = None;
    Ok(())
}

/// A sign-in has turned out to be of somebody new.
pub(in super::super) fn transfer(
    call: &Call<'_>,
    client: &mut Client,
    attempt: &mut SignUp,
) -> Result<(), Error> {
    let factor = client.sign_in.take().and_then(|attempt| attempt.first_factor);
    let (strategy, identity) = factor.and_then(|factor| factor.handed_over()).ok_or_else(|| {
        let why = "There is no external account to transfer: sign in with one first.";
        ApiError::bad_request("account_transfer_invalid", why)
    })?;
    adopt(call, attempt, &strategy, identity)
}

/// The provider has answered. Is the user signed in now?
pub(super) fn come_back(
    call: &Call<'_>,
    client: &mut Client,
    id: &str,
    strategy: &str,
    outcome: Outcome,
) -> Result<bool, Error> {
    let Some(mut attempt) = client.sign_up.take().filter(|attempt| attempt.id == id) else {
        return Ok(false);
    };
    let ended = match outcome {
        Ok(identity) if call.user_by_account(strategy, &identity)?.is_some() => {
            Err((exists(), Some(identity)))
        }
        Ok(identity) => match adopt(call, &mut attempt, strategy, identity) {
            Err(Error::Api(error)) => Err((error.json(), None)),
            other => Ok(other?),
        },
        Err(error) => Err((error.json(), None)),
    };
    match (ended, &mut attempt.external_account) {
        (Err((error, identity)), Some(account)) => {
            if let Some(round) = &mut account.verification.round {
                match identity {
                    Some(identity) => round.hand_over(identity, error),
                    None => round.fail(error),
                }
            }
        }
        _ => settle(call, client, &mut attempt)?,
    }
    let is_complete = attempt.is_complete();
    client.sign_up = Some(attempt);
    Ok(is_complete)
}

/// Fills in what the provider tells.
fn adopt(call: &Call<'_>, attempt: &mut SignUp, strategy: &str, identity: Identity) -> Result<(), Error> {
    if let Some(email_address) = &identity.email_address {
        call.check_identifier_is_free(email_address, "email_address")?;
        attempt.set_contact(ContactKind::EmailAddress, email_address.clone());
        attempt.email_verification = identity
            .email_address_verified
            .then(|| Verification::verified(&format!("from_{strategy}"), call.now));
    }
    for (field, told) in [
        (&mut attempt.first_name, &identity.first_name),
        (&mut attempt.last_name, &identity.last_name),
    ] {
        if field.is_none() {
            field.clone_from(told);
        }
    }
    attempt.external_account = Some(ExternalAccount::connected(strategy, identity, call.now));
    Ok(())
}
