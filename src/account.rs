//! Server functions for the account of the caller, which `/profile` calls.

use clerk_auth::User;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos_clerk::{AuthCheck, Reverification, protect};
use leptos_clerk::{ClerkClient, ClerkServerError};

#[cfg(feature = "ssr")]
use crate::server::account;

/// The key of the color scheme in a user's public metadata.
pub(crate) const COLOR_SCHEME: &str = "color_scheme";

/// The color scheme that a user has chosen, `light` or `dark`. `None` follows the device.
pub(crate) fn color_scheme(user: &User) -> Option<&'static str> {
    let chosen = user.public_metadata.get(COLOR_SCHEME)?.as_str()?;
    ["light", "dark"].into_iter().find(|scheme| *scheme == chosen)
}

/// Stores the caller's color scheme: `light`, `dark`, or `system` to follow the device.
#[server(client = ClerkClient, endpoint = "account/color-scheme")]
pub(crate) async fn save_color_scheme(color_scheme: String) -> Result<(), ClerkServerError> {
    let who = protect(AuthCheck::signed_in()).await?;
    account::save_color_scheme(&who, &color_scheme).await
}

/// Lists the devices on which the caller is signed in, as HTML with a form for each other device that
/// [signs out there](sign_out_device).
#[server(client = ClerkClient, endpoint = "account/devices", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn list_devices() -> Result<String, ClerkServerError> {
    let who = protect(AuthCheck::signed_in()).await?;
    account::list_devices(&who).await
}

/// Ends another session of the caller, who must have verified their identity within the last ten minutes.
#[server(client = ClerkClient, endpoint = "account/devices/sign-out")]
pub(crate) async fn sign_out_device(session_id: String) -> Result<(), ClerkServerError> {
    let who = protect(AuthCheck::signed_in().within(Reverification::strict())).await?;
    account::sign_out_device(&who, &session_id).await
}
