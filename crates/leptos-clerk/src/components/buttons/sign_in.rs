use super::form::form_button;

form_button! {
    /// A link to the sign-in page, which can open the form in a dialog instead. Works without scripts.
    ///
    /// The link carries the visitor's current path and query, to return there after signing in. On the pages of the forms,
    /// it carries on what they were told.
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use leptos_clerk::{ButtonMode, SignInButton};
    ///
    /// #[component]
    /// fn Buttons() -> impl IntoView {
    ///     view! {
    ///         <SignInButton class="button">"Sign in"</SignInButton>
    ///         <SignInButton mode=ButtonMode::Modal force_redirect_url="/welcome">"Sign in here"</SignInButton>
    ///     }
    /// }
    /// ```
    SignInButton(SignInButtonProps) to SignIn by "openSignIn", "Sign in";
    /// Where to go after signing in, whatever else is asked for.
    force_redirect_url: "sign_in_force_redirect_url", "forceRedirectUrl";
    /// Where to go after signing in if nothing else is asked for.
    fallback_redirect_url: "sign_in_fallback_redirect_url", "fallbackRedirectUrl";
    /// Where to go after signing up instead, whatever else is asked for.
    sign_up_force_redirect_url: "sign_up_force_redirect_url", "signUpForceRedirectUrl";
    /// Where to go after signing up instead if nothing else is asked for.
    sign_up_fallback_redirect_url: "sign_up_fallback_redirect_url", "signUpFallbackRedirectUrl";
}

impl SignInButtonProps {
    /// Whether the dialog signs up those who have no account yet.
    pub fn with_sign_up(mut self, with_sign_up: bool) -> Self {
        self.0.dialog.flag("withSignUp", Some(with_sign_up));
        self
    }
}
