use super::declare::clerk_component;

clerk_component! {
    /// The signed-in user's picture, with a menu to manage the account and to sign out.
    ///
    /// The children add items to the menu, and pages to the profile that it opens:
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use leptos_clerk::UserButton;
    ///
    /// #[component]
    /// fn Account() -> impl IntoView {
    ///     let (count, set_count) = signal(0);
    ///     view! {
    ///         <UserButton show_name=true>
    ///             <UserButton::MenuItems>
    ///                 <UserButton::Action label="Count" on_click=move || set_count.set(count.get() + 1) />
    ///                 <UserButton::Action label="Help" open="help" label_icon=|| "?" />
    ///                 <UserButton::Link label="Team" href="/team" />
    ///                 <UserButton::Action label="signOut" />
    ///             </UserButton::MenuItems>
    ///             <UserButton::UserProfilePage label="Help" url="help">
    ///                 <p>"You counted to "{count}"."</p>
    ///             </UserButton::UserProfilePage>
    ///         </UserButton>
    ///     }
    /// }
    /// ```
    UserButton(UserButtonProps) at "user-button", documented at "user/user-button";
    /// Whether the name is shown beside the picture.
    show_name: flag("showName");
    /// Whether the menu is open from the start.
    default_open: flag("defaultOpen");
    /// The page that manages the account. Default: none; the menu opens a dialog.
    user_profile_url: page("userProfileMode", "userProfileUrl");
    /// The page of "Add account", where a browser may be signed in as several users.
    sign_in_url: text("signInUrl");
    /// Where to go after switching to another account.
    after_switch_session_url: text("afterSwitchSessionUrl");
    /// Properties of the profile that the menu opens.
    user_profile_props: json("userProfileProps");
    /// Items of the menu, and pages and links of the profile.
    children: items(Some("userProfileProps"));
}

/// The children of [`UserButton`](fn@UserButton).
#[allow(non_snake_case, reason = "named as the component")]
pub mod UserButton {
    pub use crate::custom_items::{
        Action, Link as UserProfileLink, MenuItems, MenuLink as Link, Page as UserProfilePage,
    };
}
