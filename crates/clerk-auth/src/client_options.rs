//! [`ClientOptions`]: what the browser needs to load clerk-js.

use serde::{Deserialize, Serialize};

/// What the browser needs to load clerk-js. Contains no secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientOptions {
    /// The publishable key.
    pub publishable_key: String,
    /// The absolute URL or path of the Frontend API proxy.
    pub proxy_url: Option<String>,
    /// The satellite's own domain, without a scheme.
    pub domain: Option<String>,
    /// Whether the application is a satellite.
    pub is_satellite: bool,
    /// The URL or path of the sign-in page.
    pub sign_in_url: String,
    /// The URL or path of the sign-up page.
    pub sign_up_url: String,
    /// Where to go after signing in unless the URL has a `redirect_url`.
    pub sign_in_fallback_redirect_url: String,
    /// Where to go after signing up unless the URL has a `redirect_url`.
    pub sign_up_fallback_redirect_url: String,
    /// Where to go after signing in, whatever the URL says. As the further options that are not serialized, only the
    /// server needs it, which renders what clerk-js is loaded with.
    #[serde(skip)]
    pub sign_in_force_redirect_url: Option<String>,
    /// Where to go after signing up, whatever the URL says.
    #[serde(skip)]
    pub sign_up_force_redirect_url: Option<String>,
    /// The page of the waitlist.
    #[serde(skip)]
    pub waitlist_url: Option<String>,
    /// Where Clerk's components say that help is to be had.
    #[serde(skip)]
    pub support_email: Option<String>,
    /// The other origins that clerk-js may go to after signing in or up. Empty for the default of clerk-js.
    #[serde(skip)]
    pub allowed_redirect_origins: Vec<String>,
    /// Whether a satellite asks its primary for the session on a visitor's first page.
    #[serde(skip)]
    pub satellite_auto_sync: bool,
    /// The URL of `clerk.browser.js`.
    pub clerk_js_url: String,
    /// The Subresource Integrity metadata of `clerk.browser.js`, for the script tag that the server renders.
    #[serde(skip)]
    pub clerk_js_integrity: Option<String>,
    /// The URL of `ui.browser.js`.
    pub clerk_ui_url: String,
    /// The Subresource Integrity metadata of `ui.browser.js`, likewise.
    #[serde(skip)]
    pub clerk_ui_integrity: Option<String>,
    /// Whether clerk-js must not report usage to Clerk.
    pub telemetry_disabled: bool,
    /// Whether the instance is the local Clerk.
    pub local: bool,
}
