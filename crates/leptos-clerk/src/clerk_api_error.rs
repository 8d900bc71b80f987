use std::{error::Error, fmt};

#[cfg(any(feature = "_browser", test))]
use serde_json::Value;

/// An error of clerk-js: what Clerk's Frontend API answered, or what went wrong before it could be asked.
///
/// The codes of the API are listed in [Clerk's reference](https://clerk.com/docs/guides/development/errors/frontend-api). Where clerk-js
/// itself refuses, the code is its own, such as `clerk_offline`, and `unknown` where it has none. A call before clerk-js has loaded, or
/// on the server, fails with `clerk_not_loaded`.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::ClerkApiError;
///
/// #[component]
/// fn Problem(error: ClerkApiError) -> impl IntoView {
///     let text = match &*error.code {
///         "form_password_incorrect" => "This is not your password.".to_owned(),
///         _ => error.to_string(),
///     };
///     view! { <p role="alert">{text}</p> }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClerkApiError {
    /// A stable name for programs, such as `form_password_incorrect`.
    pub code: String,
    /// What is wrong, for developers.
    pub message: String,
    /// What is wrong, for visitors. In English, unless the instance says otherwise.
    pub long_message: Option<String>,
    /// The parameter that is wrong, such as `password`.
    pub parameter: Option<String>,
}

impl ClerkApiError {
    pub(crate) fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            long_message: None,
            parameter: None,
        }
    }

    pub(crate) fn not_loaded() -> Self {
        Self::new("clerk_not_loaded", "clerk-js is not loaded.")
    }

    /// Why a link in an e-mail could not be used, for an error of
    /// [`Clerk::handle_email_link_verification`](crate::Clerk::handle_email_link_verification): `isEmailLinkError` of `@clerk/react`. `None`
    /// for any other error.
    ///
    /// ```
    /// use leptos_clerk::{ClerkApiError, EmailLinkErrorCode};
    ///
    /// fn advice(error: &ClerkApiError) -> String {
    ///     match error.email_link_error_code() {
    ///         Some(EmailLinkErrorCode::Expired) => "This link has expired.".to_owned(),
    ///         Some(EmailLinkErrorCode::ClientMismatch) => "Open the link in the browser you started in.".to_owned(),
    ///         Some(_) => "This link is not valid.".to_owned(),
    ///         None => error.to_string(),
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn email_link_error_code(&self) -> Option<EmailLinkErrorCode> {
        match &*self.code {
            "expired" => Some(EmailLinkErrorCode::Expired),
            "failed" => Some(EmailLinkErrorCode::Failed),
            "client_mismatch" => Some(EmailLinkErrorCode::ClientMismatch),
            _ => None,
        }
    }

    /// Reads the first of the `errors` of a `ClerkAPIResponseError`. `None` if there is none.
    #[cfg(any(feature = "_browser", test))]
    pub(crate) fn from_errors(errors: &Value) -> Option<Self> {
        let error = errors.get(0)?;
        let text = |value: &Value, name| value.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            code: text(error, "code")?,
            message: text(error, "message").unwrap_or_default(),
            long_message: text(error, "longMessage").filter(|text| !text.is_empty()),
            parameter: error.get("meta").and_then(|meta| text(meta, "paramName")),
        })
    }
}

/// Why a link in an e-mail could not be used: `EmailLinkErrorCodeStatus` of `@clerk/react`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EmailLinkErrorCode {
    /// It has expired. Send another one.
    Expired,
    /// It was used before, or it is not valid.
    Failed,
    /// It was opened in another browser than the one that asked for it, which the instance does not allow.
    ClientMismatch,
}

impl fmt::Display for ClerkApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.long_message.as_deref().unwrap_or(&self.message))
    }
}

impl Error for ClerkApiError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_error_of_a_response_is_read() {
        let errors = json!([
            {
                "code": "form_password_incorrect",
                "message": "is incorrect",
                "longMessage": "Password is incorrect.",
                "meta": { "paramName": "password" },
            },
            { "code": "another", "message": "" },
        ]);
        let error = ClerkApiError::from_errors(&errors).unwrap();
        assert_eq!(error.code, "form_password_incorrect");
        assert_eq!(error.message, "is incorrect");
        assert_eq!(error.parameter.as_deref(), Some("password"));
        assert_eq!(error.to_string(), "Password is incorrect.");
    }

    #[test]
    fn an_error_of_an_email_link_has_a_code_of_its_own() {
        let code = |code: &str| ClerkApiError::new(code, "").email_link_error_code();
        assert_eq!(code("expired"), Some(EmailLinkErrorCode::Expired));
        assert_eq!(code("failed"), Some(EmailLinkErrorCode::Failed));
        assert_eq!(code("client_mismatch"), Some(EmailLinkErrorCode::ClientMismatch));
        assert_eq!(code("verification_expired"), None);
    }

    #[test]
    fn what_is_no_list_of_errors_is_none() {
        for errors in [json!(null), json!([]), json!([{}]), json!({ "code": "x" })] {
            assert_eq!(ClerkApiError::from_errors(&errors), None, "{errors}");
        }
    }

    #[test]
    fn an_error_without_a_long_message_shows_the_short_one() {
        let errors = json!([{ "code": "x", "message": "is wrong", "longMessage": "" }]);
        let error = ClerkApiError::from_errors(&errors).unwrap();
        assert_eq!(error.to_string(), "is wrong");
        assert_eq!(error.parameter, None);
    }
}
