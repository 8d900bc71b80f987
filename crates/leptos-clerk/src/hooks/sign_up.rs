//! `use_sign_up`.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    live::live,
    read::{present, required, text, texts},
    verification_params::{AuthenticateWithRedirectParams, FactorParams},
};
use crate::{
    clerk_api_error::ClerkApiError,
    clerk_js::{Argument, Path, invoke, invoke_and_read},
    json::Json,
    params::params,
    store::use_clerk,
};

const SIGN_UP: Path = &["client", "signUp"];

/// How far a sign-up has come.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SignUpAttempt {
    /// The ID, `sua_…`.
    pub id: String,
    /// `missing_requirements`, `complete` or `abandoned`.
    pub status: String,
    /// The fields that are missing, such as `password`.
    pub missing_fields: Vec<String>,
    /// The fields that are to be verified, such as `email_address`.
    pub unverified_fields: Vec<String>,
    /// The e-mail address.
    pub email_address: Option<String>,
    /// The session, once it is complete. Make it the active one with [`Clerk::set_active`](crate::Clerk::set_active).
    pub created_session_id: Option<String>,
    /// The user, once it is complete.
    pub created_user_id: Option<String>,
    /// All data of the resource, as clerk-js names them.
    pub raw: Value,
}

impl SignUpAttempt {
    fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            status: required(value, "status"),
            missing_fields: texts(value, "missingFields"),
            unverified_fields: texts(value, "unverifiedFields"),
            email_address: text(value, "emailAddress"),
            created_session_id: text(value, "createdSessionId"),
            created_user_id: text(value, "createdUserId"),
            raw: value.clone(),
        }
    }
}

params! {
    /// What a sign-up [starts](UseSignUp::create) with, or is [updated](UseSignUp::update) by.
    ///
    /// ```
    /// use leptos_clerk::SignUpParams;
    ///
    /// let params = SignUpParams::new().email_address("ada@example.com").password("analytical-engine");
    /// ```
    SignUpParams
}

impl SignUpParams {
    /// The e-mail address.
    pub fn email_address(mut self, email_address: impl Into<String>) -> Self {
        self.0.text("emailAddress", Some(email_address.into()));
        self
    }

    /// The phone number.
    pub fn phone_number(mut self, phone_number: impl Into<String>) -> Self {
        self.0.text("phoneNumber", Some(phone_number.into()));
        self
    }

    /// The username.
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.0.text("username", Some(username.into()));
        self
    }

    /// The password.
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.0.text("password", Some(password.into()));
        self
    }

    /// The first name.
    pub fn first_name(mut self, name: impl Into<String>) -> Self {
        self.0.text("firstName", Some(name.into()));
        self
    }

    /// The last name.
    pub fn last_name(mut self, name: impl Into<String>) -> Self {
        self.0.text("lastName", Some(name.into()));
        self
    }

    /// Whether the visitor has accepted the terms.
    pub fn legal_accepted(mut self, accepted: bool) -> Self {
        self.0.flag("legalAccepted", Some(accepted));
        self
    }

    /// The strategy, such as `ticket`.
    pub fn strategy(mut self, strategy: impl Into<String>) -> Self {
        self.0.text("strategy", Some(strategy.into()));
        self
    }

    /// The token of an invitation, for the strategy `ticket`.
    pub fn ticket(mut self, ticket: impl Into<String>) -> Self {
        self.0.text("ticket", Some(ticket.into()));
        self
    }

    /// Whether to continue a sign-in through a social connection that has no account yet.
    pub fn transfer(mut self, transfer: bool) -> Self {
        self.0.flag("transfer", Some(transfer));
        self
    }
}

/// A sign-up with forms of one's own, see [`use_sign_up`]. Copy it freely.
#[derive(Clone, Copy, Debug)]
pub struct UseSignUp {
    attempt: Signal<Option<SignUpAttempt>>,
}

/// A sign-up with forms of one's own, instead of [`SignUp`](fn@crate::SignUp): Clerk's
/// [custom flows](https://clerk.com/docs/guides/development/custom-flows/overview). Where the instance protects itself from bots, the
/// form has an element with the ID `clerk-captcha`.
///
/// On the server there is no sign-up, and calls fail with `clerk_not_loaded`.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ClerkApiError, FactorParams, SetActiveParams, SignUpParams, use_clerk, use_sign_up};
///
/// #[component]
/// fn SignUpForm() -> impl IntoView {
///     let clerk = use_clerk();
///     let sign_up = use_sign_up();
///     let start = Action::new(move |email: &String| {
///         let created = sign_up.create(SignUpParams::new().email_address(email));
///         async move {
///             created.await?;
///             sign_up.prepare_verification(FactorParams::new().strategy("email_code")).await
///         }
///     });
///     let verify = Action::new(move |code: &String| {
///         let params = FactorParams::new().strategy("email_code").code(code);
///         async move {
///             if let Some(session) = sign_up.attempt_verification(params).await?.created_session_id {
///                 clerk.set_active(SetActiveParams::new().session(session)).await?;
///             }
///             Ok::<_, ClerkApiError>(())
///         }
///     });
///     view! {
///         <button on:click=move |_| { start.dispatch("ada@example.com".to_owned()); }>"Send a code"</button>
///         <button on:click=move |_| { verify.dispatch("424242".to_owned()); }>"Verify"</button>
///         <div id="clerk-captcha"></div>
///         {move || sign_up.attempt().map(|attempt| attempt.unverified_fields.join(", "))}
///     }
/// }
/// ```
#[must_use]
pub fn use_sign_up() -> UseSignUp {
    let attempt = live(use_clerk(), SIGN_UP, None, |value| {
        present(value, SignUpAttempt::from_json)
    });
    UseSignUp { attempt }
}

impl UseSignUp {
    /// The sign-up that was started, also before the page was loaded again. Reactive.
    #[must_use]
    pub fn attempt(self) -> Option<SignUpAttempt> {
        self.attempt.get()
    }

    /// Starts a sign-up.
    ///
    /// # Errors
    ///
    /// The account exists already (`form_identifier_exists`), or the instance refuses a value.
    pub fn create(
        self,
        params: SignUpParams,
    ) -> impl Future<Output = Result<SignUpAttempt, ClerkApiError>> + Send + use<> {
        step("create", params.into())
    }

    /// Adds what was missing.
    ///
    /// # Errors
    ///
    /// The instance refuses a value.
    pub fn update(
        self,
        params: SignUpParams,
    ) -> impl Future<Output = Result<SignUpAttempt, ClerkApiError>> + Send + use<> {
        step("update", params.into())
    }

    /// Prepares the verification of a field, such as by sending a code.
    ///
    /// # Errors
    ///
    /// There is no such field, or it was prepared too often.
    pub fn prepare_verification(
        self,
        params: FactorParams,
    ) -> impl Future<Output = Result<SignUpAttempt, ClerkApiError>> + Send + use<> {
        step("prepareVerification", params.into())
    }

    /// Attempts the verification with what the visitor has entered.
    ///
    /// # Errors
    ///
    /// The code is wrong (`form_code_incorrect`).
    pub fn attempt_verification(
        self,
        params: FactorParams,
    ) -> impl Future<Output = Result<SignUpAttempt, ClerkApiError>> + Send + use<> {
        step("attemptVerification", params.into())
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
        invoke_and_read(SIGN_UP, "authenticateWithRedirect", params.into(), |_| ())
    }

    /// Calls any method of clerk-js's `SignUp` that takes one argument. Returns what it resolves to.
    ///
    /// # Errors
    ///
    /// What clerk-js refuses, or that it has no such method.
    pub fn call<J: Into<Json>>(
        self,
        method: &str,
        argument: J,
    ) -> impl Future<Output = Result<Value, ClerkApiError>> + Send + use<J> {
        invoke(SIGN_UP, method, argument.into().into())
    }
}

fn step(
    method: &'static str,
    argument: Argument,
) -> impl Future<Output = Result<SignUpAttempt, ClerkApiError>> + Send + use<> {
    invoke_and_read(SIGN_UP, method, argument, SignUpAttempt::from_json)
}
