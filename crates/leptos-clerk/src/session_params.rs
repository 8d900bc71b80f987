//! Parameters of the calls of the store.

use leptos::prelude::Callback;

use crate::params::params;

params! {
    /// Which token [`Clerk::get_token`](crate::Clerk::get_token) gets.
    ///
    /// ```
    /// use leptos_clerk::GetTokenOptions;
    ///
    /// let options = GetTokenOptions::new().template("database").skip_cache(true);
    /// ```
    GetTokenOptions
}

impl GetTokenOptions {
    /// The name of a [JWT template](https://clerk.com/docs/guides/sessions/jwt-templates), instead of the session token.
    pub fn template(mut self, name: impl Into<String>) -> Self {
        self.0.text("template", Some(name.into()));
        self
    }

    /// The organization that the token is for, instead of the active one.
    pub fn organization_id(mut self, id: impl Into<String>) -> Self {
        self.0.text("organizationId", Some(id.into()));
        self
    }

    /// How many seconds the token must be valid for, at least.
    pub fn leeway_in_seconds(mut self, seconds: u32) -> Self {
        self.0.number("leewayInSeconds", Some(seconds));
        self
    }

    /// Whether to fetch a new token although the last one is still valid.
    pub fn skip_cache(mut self, skip_cache: bool) -> Self {
        self.0.flag("skipCache", Some(skip_cache));
        self
    }
}

params! {
    /// What [`Clerk::set_active`](crate::Clerk::set_active) switches to. What is not set stays as it is.
    ///
    /// ```
    /// use leptos_clerk::SetActiveParams;
    ///
    /// let params = SetActiveParams::new().organization("acme").redirect_url("/team");
    /// ```
    SetActiveParams
}

impl SetActiveParams {
    /// The ID of a session of this browser.
    pub fn session(mut self, id: impl Into<String>) -> Self {
        self.0.text("session", Some(id.into()));
        self
    }

    /// The ID or the slug of an organization.
    pub fn organization(mut self, id: impl Into<String>) -> Self {
        self.0.text("organization", Some(id.into()));
        self
    }

    /// No organization: the visitor's personal account.
    pub fn personal_account(self) -> Self {
        self.raw(r#"{"organization":null}"#)
    }

    /// Where to go afterwards.
    pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
        self.0.text("redirectUrl", Some(url.into()));
        self
    }
}

params! {
    /// Where a visitor goes who has followed a link in an e-mail, for
    /// [`Clerk::handle_email_link_verification`](crate::Clerk::handle_email_link_verification).
    ///
    /// ```
    /// use leptos_clerk::HandleEmailLinkVerificationParams;
    ///
    /// let params = HandleEmailLinkVerificationParams::new().redirect_url("/sign-in").redirect_url_complete("/");
    /// ```
    HandleEmailLinkVerificationParams
}

impl HandleEmailLinkVerificationParams {
    /// Where to go if the link has completed the sign-in or sign-up.
    pub fn redirect_url_complete(mut self, url: impl Into<String>) -> Self {
        self.0.text("redirectUrlComplete", Some(url.into()));
        self
    }

    /// Where to go if something else is missing, such as a second factor.
    pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
        self.0.text("redirectUrl", Some(url.into()));
        self
    }

    /// What to do if the link was opened in another browser than the one that asked for it, in which the visitor goes on.
    pub fn on_verified_on_other_device(mut self, run: impl Fn() + Send + Sync + 'static) -> Self {
        let run = Callback::new(move |()| run());
        self.0.callback("onVerifiedOnOtherDevice", Some(run));
        self
    }
}
