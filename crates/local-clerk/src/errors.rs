//! Errors in Clerk's shape, with its codes and messages.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{id, store};

/// Why a call failed; nothing of the call is kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{0}")]
    Api(#[from] ApiError),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// An error that the caller is told.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{code}: {long_message}")]
pub(super) struct ApiError {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    message: String,
    long_message: String,
    meta: Map<String, Value>,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            status,
            code,
            long_message: message.clone(),
            message,
            meta: Map::new(),
        }
    }

    pub(super) fn with_meta(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.meta.insert(name.to_owned(), value.into());
        self
    }

    fn with_long_message(mut self, long_message: impl Into<String>) -> Self {
        self.long_message = long_message.into();
        self
    }

    /// A mistake in one field of a form; clerk-js shows it at the field.
    pub(super) fn form(code: &'static str, param: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message).with_meta("param_name", param)
    }

    pub(super) fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(super) fn missing(param: &str) -> Self {
        Self::form("form_param_missing", param, "is missing")
            .with_long_message(format!("{param} must be included."))
    }

    pub(super) fn invalid(param: &str, message: impl Into<String>) -> Self {
        Self::form("form_param_format_invalid", param, "is invalid").with_long_message(message)
    }

    pub(super) fn value_invalid(param: &str, message: impl Into<String>) -> Self {
        Self::form("form_param_value_invalid", param, "is invalid").with_long_message(message)
    }

    pub(super) fn unknown_param(param: &str) -> Self {
        Self::form("form_param_unknown", param, "is unknown")
            .with_long_message(format!("{param} is not a valid parameter for this request."))
    }

    pub(super) fn not_found(what: &str, id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "resource_not_found", "Resource not found")
            .with_long_message(format!("No {what} was found with id {id}"))
    }

    pub(super) fn unknown_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "resource_not_found", "Resource not found")
            .with_long_message("The local Clerk has no such endpoint.")
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "Method not allowed",
        )
        .with_long_message("The local Clerk has this endpoint, but not with this method.")
    }

    pub(super) fn malformed_body(message: impl Into<String>) -> Self {
        Self::bad_request("request_body_invalid", "Request body invalid").with_long_message(message)
    }

    pub(super) fn body_too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "request_body_too_large",
            "Request body too large",
        )
    }

    /// The dev browser is unknown: clerk-js makes a new one and tries again.
    pub(super) fn dev_browser_unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "dev_browser_unauthenticated",
            "Browser unauthenticated",
        )
        .with_long_message("Unable to authenticate this browser for your development instance.")
    }

    /// There is no such session (any more): clerk-js asks for its client anew.
    pub(super) fn authentication_invalid() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "authentication_invalid",
            "Invalid authentication",
        )
        .with_long_message("Unable to authenticate the request, you need to supply an active session")
    }

    pub(super) fn secret_key_invalid() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "clerk_key_invalid", "The provided Clerk Secret Key is invalid.")
            .with_long_message("The provided Clerk Secret Key is invalid. The local Clerk makes its own at its first start: use that one.")
    }

    pub(super) fn session_exists() -> Self {
        Self::bad_request("session_exists", "Session already exists")
            .with_long_message("You're already signed in.")
    }

    pub(super) fn identifier_not_found() -> Self {
        Self::form("form_identifier_not_found", "identifier", "is invalid")
            .with_long_message("Couldn't find your account.")
    }

    pub(super) fn identifier_exists(param: &str) -> Self {
        Self::form("form_identifier_exists", param, "already exists").with_long_message(format!(
            "That {} is taken. Please try another.",
            param.replace('_', " ")
        ))
    }

    pub(super) fn last_identification() -> Self {
        Self::bad_request(
            "last_identification_deletion_failed",
            "You cannot delete your last identification.",
        )
    }

    pub(super) fn password_incorrect(param: &str) -> Self {
        Self::form("form_password_incorrect", param, "is incorrect")
            .with_long_message("Password is incorrect. Try again, or use another method.")
    }

    pub(super) fn code_incorrect() -> Self {
        Self::form("form_code_incorrect", "code", "is incorrect").with_long_message("Incorrect code")
    }

    pub(super) fn verification_expired() -> Self {
        Self::bad_request("verification_expired", "Expired")
            .with_long_message("This verification has expired. You must create a new one.")
    }

    pub(super) fn verification_failed() -> Self {
        Self::bad_request("verification_failed", "Too many failed attempts").with_long_message(
            "Too many failed attempts. You have to try again with the same or another method.",
        )
    }

    pub(super) fn verification_strategy_invalid() -> Self {
        Self::bad_request("verification_strategy_invalid", "has invalid strategy")
            .with_long_message("The strategy is not valid for the current verification.")
    }

    pub(super) fn verification_missing() -> Self {
        Self::bad_request("verification_missing", "Verification missing")
            .with_long_message("No verification is under way: prepare one first.")
    }

    pub(super) fn verification_already_verified() -> Self {
        Self::bad_request("verification_already_verified", "Already verified")
            .with_long_message("This verification has already been verified.")
    }

    pub(super) fn strategy_invalid(strategy: &str) -> Self {
        Self::value_invalid(
            "strategy",
            format!("{strategy} does not match one of the allowed values here."),
        )
    }

    /// The user has nothing that this strategy could prove.
    pub(super) fn strategy_for_user_invalid() -> Self {
        Self::bad_request("strategy_for_user_invalid", "Invalid verification strategy")
            .with_long_message("The verification strategy is not valid for this account")
    }

    pub(super) fn feature_not_enabled() -> Self {
        Self::new(StatusCode::FORBIDDEN, "feature_not_enabled", "not enabled")
            .with_long_message("This feature is not enabled on this instance")
    }

    pub(super) fn organization_not_enabled() -> Self {
        let code = "organization_not_enabled_in_instance";
        Self::new(StatusCode::FORBIDDEN, code, "access denied")
            .with_long_message("The organizations feature is not enabled for this instance.")
    }

    pub(super) fn sign_up_mode_restricted() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "sign_up_mode_restricted",
            "Sign-ups restricted",
        )
        .with_long_message("New sign-ups are currently restricted.")
    }

    pub(super) fn sign_up_restricted_waitlist() -> Self {
        let why = "Sign-ups are currently unavailable. Join the waitlist, and you will be notified when access becomes available.";
        Self::new(
            StatusCode::FORBIDDEN,
            "sign_up_restricted_waitlist",
            "Sign-ups restricted with waitlist",
        )
        .with_long_message(why)
    }

    pub(super) fn duplicate_invitation(email_address: &str) -> Self {
        Self::bad_request("duplicate_record", "duplicate invitation")
            .with_long_message(format!(
                "There are already pending invitations for the following email addresses: {email_address}"
            ))
            .with_meta("email_addresses", vec![email_address])
    }

    pub(super) fn invitation_already_accepted() -> Self {
        Self::bad_request(
            "invitation_already_accepted",
            "Invitation is already accepted, try signing in instead.",
        )
    }

    pub(super) fn ticket_invalid() -> Self {
        Self::bad_request("ticket_invalid_code", "ticket is invalid").with_long_message(
            "This ticket is invalid. Make sure you're using a valid ticket generated by Clerk.",
        )
    }

    pub(super) fn ticket_expired() -> Self {
        Self::bad_request("ticket_expired_code", "ticket has expired")
            .with_long_message("This ticket has expired and cannot be used anymore.")
    }

    pub(super) fn already_signed_in(session_id: &str) -> Self {
        Self::bad_request("identifier_already_signed_in", "You're already signed in")
            .with_meta("session_id", session_id)
    }

    pub(super) fn organization_full() -> Self {
        let why = "The organization has as many members and invitations as it may have.";
        Self::new(
            StatusCode::FORBIDDEN,
            "organization_membership_quota_exceeded",
            why,
        )
    }

    pub(super) fn account_locked() -> Self {
        Self::new(StatusCode::FORBIDDEN, "user_locked", "Account locked")
            .with_long_message("Your account is locked. You will be able to try again later.")
    }

    pub(super) fn account_banned() -> Self {
        Self::new(StatusCode::FORBIDDEN, "user_banned", "Account banned")
            .with_long_message("Your account has been banned.")
    }

    pub(super) fn not_on_this_machine(what: &str) -> Self {
        Self::bad_request("not_supported_by_local_clerk", "Not supported by the local Clerk")
            .with_long_message(format!("The local Clerk, which is not Clerk, has no {what}."))
    }

    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_clerk_error",
            "Oops, an unexpected error occurred",
        )
        .with_long_message("The local Clerk has failed; its log says why.")
    }

    pub(super) fn long_message(&self) -> &str {
        &self.long_message
    }

    /// The error alone, as verifications carry it.
    pub(super) fn json(&self) -> Value {
        json!({
            "code": self.code,
            "message": self.message,
            "long_message": self.long_message,
            "meta": self.meta,
        })
    }

    pub(super) fn body(&self) -> Value {
        json!({
            "errors": [self.json()],
            "clerk_trace_id": id::alphanumeric::<32>().to_lowercase(),
        })
    }
}
