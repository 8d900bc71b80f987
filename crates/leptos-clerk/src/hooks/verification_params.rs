//! What sign-in and sign-up have in common.

use serde_json::Value;

use super::read::{flag, required, text};
use crate::params::params;

/// A way in which the visitor can be verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Factor {
    /// The strategy, such as `password` or `email_code`.
    pub strategy: String,
    /// The ID of the e-mail address, for a strategy that has one.
    pub email_address_id: Option<String>,
    /// The ID of the phone number, for a strategy that has one.
    pub phone_number_id: Option<String>,
    /// The address or number with most of it hidden, to show.
    pub safe_identifier: Option<String>,
    /// Whether it is the primary one of its strategy.
    pub primary: bool,
}

impl Factor {
    pub(super) fn from_json(value: &Value) -> Self {
        Self {
            strategy: required(value, "strategy"),
            email_address_id: text(value, "emailAddressId"),
            phone_number_id: text(value, "phoneNumberId"),
            safe_identifier: text(value, "safeIdentifier"),
            primary: flag(value, "primary"),
        }
    }
}

params! {
    /// Which verification to prepare, such as by sending a code, or to attempt.
    ///
    /// ```
    /// use leptos_clerk::FactorParams;
    ///
    /// let prepare = FactorParams::new().strategy("email_code").email_address_id("idn_1");
    /// let attempt = FactorParams::new().strategy("email_code").code("424242");
    /// ```
    FactorParams
}

impl FactorParams {
    /// The strategy, such as `email_code`.
    pub fn strategy(mut self, strategy: impl Into<String>) -> Self {
        self.0.text("strategy", Some(strategy.into()));
        self
    }

    /// The ID of the e-mail address that a code or link is sent to.
    pub fn email_address_id(mut self, id: impl Into<String>) -> Self {
        self.0.text("emailAddressId", Some(id.into()));
        self
    }

    /// The ID of the phone number that a code is sent to.
    pub fn phone_number_id(mut self, id: impl Into<String>) -> Self {
        self.0.text("phoneNumberId", Some(id.into()));
        self
    }

    /// The code that the visitor has entered.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.0.text("code", Some(code.into()));
        self
    }

    /// The password that the visitor has entered.
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.0.text("password", Some(password.into()));
        self
    }
}

impl From<&Factor> for FactorParams {
    /// Prepares the factor.
    fn from(factor: &Factor) -> Self {
        let mut params = Self::new().strategy(&factor.strategy);
        params.0.text("emailAddressId", factor.email_address_id.clone());
        params.0.text("phoneNumberId", factor.phone_number_id.clone());
        params
    }
}

params! {
    /// A social or enterprise connection to go to. Where the visitor comes back to, place
    /// [`AuthenticateWithRedirectCallback`](fn@crate::AuthenticateWithRedirectCallback).
    ///
    /// ```
    /// use leptos_clerk::AuthenticateWithRedirectParams;
    ///
    /// let params = AuthenticateWithRedirectParams::new()
    ///     .strategy("oauth_google")
    ///     .redirect_url("/sso-callback")
    ///     .redirect_url_complete("/");
    /// ```
    AuthenticateWithRedirectParams
}

impl AuthenticateWithRedirectParams {
    /// The strategy, such as `oauth_google`.
    pub fn strategy(mut self, strategy: impl Into<String>) -> Self {
        self.0.text("strategy", Some(strategy.into()));
        self
    }

    /// The path of the page that completes the connection.
    pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
        self.0.text("redirectUrl", Some(url.into()));
        self
    }

    /// Where to go once the visitor is signed in.
    pub fn redirect_url_complete(mut self, url: impl Into<String>) -> Self {
        self.0.text("redirectUrlComplete", Some(url.into()));
        self
    }
}
