//! ID tokens of providers, with which native apps and Google One Tap authenticate users without a page of the provider.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::{ApiError, Error},
    model::{Client, ExternalAccount, Identity, SECOND, SignIn, SignUp, User, Verification},
};

use super::{
    Context,
    identifiers::parse_email_address,
    oauth::{account_exists, account_not_found},
    sign_in::continue_with_identity,
    sign_up::adopt,
};

/// The strategy of Google One Tap. Its accounts are those of the social connection `oauth_google`.
const GOOGLE_ONE_TAP: &str = "google_one_tap";

/// The claims that are read (OpenID Connect Core, section 5.1).
#[derive(Deserialize)]
struct Claims {
    sub: String,
    email: Option<String>,
    /// Apple writes it as a text.
    #[serde(default)]
    email_verified: Value,
    given_name: Option<String>,
    family_name: Option<String>,
    /// In seconds since 1970.
    exp: Option<i64>,
}

/// A token, and the strategy that it was sent with.
#[derive(Clone, Copy)]
pub(crate) struct IdToken<'a> {
    pub(crate) strategy: &'a str,
    pub(crate) token: &'a str,
}

/// Tells whether a strategy needs a token.
pub(crate) fn is_token_strategy(strategy: &str) -> bool {
    strategy == GOOGLE_ONE_TAP || strategy.starts_with("oauth_token_")
}

impl IdToken<'_> {
    /// Returns the strategy of the accounts that such tokens belong to.
    pub(crate) fn account_strategy(&self) -> String {
        match self.strategy.strip_prefix("oauth_token_") {
            Some(provider) => format!("oauth_{provider}"),
            None => "oauth_google".to_owned(),
        }
    }

    /// Reads the identity in the token. Its signature is not verified, so that tests can make tokens themselves.
    ///
    /// # Errors
    /// If the instance does not offer the provider, or if the token is none or has expired.
    pub(crate) fn identity(&self, cx: &Context<'_>) -> Result<Identity, Error> {
        cx.check_provider(&self.account_strategy())?;
        let claims = self.claims().filter(|claims| {
            let is_over = |exp| exp <= cx.real_now / SECOND;
            !claims.exp.is_some_and(is_over) && !claims.sub.is_empty()
        });
        let claims = claims.ok_or_else(|| ApiError::id_token_invalid(self.strategy == GOOGLE_ONE_TAP))?;
        let email_address = claims.email.map(|address| parse_email_address(&address, "token"));
        Ok(Identity {
            provider_user_id: claims.sub,
            email_address: email_address.transpose()?,
            email_address_verified: claims.email_verified == true || claims.email_verified == "true",
            first_name: claims.given_name,
            last_name: claims.family_name,
        })
    }

    fn claims(&self) -> Option<Claims> {
        let payload = self.token.split('.').nth(1)?;
        let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// Signs in with a token. Without a user, the sign-in fails with Google One Tap, and can otherwise be transferred to a
/// sign-up, as the SDKs expect.
pub(crate) fn sign_in(
    cx: &Context<'_>,
    client: &mut Client,
    attempt: &mut SignIn,
    token: IdToken<'_>,
) -> Result<(), Error> {
    let identity = token.identity(cx)?;
    let strategy = token.account_strategy();
    if let Some(user) = cx.user_by_account(&strategy, &identity)? {
        cx.check_admission(&user)?;
        cx.check_not_signed_in(client, &user)?;
        return continue_with_identity(cx, client, attempt, user, token.strategy, &identity);
    }
    if token.strategy == GOOGLE_ONE_TAP {
        return Err(account_not_found().into());
    }
    let error = account_not_found().json();
    attempt.first_factor = Some(Verification::transferable(&strategy, identity, error, cx.now));
    Ok(())
}

/// Signs up with a token. If the account belongs to a user, the sign-up can be transferred to a sign-in.
pub(crate) fn sign_up(cx: &Context<'_>, attempt: &mut SignUp, token: IdToken<'_>) -> Result<(), Error> {
    let identity = token.identity(cx)?;
    let strategy = token.account_strategy();
    if cx.user_by_account(&strategy, &identity)?.is_none() {
        return adopt(cx, attempt, &strategy, identity);
    }
    let error = account_exists().json();
    let verification = Verification::transferable(&strategy, identity, error, cx.now);
    attempt.external_account = Some(ExternalAccount::new(verification, cx.now));
    Ok(())
}

/// Connects the account that a token belongs to, and returns it.
pub(crate) fn connect(
    cx: &Context<'_>,
    user: &mut User,
    token: IdToken<'_>,
) -> Result<ExternalAccount, Error> {
    let identity = token.identity(cx)?;
    let verification = Verification::sent(&token.account_strategy(), cx.code_expiry()?);
    let account = ExternalAccount::new(verification, cx.now);
    user.external_accounts.push(account.clone());
    cx.store.put(user)?;
    cx.finish_connecting(&user.id, &account.id, Ok(identity))?;
    *user = cx.load(&user.id, "user")?;
    let connected = user.external_accounts.iter().find(|own| own.id == account.id);
    Ok(connected.cloned().unwrap_or(account))
}
