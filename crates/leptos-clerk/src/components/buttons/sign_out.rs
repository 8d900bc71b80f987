use leptos::prelude::*;

use crate::{
    clerk_js,
    json::Json,
    props::Props,
    store::{LoadStatus, use_clerk},
};

/// A button that signs out. Disabled until clerk-js is ready.
#[component]
pub fn SignOutButton(
    /// The CSS classes of the button.
    #[prop(optional, into)]
    class: String,
    /// Where signing out leads. Default: the `after_sign_out_url` of the provider.
    #[prop(optional, into)]
    redirect_url: Option<String>,
    /// The session to sign out, where a browser may be signed in as several users. Default: all of them.
    #[prop(optional, into)]
    session_id: Option<String>,
    /// Further options of `Clerk.signOut`: `signOutOptions` in `@clerk/react`. The props above win over it.
    #[prop(optional, into)]
    raw: Json,
    children: Children,
) -> impl IntoView {
    let clerk = use_clerk();
    let mut options = Props::new(raw, Json::default());
    options.text("redirectUrl", redirect_url);
    options.text("sessionId", session_id);
    view! {
        <button
            type="button"
            class=class
            disabled=move || clerk.status() != LoadStatus::Ready
            on:click=move |_| clerk_js::sign_out(&options)
        >
            {children()}
        </button>
    }
}
