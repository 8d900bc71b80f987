use super::form::form_button;
use crate::Json;

form_button! {
    /// A link to the sign-up page, which can open the form in a dialog instead. Works without scripts.
    ///
    /// The link carries the visitor's current path and query, as that of [`SignInButton`](crate::SignInButton) does.
    SignUpButton(SignUpButtonProps) to SignUp by "openSignUp", "Sign up";
    /// Where to go after signing up, whatever else is asked for.
    force_redirect_url: "sign_up_force_redirect_url", "forceRedirectUrl";
    /// Where to go after signing up if nothing else is asked for.
    fallback_redirect_url: "sign_up_fallback_redirect_url", "fallbackRedirectUrl";
    /// Where to go after signing in instead, whatever else is asked for.
    sign_in_force_redirect_url: "sign_in_force_redirect_url", "signInForceRedirectUrl";
    /// Where to go after signing in instead if nothing else is asked for.
    sign_in_fallback_redirect_url: "sign_in_fallback_redirect_url", "signInFallbackRedirectUrl";
}

impl SignUpButtonProps {
    /// Metadata of a user who signs up in the dialog.
    pub fn unsafe_metadata(mut self, json: impl Into<Json>) -> Self {
        self.0.dialog.json("unsafeMetadata", json.into());
        self
    }
}
