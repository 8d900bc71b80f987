use serde::{Deserialize, Serialize};

/// What the browser needs to know to load clerk-js. Holds nothing secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientOptions {
    pub publishable_key: String,
    /// Absolute URL or path of the Frontend API proxy.
    pub proxy_url: Option<String>,
    /// The satellite's own domain, without a scheme.
    pub domain: Option<String>,
    pub is_satellite: bool,
    pub sign_in_url: String,
    pub sign_up_url: String,
    pub sign_in_fallback_redirect_url: String,
    pub sign_up_fallback_redirect_url: String,
    /// Address of `clerk.browser.js`.
    pub clerk_js_url: String,
    /// Address of `ui.browser.js`.
    pub clerk_ui_url: String,
    pub telemetry_disabled: bool,
    /// Whether the instance is the local Clerk.
    pub local: bool,
}
