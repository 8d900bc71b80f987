//! [`ClerkOptions`]: how clerk-js behaves in this app.

// In the browser half of a server-rendered app they are dropped at once: the server renders them into the page.
#[cfg_attr(
    all(feature = "hydrate", not(feature = "csr")),
    path = "clerk_options/dropped.rs"
)]
#[cfg_attr(
    not(all(feature = "hydrate", not(feature = "csr"))),
    path = "clerk_options/kept.rs"
)]
mod values;

use values::Values;

/// How clerk-js behaves in this app: [the options of `Clerk.load`](https://clerk.com/docs/reference/javascript/clerk#clerkoptions),
/// which are the props of `<ClerkProvider>` in `@clerk/react`, by the same names in snake case.
///
/// What a deployment decides is set on the server instead, in `axum_clerk::Options` or its environment variables, and wins over
/// what is set here: URLs of the sign-in, sign-up and waitlist pages, redirects after signing in, the origins that are
/// allowed for redirects, satellite domains, the support address and telemetry. What has no method here goes into the
/// provider's `raw`.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ClerkOptions, ClerkProvider, SessionTask};
///
/// #[component]
/// fn App() -> impl IntoView {
///     let options = ClerkOptions::new()
///         .task_url(SessionTask::ChooseOrganization, "/choose-organization")
///         .after_multi_session_single_sign_out_url("/accounts")
///         .touch_session(false);
///     view! { <ClerkProvider options>"…"</ClerkProvider> }
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct ClerkOptions(pub(crate) Values);

/// What a user has to do before their session becomes active.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionTask {
    /// Choose or create an organization.
    ChooseOrganization,
    /// Set a new password.
    ResetPassword,
    /// Set up a second factor.
    SetupMfa,
}

impl SessionTask {
    /// The name in clerk-js, such as `choose-organization`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::ChooseOrganization => "choose-organization",
            Self::ResetPassword => "reset-password",
            Self::SetupMfa => "setup-mfa",
        }
    }
}

impl ClerkOptions {
    /// The defaults of clerk-js.
    pub fn new() -> Self {
        Self::default()
    }

    /// Where signing out leads if other accounts stay signed in. Default: the `after_sign_out_url`.
    pub fn after_multi_session_single_sign_out_url(self, url: impl Into<String>) -> Self {
        self.text("afterMultiSessionSingleSignOutUrl", url)
    }

    /// Where subscribing to a plan leads. Default: the page stays.
    pub fn new_subscription_redirect_url(self, url: impl Into<String>) -> Self {
        self.text("newSubscriptionRedirectUrl", url)
    }

    /// Where signing in leads, whatever the URL says.
    pub fn sign_in_force_redirect_url(self, url: impl Into<String>) -> Self {
        self.text("signInForceRedirectUrl", url)
    }

    /// Where signing up leads, whatever the URL says.
    pub fn sign_up_force_redirect_url(self, url: impl Into<String>) -> Self {
        self.text("signUpForceRedirectUrl", url)
    }

    /// The page of the waitlist.
    pub fn waitlist_url(self, url: impl Into<String>) -> Self {
        self.text("waitlistUrl", url)
    }

    /// The page on which users do a task. Default: the sign-in page.
    pub fn task_url(mut self, task: SessionTask, url: impl Into<String>) -> Self {
        self.0.insert_into("taskUrls", task.key(), url);
        self
    }

    /// Another origin that clerk-js may go to after signing in or up. A `*` stands for any part of a host.
    pub fn allowed_redirect_origin(mut self, origin: impl Into<String>) -> Self {
        self.0.push("allowedRedirectOrigins", origin);
        self
    }

    /// Another scheme with its colon, such as `my-app:`, that clerk-js may go to.
    pub fn allowed_redirect_protocol(mut self, protocol: impl Into<String>) -> Self {
        self.0.push("allowedRedirectProtocols", protocol);
        self
    }

    /// The address that Clerk's components name for help. Default: the one set in the Dashboard.
    pub fn support_email(self, address: impl Into<String>) -> Self {
        self.text("supportEmail", address)
    }

    /// Whether clerk-js reports that the session is in use when the page gets the focus. Default: true.
    pub fn touch_session(self, is_touched: bool) -> Self {
        self.flag("touchSession", is_touched)
    }

    /// Whether clerk-js keeps the session token fresh. Default: true.
    pub fn polling(self, is_polling: bool) -> Self {
        self.flag("polling", is_polling)
    }

    /// Whether clerk-js reports usage to Clerk. Default: true, but for the local Clerk.
    pub fn telemetry(self, is_reported: bool) -> Self {
        match is_reported {
            true => self,
            false => self.flag("telemetry", false),
        }
    }

    fn text(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.0.set_text(name, text);
        self
    }

    fn flag(mut self, name: &'static str, flag: bool) -> Self {
        self.0.set_flag(name, flag);
        self
    }
}
