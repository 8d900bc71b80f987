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
    /// The URL of `clerk.browser.js`.
    pub clerk_js_url: String,
    /// The URL of `ui.browser.js`.
    pub clerk_ui_url: String,
    /// Whether clerk-js must not report usage to Clerk.
    pub telemetry_disabled: bool,
    /// Whether the instance is the local Clerk.
    pub local: bool,
}
