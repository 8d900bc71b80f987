//! The initial state on the server.

use std::sync::Arc;

use clerk_auth::{Auth, ClientOptions, User};
use leptos::reactive::owner::with_context;

use super::InitialState;

/// Reads the state of the request from its extensions, where `ClerkLayer` and the application put it. Without a
/// request, as when the routes are listed, nobody is signed in.
pub(crate) fn read() -> InitialState {
    with_context(|parts: &http::request::Parts| InitialState {
        auth: parts.extensions.get::<Auth>().cloned().unwrap_or_default(),
        user: parts.extensions.get::<User>().cloned(),
        options: parts
            .extensions
            .get::<Arc<ClientOptions>>()
            .cloned()
            .unwrap_or_default(),
    })
    .unwrap_or_default()
}
