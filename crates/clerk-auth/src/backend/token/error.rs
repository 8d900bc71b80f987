//! Errors of token verification.

use crate::backend::reason::TokenReason;

/// The maximum length of a message in characters. Only those that repeat a long part of a token would be longer.
const MAX_MESSAGE: usize = 512;

/// Where a token was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    Header,
    Cookie,
}

/// Why a token was rejected, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct TokenError {
    pub(crate) reason: TokenReason,
    /// Short and without control characters, since it may repeat parts of a token that anybody can have made.
    pub(crate) message: String,
    /// What to do about it; empty if there is nothing to do.
    action: &'static str,
}

impl TokenError {
    pub(crate) fn new(reason: TokenReason, message: impl AsRef<str>) -> Self {
        let action = match reason {
            TokenReason::TokenInvalid
            | TokenReason::TokenInvalidAlgorithm
            | TokenReason::TokenInvalidIssuer
            | TokenReason::TokenVerificationFailed => "Make sure that this is a valid Clerk-generated JWT.",
            TokenReason::SecretKeyInvalid | TokenReason::JwksFailedToLoad => "Contact support@clerk.com",
            TokenReason::KidMismatch => {
                "Go to your Dashboard and validate your secret and public keys are correct. \
                 Contact support@clerk.com if the issue persists."
            }
            _ => "",
        };
        Self {
            reason,
            message: printable(message.as_ref()),
            action,
        }
    }

    /// Text that does not have the form of a JWT.
    pub(crate) fn malformed(message: &str) -> Self {
        Self {
            reason: TokenReason::TokenInvalid,
            message: message.to_owned(),
            action: "",
        }
    }

    /// The value of `x-clerk-auth-message`.
    pub(crate) fn full_message(&self, carrier: Option<Carrier>) -> String {
        let Self {
            reason,
            message,
            action,
        } = self;
        let space = if action.is_empty() { "" } else { " " };
        let carrier = match carrier {
            Some(Carrier::Header) => "header",
            Some(Carrier::Cookie) => "cookie",
            None => "undefined",
        };
        format!(
            "{message}{space}{action} (reason={}, token-carrier={carrier})",
            reason.as_str()
        )
    }
}

fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(MAX_MESSAGE)
        .collect()
}

/// Why a token could not be verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VerifyError {
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The signing keys could not be requested; the token itself may be valid.
    #[error("{0}")]
    Unexpected(String),
}
