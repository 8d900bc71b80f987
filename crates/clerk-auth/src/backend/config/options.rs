//! The options of a Clerk instance.

use std::{num::NonZeroU32, time::Duration};

use secrecy::SecretString;
use url::Url;

use crate::backend::{revocations::Revocations, webhook::WebhookSecret};

/// The path at which the Frontend API proxy is mounted unless [`Options::proxy_url`] has another one.
pub const PROXY_PATH: &str = "/__clerk";

/// The URL of Clerk's Backend API.
const API_URL: &str = "https://api.clerk.com";

/// Half of what Clerk allows a production instance.
const CALLS_PER_SECOND: NonZeroU32 = NonZeroU32::new(50).unwrap();

/// The options of a Clerk instance. [`Clerk::new`](crate::Clerk::new) validates them.
///
/// Start from [`Options::new`] or [`Options::from_env`] and change what differs:
///
/// ```
/// use clerk_auth::{Clerk, Options};
///
/// let clerk = Clerk::new(Options {
///     authorized_parties: vec!["https://example.com".to_owned()],
///     ..Options::new("pk_test_Y2xlcmsuZXhhbXBsZS5jb20k", "sk_test_example")
/// })?;
/// # assert_eq!(clerk.frontend_api_url(), "https://clerk.example.com");
/// # Ok::<(), clerk_auth::OptionsError>(())
/// ```
///
/// The type is deliberately not `#[non_exhaustive]`, which would forbid this syntax. Fields are added in
/// minor versions; code that ends in `..Options::new(…)` keeps compiling.
#[derive(Clone, Debug)]
pub struct Options {
    /// The publishable key, `pk_test_…` or `pk_live_…`.
    pub publishable_key: String,
    /// The secret key, `sk_test_…` or `sk_live_…`.
    pub secret_key: SecretString,
    /// The instance's public key as PEM. With it, tokens are verified without the network.
    pub jwt_key: Option<String>,
    /// The URL of the Backend API; `https://api.clerk.com` by default.
    pub api_url: Url,
    /// The version in the path of the Backend API; `v1` by default.
    pub api_version: String,
    /// Where browsers reach the Frontend API through this application: an absolute URL, or a path. Its path
    /// is also where the Frontend API proxy is mounted.
    pub proxy_url: Option<String>,
    /// Where the Frontend API proxy forwards requests to; by default derived from the publishable key.
    pub fapi_url: Option<Url>,
    /// A satellite's own domain, without a scheme.
    pub domain: Option<String>,
    /// Whether this application is a satellite, whose sessions live on a primary domain.
    pub is_satellite: bool,
    /// Whether a satellite asks its primary for the session on a visitor's first page.
    pub satellite_auto_sync: bool,
    /// The origins, such as `https://satellite.example`, to which the primary of a development instance sends
    /// visitors back who came from a satellite, with their development browser token in the URL. Loopback
    /// origins such as `http://localhost:3000` are always allowed.
    ///
    /// The name is that of [the option of Clerk's SDKs](https://clerk.com/docs/guides/dashboard/dns-domains/satellite-domains)
    /// by which a primary trusts its satellites.
    pub allowed_redirect_origins: Vec<String>,
    /// The sign-in page: a path, or an absolute URL. By default that of the Account Portal.
    pub sign_in_url: Option<String>,
    /// The sign-up page: a path, or an absolute URL. By default that of the Account Portal.
    pub sign_up_url: Option<String>,
    /// Where to go after signing in unless the URL has a `redirect_url`; `/` by default.
    pub sign_in_fallback_redirect_url: Option<String>,
    /// Where to go after signing up unless the URL has a `redirect_url`; `/` by default.
    pub sign_up_fallback_redirect_url: Option<String>,
    /// Where to go after signing in, whatever the URL says.
    pub sign_in_force_redirect_url: Option<String>,
    /// Where to go after signing up, whatever the URL says.
    pub sign_up_force_redirect_url: Option<String>,
    /// The page of the waitlist, to which the sign-in form links in the sign-up mode "waitlist"; by default that of the
    /// Account Portal.
    pub waitlist_url: Option<String>,
    /// Where Clerk's components say that help is to be had, in place of the address set in the Dashboard.
    pub support_email: Option<String>,
    /// The URL of `clerk.browser.js`; by default served by the Frontend API.
    pub clerk_js_url: Option<String>,
    /// What `clerk.browser.js` must be, as
    /// [Subresource Integrity](https://www.w3.org/TR/SRI/) metadata such as `sha384-…`; see
    /// [`pin_scripts`](Self::pin_scripts). Not for the copy that Clerk serves, which changes with every release.
    pub clerk_js_integrity: Option<String>,
    /// The version of clerk-js requested from the Frontend API; `6` by default.
    pub clerk_js_version: String,
    /// The URL of `ui.browser.js`; by default served by the Frontend API.
    pub clerk_ui_url: Option<String>,
    /// The same for `ui.browser.js`.
    pub clerk_ui_integrity: Option<String>,
    /// The version of Clerk's components requested from the Frontend API; `1` by default.
    pub clerk_ui_version: String,
    /// The signing secret of the webhook endpoint. Without one, every webhook is rejected.
    pub webhook_secret: Option<WebhookSecret>,
    /// Stops clerk-js from reporting usage to Clerk.
    pub telemetry_disabled: bool,
    /// Whether the instance is a local Clerk, which needs none of Clerk's own hosts.
    pub local: bool,
    /// The allowed values of the `aud` claim, for tokens that have one. Empty allows any.
    pub audiences: Vec<String>,
    /// The allowed values of the `azp` claim, such as `https://example.com`. Empty allows any.
    pub authorized_parties: Vec<String>,
    /// Accepts a token without `azp`, such as that of a native client, even if there are
    /// [`authorized_parties`](Self::authorized_parties). `false` by default, as in Clerk's SDKs.
    pub accept_missing_azp: bool,
    /// The allowed values of the `iss` claim. Empty allows any.
    pub issuers: Vec<String>,
    /// Patterns of paths that belong to an organization, such as `/orgs/:slug/(.*)`: the organization named
    /// by `:id` or `:slug` is activated.
    pub organization_patterns: Vec<String>,
    /// Patterns of paths that belong to the personal account, such as `/me/(.*)`: the active organization is
    /// deactivated.
    pub personal_account_patterns: Vec<String>,
    /// Whether the result of a handshake is also read from the URL in a production instance, as by Clerk's SDKs. `false` by
    /// default: Clerk returns it in a cookie there, while anybody can put their own into a link that signs others in.
    pub handshake_in_query: bool,
    /// How many results of handshakes are fetched from the Backend API per second; 50 by default. Anybody can cause these
    /// calls. Further requests are treated as if the Backend API had answered with 429.
    pub handshakes_per_second: NonZeroU32,
    /// The secret key of a machine, `ak_…`, by which machine-to-machine tokens are verified in place of the
    /// [`secret_key`](Self::secret_key).
    pub machine_secret_key: Option<SecretString>,
    /// How many API keys, machine-to-machine tokens and OAuth access tokens are verified by the Backend API per second; 50 by
    /// default. Anybody can cause these calls, if such tokens are accepted. Further requests are treated as if the Backend
    /// API had answered with 429.
    pub machine_tokens_per_second: NonZeroU32,
    /// The tolerated difference between the clocks of Clerk and this server; five seconds by default.
    pub clock_skew: Duration,
    /// The sessions and users whose tokens count as expired before their time. Without it, a session token stays valid
    /// until it expires, as in Clerk's SDKs.
    pub revocations: Option<Revocations>,
}

impl Options {
    /// Creates options with the defaults of Clerk's SDKs: any valid session token of the instance is
    /// accepted.
    #[must_use]
    pub fn new(publishable_key: impl Into<String>, secret_key: impl Into<SecretString>) -> Self {
        Self {
            publishable_key: publishable_key.into(),
            secret_key: secret_key.into(),
            jwt_key: None,
            #[expect(clippy::expect_used, reason = "the URL is a constant")]
            api_url: Url::parse(API_URL).expect("a valid URL"),
            api_version: "v1".to_owned(),
            proxy_url: None,
            fapi_url: None,
            domain: None,
            is_satellite: false,
            satellite_auto_sync: false,
            allowed_redirect_origins: Vec::new(),
            sign_in_url: None,
            sign_up_url: None,
            sign_in_fallback_redirect_url: None,
            sign_up_fallback_redirect_url: None,
            sign_in_force_redirect_url: None,
            sign_up_force_redirect_url: None,
            waitlist_url: None,
            support_email: None,
            clerk_js_url: None,
            clerk_js_integrity: None,
            clerk_js_version: "6".to_owned(),
            clerk_ui_url: None,
            clerk_ui_integrity: None,
            clerk_ui_version: "1".to_owned(),
            webhook_secret: None,
            telemetry_disabled: false,
            local: false,
            audiences: Vec::new(),
            authorized_parties: Vec::new(),
            accept_missing_azp: false,
            issuers: Vec::new(),
            organization_patterns: Vec::new(),
            personal_account_patterns: Vec::new(),
            handshake_in_query: false,
            handshakes_per_second: CALLS_PER_SECOND,
            machine_secret_key: None,
            machine_tokens_per_second: CALLS_PER_SECOND,
            clock_skew: Duration::from_secs(5),
            revocations: None,
        }
    }
}
