//! `use_waitlist`.

use serde_json::Value;

use super::read::{number, required};
use crate::{clerk_api_error::ClerkApiError, clerk_js::invoke_and_read, props::Props};

/// An entry in the waitlist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaitlistEntry {
    /// The ID.
    pub id: String,
    /// When it was made, in milliseconds since 1970.
    pub created_at: Option<i64>,
}

impl WaitlistEntry {
    fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            created_at: number(value, "createdAt"),
        }
    }
}

/// The waitlist, see [`use_waitlist`]. Copy it freely.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct UseWaitlist;

/// The waitlist with a form of one's own, instead of [`Waitlist`](fn@crate::Waitlist).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::use_waitlist;
///
/// #[component]
/// fn Join() -> impl IntoView {
///     let waitlist = use_waitlist();
///     let (email, set_email) = signal(String::new());
///     let join = Action::new(move |(): &()| waitlist.join(&email.get_untracked()));
///     let outcome = move || join.value().get().map(|outcome| match outcome {
///         Ok(_) => "You are on the list.".to_owned(),
///         Err(error) => error.to_string(),
///     });
///     view! {
///         <input type="email" on:input:target=move |event| set_email.set(event.target().value()) />
///         <button on:click=move |_| { join.dispatch(()); }>"Join"</button>
///         <p role="status">{outcome}</p>
///     }
/// }
/// ```
#[must_use]
pub const fn use_waitlist() -> UseWaitlist {
    UseWaitlist
}

impl UseWaitlist {
    /// Puts an e-mail address on the list.
    ///
    /// # Errors
    ///
    /// The address is refused, or clerk-js is not loaded, as on the server (`clerk_not_loaded`).
    pub fn join(
        self,
        email_address: &str,
    ) -> impl Future<Output = Result<WaitlistEntry, ClerkApiError>> + Send + use<> {
        let mut props = Props::default();
        props.text("emailAddress", Some(email_address.to_owned()));
        invoke_and_read(&[], "joinWaitlist", props.into(), WaitlistEntry::from_json)
    }
}
