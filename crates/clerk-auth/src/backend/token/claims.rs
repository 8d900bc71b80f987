//! Checks of the claims of a session token whose signature has been verified.

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::error::TokenError;
use crate::backend::{javascript, reason::TokenReason, revocations::Revocations};

/// What the claims must satisfy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClaimRules<'a> {
    pub(crate) audiences: &'a [String],
    pub(crate) authorized_parties: &'a [String],
    pub(crate) accept_missing_azp: bool,
    pub(crate) issuers: &'a [String],
    /// In milliseconds since the Unix epoch.
    pub(crate) now: i64,
    /// In milliseconds.
    pub(crate) clock_skew: i64,
    pub(crate) revocations: Option<&'a Revocations>,
}

impl ClaimRules<'_> {
    pub(crate) fn check(&self, claims: &Map<String, Value>) -> Result<(), TokenError> {
        let sub = claims.get("sub");
        if !sub.is_some_and(Value::is_string) {
            return Err(failed(format!(
                "Subject claim (sub) is required and must be a string. Received {}.",
                javascript::stringify(sub)
            )));
        }
        self.check_audience(claims.get("aud"))?;
        self.check_authorized_party(claims.get("azp"))?;
        self.check_issuer(claims.get("iss"))?;
        self.check_expiration(claims.get("exp"))?;
        self.check_activation(claims.get("nbf"))?;
        self.check_issued_at(claims.get("iat"))
    }

    /// A token from before its session or its user was revoked has expired. Only for claims that [`check`](Self::check)
    /// has accepted.
    pub(crate) async fn check_revocation(&self, claims: &Map<String, Value>) -> Result<(), TokenError> {
        match self.revocations {
            Some(revocations) if revocations.revoke(claims, self.now).await => Err(TokenError::new(
                TokenReason::TokenExpired,
                "JWT is expired. Its session or its user has changed since it was issued.",
            )),
            _ => Ok(()),
        }
    }

    /// A token without `aud` passes, and so does one whose `aud` is neither a string nor a list of strings.
    fn check_audience(&self, aud: Option<&Value>) -> Result<(), TokenError> {
        let (kind, claimed): (_, Vec<_>) = match aud {
            Some(Value::String(aud)) => ("", vec![aud.as_str()]),
            Some(Value::Array(list)) if list.iter().all(Value::is_string) => {
                (" array", list.iter().filter_map(Value::as_str).collect())
            }
            _ => return Ok(()),
        };
        let is_checked = !self.audiences.is_empty() && claimed.iter().any(|aud| !aud.is_empty());
        if !is_checked
            || self
                .audiences
                .iter()
                .any(|audience| claimed.contains(&audience.as_str()))
        {
            return Ok(());
        }
        Err(failed(format!(
            "Invalid JWT audience claim{kind} (aud) {}. Is not included in \"{}\".",
            javascript::stringify(aud),
            Value::from(self.audiences)
        )))
    }

    /// If authorized parties are configured, a token without `azp` is rejected unless the options accept it.
    fn check_authorized_party(&self, azp: Option<&Value>) -> Result<(), TokenError> {
        if self.authorized_parties.is_empty()
            || is_one_of(azp, self.authorized_parties)
            || self.accept_missing_azp && azp.is_none()
        {
            return Ok(());
        }
        let message = format!(
            "Invalid JWT Authorized party claim (azp) {}. Expected \"{}\".",
            javascript::stringify(azp),
            self.authorized_parties.join(",")
        );
        Err(TokenError::new(
            TokenReason::TokenInvalidAuthorizedParties,
            message,
        ))
    }

    fn check_issuer(&self, iss: Option<&Value>) -> Result<(), TokenError> {
        if self.issuers.is_empty() || is_one_of(iss, self.issuers) {
            return Ok(());
        }
        let message = format!(
            "Invalid JWT issuer claim (iss) {}. Expected \"{}\".",
            javascript::stringify(iss),
            self.issuers.join(",")
        );
        Err(TokenError::new(TokenReason::TokenInvalidIssuer, message))
    }

    fn check_expiration(&self, exp: Option<&Value>) -> Result<(), TokenError> {
        let expires = exp.and_then(Value::as_f64).ok_or_else(|| {
            failed(format!(
                "Invalid JWT expiry date claim (exp) {}. Expected number.",
                javascript::stringify(exp)
            ))
        })?;
        match javascript::date(expires) {
            Some(date) if date <= self.now - self.clock_skew => Err(TokenError::new(
                TokenReason::TokenExpired,
                format!(
                    "JWT is expired. Expiry date: {}, Current date: {}.",
                    javascript::to_utc_string(date),
                    javascript::to_utc_string(self.now)
                ),
            )),
            _ => Ok(()),
        }
    }

    fn check_activation(&self, nbf: Option<&Value>) -> Result<(), TokenError> {
        match self.future(nbf, "not before date claim (nbf)")? {
            Some(date) => Err(TokenError::new(
                TokenReason::TokenNotActiveYet,
                format!(
                    "JWT cannot be used prior to not before date claim (nbf). \
                     Not before date: {}; Current date: {};",
                    javascript::to_utc_string(date),
                    javascript::to_utc_string(self.now)
                ),
            )),
            None => Ok(()),
        }
    }

    fn check_issued_at(&self, iat: Option<&Value>) -> Result<(), TokenError> {
        match self.future(iat, "issued at date claim (iat)")? {
            Some(date) => Err(TokenError::new(
                TokenReason::TokenIatInTheFuture,
                format!(
                    "JWT issued at date claim (iat) is in the future. Issued at date: {}; Current date: {};",
                    javascript::to_utc_string(date),
                    javascript::to_utc_string(self.now)
                ),
            )),
            None => Ok(()),
        }
    }

    /// The date of an optional claim, if it is in the future.
    fn future(&self, claim: Option<&Value>, name: &str) -> Result<Option<i64>, TokenError> {
        let Some(value) = claim else { return Ok(None) };
        let seconds = value
            .as_f64()
            .ok_or_else(|| failed(format!("Invalid JWT {name} {value}. Expected number.")))?;
        Ok(javascript::date(seconds).filter(|date| *date > self.now + self.clock_skew))
    }
}

fn failed(message: String) -> TokenError {
    TokenError::new(TokenReason::TokenVerificationFailed, message)
}

fn is_one_of(claim: Option<&Value>, allowed: &[String]) -> bool {
    claim
        .and_then(Value::as_str)
        .is_some_and(|claim| !claim.is_empty() && allowed.iter().any(|a| a == claim))
}
