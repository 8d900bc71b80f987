//! `use_sign_in`.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    live::live,
    read::{list, present, required, text},
    verification_params::{AuthenticateWithRedirectParams, Factor, FactorParams},
};
use crate::{
    clerk_api_error::ClerkApiError,
    clerk_js::{Argument, Path, invoke, invoke_and_read},
    json::Json,
    params::params,
    store::use_clerk,
};

const SIGN_IN: Path = &["client", "signIn"];

/// How far a sign-in has come.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SignInAttempt {
    /// The ID, `sia_…`.
    pub id: String,
    /// What is missing, such as `needs_first_factor` or `needs_second_factor`, or `complete`.
    pub status: String,
    /// How the visitor has identified themselves.
    pub identifier: Option<String>,
    /// The first factors that the visitor can choose from.
    pub supported_first_factors: Vec<Factor>,
    /// The second factors that the visitor can choose from.
    pub supported_second_factors: Vec<Factor>,
    /// The session, once it is complete. Make it the active one with [`Clerk::set_active`](crate::Clerk::set_active).
    pub created_session_id: Option<String>,
    /// All data of the resource, as clerk-js names them.
    pub raw: Value,
}

impl SignInAttempt {
    fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            status: required(value, "status"),
            identifier: text(value, "identifier"),
            supported_first_factors: list(value, "supportedFirstFactors", Factor::from_json),
            supported_second_factors: list(value, "supportedSecondFactors", Factor::from_json),
            created_session_id: text(value, "createdSessionId"),
            raw: value.clone(),
        }
    }
}

params! {
    /// What a sign-in [starts](UseSignIn::create) with.
    ///
    /// ```
    /// use leptos_clerk::SignInCreateParams;
    ///
    /// let params = SignInCreateParams::new().identifier("ada@example.com").password("analytical-engine");
    /// ```
    SignInCreateParams
}

impl SignInCreateParams {
    /// The e-mail address, phone number or username.
    pub fn identifier(mut self, identifier: impl Into<String>) -> Self {
        self.0.text("identifier", Some(identifier.into()));
        self
    }

    /// The password, if it was asked for at once.
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.0.text("password", Some(password.into()));
        self
    }

    /// The strategy, such as `email_code`, to prepare it at once, or `ticket`.
    pub fn strategy(mut self, strategy: impl Into<String>) -> Self {
        self.0.text("strategy", Some(strategy.into()));
        self
    }

    /// The token of a link that Clerk's Backend API made, for the strategy `ticket`.
    pub fn ticket(mut self, ticket: impl Into<String>) -> Self {
        self.0.text("ticket", Some(ticket.into()));
        self
    }

    /// Whether to continue a sign-up through a social connection whose account exists already.
    pub fn transfer(mut self, transfer: bool) -> Self {
        self.0.flag("transfer", Some(transfer));
        self
    }
}

/// A sign-in with forms of one's own, see [`use_sign_in`]. Copy it freely.
#[derive(Clone, Copy, Debug)]
pub struct UseSignIn {
    attempt: Signal<Option<SignInAttempt>>,
}

/// A sign-in with forms of one's own, instead of [`SignIn`](fn@crate::SignIn): Clerk's
/// [custom flows](https://clerk.com/docs/guides/development/custom-flows/overview).
///
/// On the server there is no sign-in, and calls fail with `clerk_not_loaded`.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::{ev::SubmitEvent, prelude::*};
/// use leptos_clerk::{ClerkApiError, SetActiveParams, SignInCreateParams, use_clerk, use_sign_in};
///
/// #[component]
/// fn SignInForm() -> impl IntoView {
///     let clerk = use_clerk();
///     let sign_in = use_sign_in();
///     let (email, set_email) = signal(String::new());
///     let (password, set_password) = signal(String::new());
///     let submit = Action::new(move |(): &()| {
///         let params = SignInCreateParams::new().identifier(email.get_untracked()).password(password.get_untracked());
///         let attempt = sign_in.create(params);
///         async move {
///             if let Some(session) = attempt.await?.created_session_id {
///                 clerk.set_active(SetActiveParams::new().session(session).redirect_url("/")).await?;
///             }
///             Ok::<_, ClerkApiError>(())
///         }
///     });
///     let problem = move || submit.value().get().and_then(Result::err);
///     view! {
///         <form on:submit=move |event: SubmitEvent| { event.prevent_default(); submit.dispatch(()); }>
///             <input type="email" name="email" on:input:target=move |event| set_email.set(event.target().value()) />
///             <input type="password" name="password" on:input:target=move |event| set_password.set(event.target().value()) />
///             <button disabled=submit.pending()>"Sign in"</button>
///             <p role="alert">{move || problem().map(|error| error.to_string())}</p>
///         </form>
///     }
/// }
/// ```
#[must_use]
pub fn use_sign_in() -> UseSignIn {
    let attempt = live(use_clerk(), SIGN_IN, None, |value| {
        present(value, SignInAttempt::from_json)
    });
    UseSignIn { attempt }
}

impl UseSignIn {
    /// The sign-in that was started, also before the page was loaded again. Reactive.
    #[must_use]
    pub fn attempt(self) -> Option<SignInAttempt> {
        self.attempt.get()
    }

    /// Starts a sign-in.
    ///
    /// # Errors
    ///
    /// There is no such account, the password is wrong (`form_password_incorrect`), or the instance does not allow it.
    pub fn create(
        self,
        params: SignInCreateParams,
    ) -> impl Future<Output = Result<SignInAttempt, ClerkApiError>> + Send + use<> {
        step("create", params.into())
    }

    /// Prepares a first factor, such as by sending a code.
    ///
    /// # Errors
    ///
    /// The factor is not among those supported, or it was prepared too often.
    pub fn prepare_first_factor(
        self,
        params: FactorParams,
    ) -> impl Future<Output = Result<SignInAttempt, ClerkApiError>> + Send + use<> {
        step("prepareFirstFactor", params.into())
    }

    /// Attempts the first factor with what the visitor has entered.
    ///
    /// # Errors
    ///
    /// The code (`form_code_incorrect`) or password (`form_password_incorrect`) is wrong.
    pub fn attempt_first_factor(
        self,
        params: FactorParams,
    ) -> impl Future<Output = Result<SignInAttempt, ClerkApiError>> + Send + use<> {
        step("attemptFirstFactor", params.into())
    }

    /// Prepares a second factor, such as by sending a code.
    ///
    /// # Errors
    ///
    /// The factor is not among those supported, or it was prepared too often.
    pub fn prepare_second_factor(
        self,
        params: FactorParams,
    ) -> impl Future<Output = Result<SignInAttempt, ClerkApiError>> + Send + use<> {
        step("prepareSecondFactor", params.into())
    }

    /// Attempts the second factor with what the visitor has entered.
    ///
    /// # Errors
    ///
    /// The code is wrong (`form_code_incorrect`).
    pub fn attempt_second_factor(
        self,
        params: FactorParams,
    ) -> impl Future<Output = Result<SignInAttempt, ClerkApiError>> + Send + use<> {
        step("attemptSecondFactor", params.into())
    }

    /// Sets a new password, after a first factor that allows it (`reset_password_email_code`).
    ///
    /// # Errors
    ///
    /// The instance refuses the password.
    pub fn reset_password(
        self,
        params: FactorParams,
    ) -> impl Future<Output = Result<SignInAttempt, ClerkApiError>> + Send + use<> {
        step("resetPassword", params.into())
    }

    /// Leaves the page for a social or enterprise connection.
    ///
    /// # Errors
    ///
    /// The instance has no such connection.
    pub fn authenticate_with_redirect(
        self,
        params: AuthenticateWithRedirectParams,
    ) -> impl Future<Output = Result<(), ClerkApiError>> + Send + use<> {
        invoke_and_read(SIGN_IN, "authenticateWithRedirect", params.into(), |_| ())
    }

    /// Calls any method of clerk-js's `SignIn` that takes one argument, such as `authenticateWithPasskey`. Returns what it resolves
    /// to.
    ///
    /// # Errors
    ///
    /// What clerk-js refuses, or that it has no such method.
    pub fn call<J: Into<Json>>(
        self,
        method: &str,
        argument: J,
    ) -> impl Future<Output = Result<Value, ClerkApiError>> + Send + use<J> {
        invoke(SIGN_IN, method, argument.into().into())
    }
}

fn step(
    method: &'static str,
    argument: Argument,
) -> impl Future<Output = Result<SignInAttempt, ClerkApiError>> + Send + use<> {
    invoke_and_read(SIGN_IN, method, argument, SignInAttempt::from_json)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_factors_of_an_attempt_are_read() {
        let value = json!({
            "id": "sia_1",
            "status": "needs_first_factor",
            "identifier": "ada@example.com",
            "supportedFirstFactors": [
                { "strategy": "email_code", "emailAddressId": "idn_1", "safeIdentifier": "a**@example.com", "primary": true },
                { "strategy": "password" },
            ],
            "supportedSecondFactors": null,
            "createdSessionId": null,
        });
        let attempt = present(&value, SignInAttempt::from_json).unwrap();
        assert_eq!(attempt.status, "needs_first_factor");
        let factors = &attempt.supported_first_factors;
        assert_eq!(factors[0].email_address_id.as_deref(), Some("idn_1"));
        assert!(factors[0].primary && !factors[1].primary);
        assert_eq!(factors[1].strategy, "password");
        assert!(attempt.supported_second_factors.is_empty());
        assert_eq!(attempt.created_session_id, None);
    }

    #[test]
    fn what_was_not_started_is_none() {
        assert_eq!(
            present(&json!({ "status": null }), SignInAttempt::from_json),
            None
        );
    }
}
