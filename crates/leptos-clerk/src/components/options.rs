//! The values of typed props.

use crate::props::Props;

/// How social and enterprise connections sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuthFlow {
    /// In a window where redirects are known to fail, else by a redirect.
    Auto,
    /// The page is left, and Clerk leads back to it.
    Redirect,
    /// A window opens, and the page stays.
    Popup,
}

impl OAuthFlow {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Redirect => "redirect",
            Self::Popup => "popup",
        }
    }
}

/// Where the button of each plan in a [`PricingTable`](crate::PricingTable) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CtaPosition {
    /// Above the features.
    Top,
    /// Below the features.
    Bottom,
}

impl CtaPosition {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Bottom => "bottom",
        }
    }
}

/// How often a plan is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanPeriod {
    /// Every month.
    Month,
    /// Every year.
    Annual,
}

impl PlanPeriod {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Annual => "annual",
        }
    }
}

/// What a sign-in or sign-up form is filled in with. The sign-in form has no names.
///
/// ```
/// use leptos_clerk::InitialValues;
///
/// let values = InitialValues::default().email_address("ada@example.com").first_name("Ada");
/// # let _ = values;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct InitialValues {
    /// By the name in clerk-js and that in a URL.
    pub(crate) values: Vec<(&'static str, &'static str, String)>,
}

impl InitialValues {
    /// The e-mail address.
    pub fn email_address(self, value: impl Into<String>) -> Self {
        self.with("emailAddress", "email_address", value.into())
    }

    /// The phone number, in the [E.164](https://en.wikipedia.org/wiki/E.164) format.
    pub fn phone_number(self, value: impl Into<String>) -> Self {
        self.with("phoneNumber", "phone_number", value.into())
    }

    /// The username.
    pub fn username(self, value: impl Into<String>) -> Self {
        self.with("username", "username", value.into())
    }

    /// The first name.
    pub fn first_name(self, value: impl Into<String>) -> Self {
        self.with("firstName", "first_name", value.into())
    }

    /// The last name.
    pub fn last_name(self, value: impl Into<String>) -> Self {
        self.with("lastName", "last_name", value.into())
    }

    fn with(mut self, name: &'static str, parameter: &'static str, value: String) -> Self {
        self.values.push((name, parameter, value));
        self
    }

    pub(crate) fn set(self, props: &mut Props) {
        let values = self.values.into_iter();
        props.group(
            "initialValues",
            values.map(|(name, _, value)| (name, value)).collect(),
        );
    }
}
