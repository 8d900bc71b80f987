//! The initial state on the server.

use std::sync::Arc;

use clerk_auth::{Auth, ClientOptions, User};
use leptos::prelude::use_context;

use super::InitialState;

/// Reads the state of the request from its extensions, where `ClerkLayer` and the application put it. Without a
/// request, as when the routes are listed, nobody is signed in.
pub(crate) fn read() -> InitialState {
    let extensions = use_context::<http::request::Parts>()
        .map(|parts| parts.extensions)
        .unwrap_or_default();
    InitialState {
        auth: extensions.get::<Auth>().cloned().unwrap_or_default(),
        user: extensions.get::<User>().cloned(),
        options: extensions
            .get::<Arc<ClientOptions>>()
            .map(|options| ClientOptions::clone(options))
            .unwrap_or_default(),
    }
}
