//! Passkeys: creating them, and authenticating with them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use url::Url;

use crate::{
    error::{ApiError, Error},
    id,
    model::{
        Activity, Client, Identifier, PASSKEY, Passkey, SignIn, SignInStatus, User, Verification, passkey_key,
    },
    webauthn::{self, ALGORITHMS, Assertion, Credential, Expected},
};

use super::{Context, identifiers::claim_identifiers, sign_in::user_of};

/// How long the browser waits for the user, in milliseconds.
const TIMEOUT: i64 = 60_000;

/// Where the passkeys of a page are valid.
struct RelyingParty {
    origin: String,
    host: String,
}

impl RelyingParty {
    fn of(cx: &Context<'_>) -> Self {
        let url = Url::parse(&cx.url.app).ok();
        Self {
            origin: cx.url.app.clone(),
            host: url
                .and_then(|url| Some(url.host_str()?.to_owned()))
                .unwrap_or_default(),
        }
    }

    fn expect<'a>(&'a self, challenge: &'a str) -> Expected<'a> {
        Expected {
            challenge,
            origin: &self.origin,
            host: &self.host,
        }
    }
}

/// Begins a passkey, whose verification has the options for `navigator.credentials.create()`.
pub(crate) fn begin(cx: &Context<'_>, user: &mut User) -> Passkey {
    let name = user.identifier();
    let options = json!({
        "rp": { "id": RelyingParty::of(cx).host, "name": "Local Clerk" },
        "user": { "id": URL_SAFE_NO_PAD.encode(&user.id), "name": name, "displayName": name },
        "challenge": id::secret(),
        "pubKeyCredParams": ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg })),
        "timeout": TIMEOUT,
        "excludeCredentials": descriptors(user, None),
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "required",
        },
        "attestation": "none",
    });
    let activity = Activity::of(&cx.device, cx.now);
    let name = match (activity.browser_name, activity.device_type) {
        (Some(browser), Some(device)) => format!("{browser} on {device}"),
        _ => "Passkey".to_owned(),
    };
    let passkey = Passkey::new(name, options.to_string(), cx.now);
    user.passkeys
        .retain(|passkey| passkey.verification.verified || passkey.verification.expire_at > cx.now);
    user.passkeys.push(passkey.clone());
    passkey
}

/// Completes a passkey with the credential that the browser has created. The caller stores the user.
pub(crate) fn complete(cx: &Context<'_>, user: &mut User, id: &str, credential: &str) -> Result<(), Error> {
    let passkey = user.passkeys.iter_mut().find(|passkey| passkey.id == id);
    let passkey = passkey.ok_or_else(|| ApiError::not_found(PASSKEY, id))?;
    let relying_party = RelyingParty::of(cx);
    let challenge = passkey.verification.open_challenge(cx.now)?;
    let expected = relying_party.expect(&challenge);
    let credential = Credential::register(credential, &expected).map_err(refused)?;
    cx.check_identifier_is_free(&passkey_key(&credential.id), "public_key_credential")?;
    passkey.credential = Some(credential);
    passkey.verification = Verification::verified(PASSKEY, cx.now);
    passkey.updated_at = cx.now;
    claim_identifiers(&cx.store, user)
}

/// Challenges the browser to authenticate with a passkey: with one of those of the attempt's user, with this one of
/// them, or with any if the user is not known yet. The verification has the options for `navigator.credentials.get()`.
pub(crate) fn challenge(
    cx: &Context<'_>,
    attempt: &mut SignIn,
    passkey_id: Option<&str>,
) -> Result<(), Error> {
    if !cx.settings()?.passkeys {
        return Err(ApiError::strategy_invalid(PASSKEY).into());
    }
    let user = match &attempt.user_id {
        Some(_) => Some(user_of(cx, attempt)?),
        None => None,
    };
    let allowed = user
        .map(|user| descriptors(&user, passkey_id))
        .unwrap_or_default();
    if attempt.user_id.is_some() && allowed.is_empty() {
        return Err(ApiError::strategy_for_user_invalid().into());
    }
    let options = json!({
        "challenge": id::secret(),
        "timeout": TIMEOUT,
        "rpId": RelyingParty::of(cx).host,
        "allowCredentials": allowed,
        "userVerification": "required",
    });
    attempt.first_factor = Some(Verification::challenge(PASSKEY, options.to_string(), cx.now));
    attempt.status = SignInStatus::NeedsFirstFactor;
    Ok(())
}

/// Identifies the user of an attempt by the passkey that the browser has chosen.
pub(crate) fn identify(
    cx: &Context<'_>,
    client: &Client,
    attempt: &mut SignIn,
    assertion: &str,
) -> Result<(), Error> {
    let assertion = Assertion::parse(assertion).map_err(refused)?;
    let key = passkey_key(assertion.credential_id());
    let identifier = cx.store.get::<Identifier>(&key)?;
    let user = identifier.map(|identifier| cx.store.get::<User>(&identifier.user_id));
    let user = user
        .transpose()?
        .flatten()
        .ok_or_else(ApiError::passkey_not_registered)?;
    cx.check_admission(&user)?;
    cx.check_not_signed_in(client, &user)?;
    attempt.identifier = Some(user.identifier().to_owned());
    attempt.user_id = Some(user.id);
    Ok(())
}

/// Checks a passkey as the first factor. A wrong one counts as a failed attempt.
pub(crate) fn attempt(
    cx: &Context<'_>,
    attempt: &mut SignIn,
    user: &mut User,
    assertion: &str,
) -> Result<Result<(), ApiError>, Error> {
    let prepared = attempt
        .first_factor
        .as_ref()
        .filter(|factor| factor.strategy == PASSKEY);
    let challenge = prepared
        .ok_or_else(ApiError::verification_missing)?
        .open_challenge(cx.now)?;
    let assertion = Assertion::parse(assertion).map_err(refused)?;
    let user_id = user.id.clone();
    let (credential, last_used_at) = user
        .passkeys
        .iter_mut()
        .find_map(|passkey| {
            let credential = passkey.credential.as_mut()?;
            (credential.id == assertion.credential_id()).then_some((credential, &mut passkey.last_used_at))
        })
        .ok_or_else(ApiError::passkey_not_registered)?;
    let relying_party = RelyingParty::of(cx);
    if let Err(error) = credential.verify(&assertion, &user_id, &relying_party.expect(&challenge)) {
        cx.count_failure(user)?;
        return Ok(Err(refused(error)));
    }
    *last_used_at = Some(cx.now);
    cx.store.put(user)?;
    attempt.first_factor = Some(Verification::verified(PASSKEY, cx.now));
    Ok(Ok(()))
}

impl Context<'_> {
    /// Removes a passkey. The caller stores the user.
    pub(crate) fn remove_passkey(&self, user: &mut User, id: &str) -> Result<(), Error> {
        let position = user.passkeys.iter().position(|own| own.id == id);
        let position = position.ok_or_else(|| ApiError::not_found(PASSKEY, id))?;
        if let Some(key) = user.passkeys.remove(position).key() {
            self.store.delete::<Identifier>(&key)?;
        }
        Ok(())
    }
}

fn refused(error: webauthn::Error) -> ApiError {
    let reason = error.to_string();
    match error {
        webauthn::Error::Malformed | webauthn::Error::Algorithm => ApiError::passkey_invalid(&reason),
        webauthn::Error::Challenge => ApiError::passkey_challenge_invalid(),
        _ => ApiError::passkey_authentication_failed(&reason),
    }
}

/// Describes the passkeys of a user, or this one of them, to the browser.
fn descriptors(user: &User, id: Option<&str>) -> Vec<Value> {
    let passkeys = user.passkeys.iter();
    passkeys
        .filter(|passkey| id.is_none_or(|id| passkey.id == id))
        .filter_map(|passkey| passkey.credential.as_ref())
        .map(|credential| json!({ "type": "public-key", "id": credential.id }))
        .collect()
}
