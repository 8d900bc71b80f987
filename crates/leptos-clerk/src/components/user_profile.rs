use super::declare::clerk_component;

clerk_component! {
    /// Clerk's account pages, for the signed-in user.
    ///
    /// Its children add pages and links:
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use leptos_clerk::UserProfile;
    ///
    /// #[component]
    /// fn Profile() -> impl IntoView {
    ///     view! {
    ///         <UserProfile path="/profile">
    ///             <UserProfile::Page label="Preferences" url="preferences" label_icon=|| "⚙">
    ///                 <p>"Colours, and so on."</p>
    ///             </UserProfile::Page>
    ///             <UserProfile::Link label="Home" url="/" />
    ///             <UserProfile::Page label="security" />
    ///         </UserProfile>
    ///     }
    /// }
    /// ```
    UserProfile(UserProfileProps) at "user-profile", documented at "user/user-profile";
    /// The path of the page that it stands on, whose route then has to match its pages too:
    /// `path!("/profile/:page?")`. Default: none; its pages are in the fragment of the URL.
    path: path;
    /// Further OAuth scopes by provider: `{"google": ["…"]}`.
    additional_oauth_scopes: json("additionalOAuthScopes");
    /// Properties of the page of API keys; `{"hide": true}` leaves it out.
    api_keys_props: json("apiKeysProps");
    /// Pages and links that are added to its own.
    children: items(None);
}

/// The children of [`UserProfile`](fn@UserProfile).
#[allow(non_snake_case, reason = "named as the component")]
pub mod UserProfile {
    pub use crate::custom_items::{Link, Page};
}
