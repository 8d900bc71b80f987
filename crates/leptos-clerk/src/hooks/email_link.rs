//! `use_email_link`.

use leptos::prelude::*;
use serde_json::Value;

use super::read::{object, required, text};
use crate::{
    clerk_api_error::ClerkApiError,
    clerk_js::{EmailLinkFlow, Path, start_email_link_flow},
    params::params,
};

/// What a link in an e-mail verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmailLinkResource {
    /// The sign-in that was started with [`use_sign_in`](crate::use_sign_in).
    SignIn,
    /// The sign-up that was started with [`use_sign_up`](crate::use_sign_up).
    SignUp,
    /// The user's e-mail address with this ID, `idn_…`.
    EmailAddress(String),
}

impl EmailLinkResource {
    /// Where it is, and its ID if it is one of a list.
    fn place(&self) -> (Path, Option<&str>) {
        match self {
            Self::SignIn => (&["client", "signIn"], None),
            Self::SignUp => (&["client", "signUp"], None),
            Self::EmailAddress(id) => (&["user", "emailAddresses"], Some(id)),
        }
    }
}

params! {
    /// A link to [send](UseEmailLink::start_email_link_flow).
    ///
    /// ```
    /// use leptos_clerk::EmailLinkParams;
    ///
    /// let params = EmailLinkParams::new().email_address_id("idn_1").redirect_url("https://app.example.com/verify");
    /// ```
    EmailLinkParams
}

impl EmailLinkParams {
    /// The ID of the e-mail address that the link is sent to, for a sign-in. It is in the
    /// [factor](crate::Factor) with the strategy `email_link`.
    pub fn email_address_id(mut self, id: impl Into<String>) -> Self {
        self.0.text("emailAddressId", Some(id.into()));
        self
    }

    /// The URL of the page that the link leads to, with its origin. It calls
    /// [`Clerk::handle_email_link_verification`](crate::Clerk::handle_email_link_verification).
    pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
        self.0.text("redirectUrl", Some(url.into()));
        self
    }
}

/// What came of a link.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EmailLinkVerification {
    /// `verified` or `expired`.
    pub status: String,
    /// The session, if this has completed a sign-in or sign-up. Make it the active one with
    /// [`Clerk::set_active`](crate::Clerk::set_active).
    pub created_session_id: Option<String>,
    /// All data of the sign-in, sign-up or e-mail address, as clerk-js names them.
    pub raw: Value,
}

impl EmailLinkVerification {
    fn from_json(value: &Value) -> Self {
        let of_sign_up = object(value, "verifications").and_then(|all| object(all, "emailAddress"));
        let names = [
            "firstFactorVerification",
            "secondFactorVerification",
            "verification",
        ];
        let mut all = names
            .iter()
            .filter_map(|name| object(value, name))
            .chain(of_sign_up);
        let verification = all.rfind(|one| text(one, "strategy").as_deref() == Some("email_link"));
        Self {
            status: required(verification.unwrap_or(&Value::Null), "status"),
            created_session_id: text(value, "createdSessionId"),
            raw: value.clone(),
        }
    }
}

/// A link in an e-mail, see [`use_email_link`]. Copy it freely.
#[derive(Clone, Copy, Debug)]
pub struct UseEmailLink {
    resource: StoredValue<EmailLinkResource>,
    flow: StoredValue<Option<EmailLinkFlow>>,
}

/// Sends an e-mail with a link, and waits in this page until the link was followed, in whichever browser: Clerk's
/// [custom flow for links](https://clerk.com/docs/guides/development/custom-flows/authentication/email-links). It stops waiting with the
/// component.
///
/// On the server, calls fail with `clerk_not_loaded`.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{
///     ClerkApiError, EmailLinkParams, EmailLinkResource, SetActiveParams, SignInCreateParams, use_clerk, use_email_link, use_sign_in,
/// };
///
/// #[component]
/// fn SignInWithLink() -> impl IntoView {
///     let clerk = use_clerk();
///     let sign_in = use_sign_in();
///     let link = use_email_link(EmailLinkResource::SignIn);
///     let send = Action::new(move |email: &String| {
///         let created = sign_in.create(SignInCreateParams::new().identifier(email));
///         async move {
///             let mut factors = created.await?.supported_first_factors.into_iter();
///             let factor = factors.find(|factor| factor.strategy == "email_link");
///             let Some(address) = factor.and_then(|factor| factor.email_address_id) else { return Ok(false) };
///             let url = location().origin().unwrap_or_default() + "/verify";
///             let params = EmailLinkParams::new().email_address_id(address).redirect_url(url);
///             if let Some(session) = link.start_email_link_flow(params).await?.created_session_id {
///                 clerk.set_active(SetActiveParams::new().session(session).redirect_url("/")).await?;
///             }
///             Ok::<_, ClerkApiError>(true)
///         }
///     });
///     view! {
///         <button on:click=move |_| { send.dispatch("ada@example.com".to_owned()); }>"Send a link"</button>
///         {move || send.pending().get().then_some("Look into your mailbox.")}
///     }
/// }
/// ```
#[must_use]
pub fn use_email_link(resource: EmailLinkResource) -> UseEmailLink {
    UseEmailLink {
        resource: StoredValue::new(resource),
        flow: StoredValue::new(None),
    }
}

impl UseEmailLink {
    /// Sends the link, and waits until it was followed or has expired. What was started before ends, as by
    /// [`cancel_email_link_flow`](Self::cancel_email_link_flow).
    ///
    /// # Errors
    ///
    /// The instance has no such links, there is no such e-mail address, or the URL is refused.
    pub fn start_email_link_flow(
        self,
        params: EmailLinkParams,
    ) -> impl Future<Output = Result<EmailLinkVerification, ClerkApiError>> + Send + use<> {
        let EmailLinkParams(params) = params;
        let started = self.resource.with_value(|resource| {
            let (path, id) = resource.place();
            start_email_link_flow(path, id, &params)
        });
        let answer = started.map(|(flow, answer)| {
            self.flow.set_value(Some(flow));
            answer
        });
        async move { Ok(EmailLinkVerification::from_json(&answer?.await?)) }
    }

    /// Stops waiting. The future of [`start_email_link_flow`](Self::start_email_link_flow) never completes then.
    pub fn cancel_email_link_flow(self) {
        self.flow.set_value(None);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_verification_by_link_is_found_in_every_resource() {
        let verification = json!({ "strategy": "email_link", "status": "verified" });
        let other = json!({ "strategy": "password", "status": "expired" });
        for value in [
            json!({ "firstFactorVerification": verification, "secondFactorVerification": { "status": null } }),
            json!({ "firstFactorVerification": other, "secondFactorVerification": verification }),
            json!({ "verifications": { "emailAddress": verification } }),
            json!({ "verification": verification }),
        ] {
            assert_eq!(
                EmailLinkVerification::from_json(&value).status,
                "verified",
                "{value}"
            );
        }
        let complete = json!({ "createdSessionId": "sess_1" });
        let complete = EmailLinkVerification::from_json(&complete);
        assert_eq!(complete.created_session_id.as_deref(), Some("sess_1"));
        assert_eq!(complete.status, "");
    }

    #[tokio::test]
    async fn without_clerk_js_nothing_is_sent() {
        let owner = Owner::new();
        let link = owner.with(|| use_email_link(EmailLinkResource::EmailAddress("idn_1".to_owned())));
        let error = link
            .start_email_link_flow(EmailLinkParams::new())
            .await
            .unwrap_err();
        assert_eq!(error.code, "clerk_not_loaded");
    }
}
