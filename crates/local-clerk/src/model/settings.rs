//! The settings of the instance: how users sign in and up, and which features are enabled.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::store::Document;

use super::parse_scopes;

/// Lifetimes of session tokens that are accepted, in seconds.
pub(crate) const TOKEN_LIFETIMES: RangeInclusive<u32> = 1..=86_400;

/// `[settings]` of the seed file. A missing field has its default.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) email_address: Use,
    pub(crate) phone_number: Use,
    pub(crate) username: Use,
    pub(crate) password: Use,
    /// Whether e-mail addresses can be verified by links, which Clerk's components prefer to codes.
    pub(crate) email_links: bool,
    pub(crate) passkeys: bool,
    /// Whether the browser offers passkeys in the identifier's field of Clerk's sign-in component.
    pub(crate) passkey_autofill: bool,
    /// Whether that component has a button for passkeys.
    pub(crate) passkey_button: bool,
    /// Whether a sign-in with a passkey needs no second factor.
    pub(crate) passkey_satisfies_second_factor: bool,
    pub(crate) second_factors: Vec<SecondFactor>,
    pub(crate) second_factor_required: bool,
    pub(crate) sign_up_mode: SignUpMode,
    /// Social connections, without the prefix `oauth_` of their strategies.
    pub(crate) social: Vec<String>,
    /// Whether sensitive changes need a verification within the last ten minutes.
    pub(crate) reverification: bool,
    pub(crate) organizations: bool,
    /// Whether users must always act for an organization, without a personal account.
    pub(crate) force_organization_selection: bool,
    pub(crate) organization_domains: bool,
    /// Whether users and organizations manage API keys in Clerk's components.
    pub(crate) api_keys: bool,
    /// Whether OAuth clients may register themselves.
    pub(crate) dynamic_oauth_client_registration: bool,
    /// Whether access tokens of OAuth applications are JWTs instead of opaque ones.
    pub(crate) oauth_jwt_access_tokens: bool,
    /// The scopes of OAuth applications that name none; empty for Clerk's defaults.
    pub(crate) oauth_default_scopes: Vec<String>,
    /// Number of failed sign-in attempts that locks an account for an hour.
    pub(crate) lockout_attempts: u32,
    /// Lifetime of verification codes in seconds.
    pub(crate) code_lifetime: u32,
    /// Whether a browser may be signed in as several users at a time.
    pub(crate) multi_session: bool,
    /// Lifetime of session tokens in seconds.
    pub(crate) token_lifetime: u32,
    /// Whether Clerk delivers the messages of events. If not, the app does.
    pub(crate) delivered_by_clerk: bool,
    /// Additional claims of session tokens, which may contain shortcodes.
    pub(crate) session_token: Map<String, Value>,
}

/// Whether users have an attribute such as a phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Use {
    Off,
    Optional,
    Required,
}

impl Use {
    pub(crate) fn is_on(self) -> bool {
        self != Self::Off
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SecondFactor {
    Totp,
    BackupCode,
    PhoneCode,
}

/// Who may sign up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SignUpMode {
    Public,
    /// Invited users only.
    Restricted,
    /// Invited users only; everybody may join the waitlist for an invitation.
    Waitlist,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            email_address: Use::Required,
            phone_number: Use::Off,
            username: Use::Off,
            password: Use::Required,
            email_links: false,
            passkeys: false,
            passkey_autofill: true,
            passkey_button: true,
            passkey_satisfies_second_factor: true,
            second_factors: vec![SecondFactor::Totp, SecondFactor::BackupCode],
            second_factor_required: false,
            sign_up_mode: SignUpMode::Public,
            social: vec!["custom_local".to_owned()],
            reverification: true,
            organizations: true,
            force_organization_selection: false,
            organization_domains: false,
            api_keys: false,
            dynamic_oauth_client_registration: false,
            oauth_jwt_access_tokens: false,
            oauth_default_scopes: Vec::new(),
            lockout_attempts: 100,
            code_lifetime: 600,
            multi_session: false,
            token_lifetime: 60,
            delivered_by_clerk: true,
            session_token: Map::new(),
        }
    }
}

impl Settings {
    pub(crate) const ID: &str = "settings";

    /// Returns the strategies of the social connections, such as `oauth_google`.
    pub(crate) fn social_strategies(&self) -> impl Iterator<Item = String> {
        self.social.iter().map(|name| format!("oauth_{name}"))
    }

    /// The enabled identifiers.
    pub(crate) fn identifiers(&self) -> Vec<(&'static str, Use)> {
        [
            ("email_address", self.email_address),
            ("phone_number", self.phone_number),
            ("username", self.username),
        ]
        .into_iter()
        .filter(|(_, use_of)| use_of.is_on())
        .collect()
    }

    /// The required and the optional fields of a sign-up.
    pub(crate) fn sign_up_fields(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let names = ["first_name", "last_name"].map(|name| (name, Use::Optional));
        let fields = self
            .identifiers()
            .into_iter()
            .chain([("password", self.password)]);
        let (required, optional): (Vec<_>, Vec<_>) = fields
            .filter(|(_, use_of)| use_of.is_on())
            .chain(names)
            .partition(|(_, use_of)| *use_of == Use::Required);
        let names = |fields: Vec<(&'static str, Use)>| fields.into_iter().map(|(name, _)| name).collect();
        (names(required), names(optional))
    }

    pub(crate) fn offers(&self, factor: SecondFactor) -> bool {
        self.second_factors.contains(&factor)
    }

    pub(crate) fn has_first_factor(&self, strategy: &str) -> bool {
        self.first_factors().iter().any(|known| known == strategy)
    }

    /// The enabled first-factor strategies.
    pub(crate) fn first_factors(&self) -> Vec<String> {
        let [email, phone, password] = [self.email_address, self.phone_number, self.password].map(Use::is_on);
        [
            ("email_code", email),
            ("email_link", email && self.email_links),
            ("phone_code", phone),
            ("password", password),
            ("passkey", self.passkeys),
            ("reset_password_email_code", email && password),
            ("reset_password_phone_code", phone && password),
            ("ticket", true),
        ]
        .into_iter()
        .filter(|(_, is_on)| *is_on)
        .map(|(strategy, _)| strategy.to_owned())
        .chain(self.social_strategies())
        .collect()
    }

    /// The strategies that verify an e-mail address.
    pub(crate) fn email_strategies(&self) -> &'static [&'static str] {
        if self.email_links {
            &["email_code", "email_link"]
        } else {
            &["email_code"]
        }
    }

    /// Cross-field validation.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let is_reached = self.email_address.is_on() || self.phone_number.is_on();
        if !is_reached && !self.username.is_on() && self.social.is_empty() {
            Err("nobody could sign in: enable email_address, phone_number, username or social")
        } else if self.username.is_on() && !is_reached && self.password != Use::Required {
            Err("a username alone needs a password: set password = \"required\"")
        } else if self.offers(SecondFactor::PhoneCode) && !self.phone_number.is_on() {
            Err("the second factor phone_code needs phone_number")
        } else if self.offers(SecondFactor::BackupCode) && self.second_factors.len() == 1 {
            Err("the second factor backup_code needs another second factor that it backs up")
        } else if self.second_factor_required && self.second_factors.is_empty() {
            Err("second_factor_required needs second_factors")
        } else if self.force_organization_selection && !self.organizations {
            Err("force_organization_selection needs organizations")
        } else if self.lockout_attempts == 0 {
            Err("lockout_attempts = 0 would lock every account")
        } else if !TOKEN_LIFETIMES.contains(&self.token_lifetime) {
            Err("token_lifetime must be between 1 and 86400 seconds")
        } else if parse_scopes(&self.oauth_default_scopes.join(" ")).is_err() {
            Err("oauth_default_scopes has a scope that does not exist")
        } else {
            Ok(())
        }
    }

    /// The scopes of an OAuth application that names none; `default` are Clerk's.
    pub(crate) fn default_scopes(&self, default: &[&str]) -> Vec<String> {
        if self.oauth_default_scopes.is_empty() {
            return default.iter().map(|scope| (*scope).to_owned()).collect();
        }
        self.oauth_default_scopes.clone()
    }
}

impl Document for Settings {
    const KIND: &'static str = "settings";
    fn id(&self) -> &str {
        Self::ID
    }
}
