//! The errors that Clerk documents, with their codes and messages.

use super::{ApiError, ErrorKind};

impl ApiError {
    pub(crate) fn missing(param: &str) -> Self {
        Self::form("form_param_missing", param, "is missing")
            .with_long_message(format!("{param} must be included."))
    }

    pub(crate) fn invalid(param: &str, message: impl Into<String>) -> Self {
        Self::form("form_param_format_invalid", param, "is invalid").with_long_message(message)
    }

    pub(crate) fn value_invalid(param: &str, message: impl Into<String>) -> Self {
        Self::form("form_param_value_invalid", param, "is invalid").with_long_message(message)
    }

    pub(crate) fn type_invalid(param: &str, kind: &str) -> Self {
        Self::form("form_param_type_invalid", param, "is invalid")
            .with_long_message(format!("`{param}` must be a `{kind}`."))
    }

    pub(crate) fn time_invalid(param: &str) -> Self {
        Self::form("form_param_invalid_time", param, "invalid format").with_long_message(format!(
            "{param} must contain a datetime specified in RFC3339 format (e.g. `2022-10-20T10:00:27.645Z`)."
        ))
    }

    pub(crate) fn unknown_param(param: &str) -> Self {
        Self::form("form_param_unknown", param, "is unknown")
            .with_long_message(format!("{param} is not a valid parameter for this request."))
    }

    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        Self::new(ErrorKind::NotFound, "resource_not_found", "Resource not found")
            .with_long_message(format!("No {what} was found with id {id}"))
    }

    pub(crate) fn unknown_path() -> Self {
        Self::new(ErrorKind::NotFound, "resource_not_found", "Resource not found")
            .with_long_message("The local Clerk has no such endpoint.")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            ErrorKind::MethodNotAllowed,
            "method_not_allowed",
            "Method not allowed",
        )
        .with_long_message("The local Clerk has this endpoint, but not for this method.")
    }

    pub(crate) fn malformed_body(message: impl Into<String>) -> Self {
        Self::bad_request("request_body_invalid", "Request body invalid").with_long_message(message)
    }

    pub(crate) fn body_too_large() -> Self {
        Self::new(
            ErrorKind::PayloadTooLarge,
            "request_body_too_large",
            "Request body too large",
        )
    }

    pub(crate) fn too_many_requests() -> Self {
        Self::new(
            ErrorKind::TooManyRequests,
            "too_many_requests",
            "Too many requests",
        )
        .with_long_message("Too many requests, retry later")
    }

    /// The dev browser is unknown. clerk-js creates a new one and retries.
    pub(crate) fn dev_browser_unauthenticated() -> Self {
        Self::new(
            ErrorKind::Unauthorized,
            "dev_browser_unauthenticated",
            "Browser unauthenticated",
        )
        .with_long_message("Unable to authenticate this browser for your development instance.")
    }

    /// There is no such session, or it has ended. clerk-js reloads its client.
    pub(crate) fn authentication_invalid() -> Self {
        Self::new(
            ErrorKind::Unauthorized,
            "authentication_invalid",
            "Invalid authentication",
        )
        .with_long_message("Unable to authenticate the request, you need to supply an active session")
    }

    pub(crate) fn authorization_invalid() -> Self {
        Self::new(
            ErrorKind::Forbidden,
            "authorization_invalid",
            "Unauthorized request",
        )
        .with_long_message("You are not authorized to perform this request")
    }

    pub(crate) fn secret_key_invalid() -> Self {
        Self::new(ErrorKind::Unauthorized, "clerk_key_invalid", "The provided Clerk Secret Key is invalid.")
            .with_long_message("The provided Clerk Secret Key is invalid. The local Clerk generates its own at the first start: use that one.")
    }

    pub(crate) fn session_exists() -> Self {
        Self::bad_request("session_exists", "Session already exists")
            .with_long_message("You're already signed in.")
    }

    pub(crate) fn identifier_not_found() -> Self {
        Self::form("form_identifier_not_found", "identifier", "is invalid")
            .with_long_message("Couldn't find your account.")
    }

    pub(crate) fn identifier_exists(param: &str) -> Self {
        Self::form("form_identifier_exists", param, "already exists").with_long_message(format!(
            "That {} is taken. Please try another.",
            param.replace('_', " ")
        ))
    }

    pub(crate) fn last_identification() -> Self {
        Self::bad_request(
            "last_identification_deletion_failed",
            "You cannot delete your last identification.",
        )
    }

    pub(crate) fn password_incorrect(param: &str) -> Self {
        Self::form("form_password_incorrect", param, "is incorrect")
            .with_long_message("Password is incorrect. Try again, or use another method.")
    }

    pub(crate) fn code_incorrect() -> Self {
        Self::form("form_code_incorrect", "code", "is incorrect").with_long_message("Incorrect code")
    }

    /// The ID token of a provider is none, or has expired.
    pub(crate) fn id_token_invalid(is_google_one_tap: bool) -> Self {
        let advice = "It must be a JWT with the claim sub that has not expired.";
        if is_google_one_tap {
            return Self::bad_request("google_one_tap_token_invalid", "Google One Tap token is invalid")
                .with_long_message(format!("The provided Google One Tap token is invalid. {advice}"));
        }
        Self::value_invalid("token", format!("token is not an ID token. {advice}"))
    }

    /// The redirect URL of a native app is not on the list.
    pub(crate) fn redirect_url_mismatch(url: &str) -> Self {
        // Clerk writes it so.
        Self::bad_request("resource_missmatch", "Redirect url mismatch").with_long_message(format!(
            "The redirect URL {url} is not authorized for this instance. Add it by POST /v1/redirect_urls of the Backend API."
        ))
    }

    /// A sign-in has verified a contact that belongs to no user: a sign-up has to take it over.
    pub(crate) fn sign_up_if_missing_transfer() -> Self {
        let message = "There is no account yet: create a sign-up with transfer=true to continue.";
        Self::new(ErrorKind::Unprocessable, "sign_up_if_missing_transfer", message)
    }

    /// A passkey cannot be read; `reason` is a clause.
    pub(crate) fn passkey_invalid(reason: &str) -> Self {
        let code = "passkey_invalid_public_key_credential";
        Self::form(code, "public_key_credential", "is invalid")
            .with_long_message(format!("Invalid passkey public key credential: {reason}."))
    }

    pub(crate) fn passkey_challenge_invalid() -> Self {
        Self::bad_request("passkey_invalid_verification", "invalid verification")
            .with_long_message("Passkey verification contains invalid nonce")
    }

    /// A passkey is refused; `reason` is a clause.
    pub(crate) fn passkey_authentication_failed(reason: &str) -> Self {
        Self::bad_request("passkey_authentication_failure", "authentication failed")
            .with_long_message(format!("Passkey authentication failed: {reason}."))
    }

    pub(crate) fn passkey_not_registered() -> Self {
        Self::new(ErrorKind::NotFound, "passkey_not_registered", "not registered")
            .with_long_message("Passkey is not registered.")
    }

    pub(crate) fn verification_expired() -> Self {
        Self::bad_request("verification_expired", "Expired")
            .with_long_message("This verification has expired. You must create a new one.")
    }

    pub(crate) fn verification_failed() -> Self {
        Self::bad_request("verification_failed", "Too many failed attempts").with_long_message(
            "Too many failed attempts. You have to try again with the same or another method.",
        )
    }

    pub(crate) fn verification_strategy_invalid() -> Self {
        Self::bad_request("verification_strategy_invalid", "has invalid strategy")
            .with_long_message("The strategy is not valid for the current verification.")
    }

    pub(crate) fn verification_missing() -> Self {
        Self::bad_request("verification_missing", "Verification missing")
            .with_long_message("There is no verification in progress: prepare one first.")
    }

    pub(crate) fn verification_already_verified() -> Self {
        Self::bad_request("verification_already_verified", "Already verified")
            .with_long_message("This verification has already been verified.")
    }

    pub(crate) fn strategy_invalid(strategy: &str) -> Self {
        Self::value_invalid(
            "strategy",
            format!("{strategy} does not match one of the allowed values here."),
        )
    }

    /// The strategy does not apply to the user.
    pub(crate) fn strategy_for_user_invalid() -> Self {
        Self::bad_request("strategy_for_user_invalid", "Invalid verification strategy")
            .with_long_message("The verification strategy is not valid for this account")
    }

    pub(crate) fn feature_not_enabled() -> Self {
        Self::new(ErrorKind::Forbidden, "feature_not_enabled", "not enabled")
            .with_long_message("This feature is not enabled on this instance")
    }

    pub(crate) fn organization_not_enabled() -> Self {
        let code = "organization_not_enabled_in_instance";
        Self::new(ErrorKind::Forbidden, code, "access denied")
            .with_long_message("The organizations feature is not enabled for this instance.")
    }

    pub(crate) fn sign_up_mode_restricted() -> Self {
        Self::new(
            ErrorKind::Forbidden,
            "sign_up_mode_restricted",
            "Sign-ups restricted",
        )
        .with_long_message("New sign-ups are currently restricted.")
    }

    pub(crate) fn sign_up_restricted_waitlist() -> Self {
        let message = "Sign-ups are currently unavailable. Join the waitlist, and you will be notified when access becomes available.";
        Self::new(
            ErrorKind::Forbidden,
            "sign_up_restricted_waitlist",
            "Sign-ups restricted with waitlist",
        )
        .with_long_message(message)
    }

    pub(crate) fn duplicate_invitation(email_address: &str) -> Self {
        Self::bad_request("duplicate_record", "duplicate invitation")
            .with_long_message(format!(
                "There are already pending invitations for the following email addresses: {email_address}"
            ))
            .with_meta("email_addresses", vec![email_address])
    }

    pub(crate) fn invitation_already_accepted() -> Self {
        Self::bad_request(
            "invitation_already_accepted",
            "Invitation is already accepted, try signing in instead.",
        )
    }

    pub(crate) fn ticket_invalid() -> Self {
        Self::bad_request("ticket_invalid_code", "ticket is invalid").with_long_message(
            "This ticket is invalid. Make sure you're using a valid ticket generated by Clerk.",
        )
    }

    pub(crate) fn ticket_expired() -> Self {
        Self::bad_request("ticket_expired_code", "ticket has expired")
            .with_long_message("This ticket has expired and cannot be used anymore.")
    }

    pub(crate) fn already_signed_in(session_id: &str) -> Self {
        Self::bad_request("identifier_already_signed_in", "You're already signed in")
            .with_meta("session_id", session_id)
    }

    /// The role of the signed-in user does not grant a permission.
    pub(crate) fn missing_permission(permission: &str) -> Self {
        let code = "missing_organization_permission";
        Self::new(ErrorKind::Forbidden, code, "missing permission")
            .with_long_message("Current user is missing an organization permission.")
            .with_meta("permissions", vec![permission])
    }

    pub(crate) fn system_permission_not_modifiable() -> Self {
        let code = "organization_system_permission_not_modifiable";
        let message = "This organization permission cannot be modified because it is a system permission.";
        Self::new(ErrorKind::Forbidden, code, message)
    }

    pub(crate) fn permission_already_assigned() -> Self {
        let code = "organization_role_permission_association_exists";
        let message = "This organization permission is already associated to this organization role.";
        Self::new(ErrorKind::Conflict, code, message)
    }

    pub(crate) fn permission_not_assigned() -> Self {
        let code = "organization_role_permission_association_not_found";
        let message = "This organization permission is not associated to this organization role.";
        Self::new(ErrorKind::NotFound, code, message)
    }

    /// An instance has as many of something as it may have.
    pub(crate) fn quota_exceeded(code: &'static str, most: usize, what: &str) -> Self {
        let message = format!("You have reached your limit of {most} {what} per instance.");
        Self::new(ErrorKind::Forbidden, code, message)
    }

    pub(crate) fn organization_full() -> Self {
        let message = "The organization has reached its limit of members and invitations.";
        Self::new(
            ErrorKind::Forbidden,
            "organization_membership_quota_exceeded",
            message,
        )
    }

    pub(crate) fn account_locked() -> Self {
        Self::new(ErrorKind::Forbidden, "user_locked", "Account locked")
            .with_long_message("Your account is locked. You will be able to try again later.")
    }

    pub(crate) fn account_banned() -> Self {
        Self::new(ErrorKind::Forbidden, "user_banned", "Account banned")
            .with_long_message("Your account has been banned.")
    }

    pub(crate) fn not_on_this_machine(what: &str) -> Self {
        Self::bad_request("not_supported_by_local_clerk", "Not supported by the local Clerk")
            .with_long_message(format!("The local Clerk, which is not Clerk, has no {what}."))
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            ErrorKind::Internal,
            "internal_clerk_error",
            "Oops, an unexpected error occurred",
        )
        .with_long_message("The local Clerk has failed. Its log contains the cause.")
    }
}
