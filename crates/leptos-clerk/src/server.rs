//! The server's side of the browser functions: what the request carried, and nothing to load.

use std::sync::Arc;

use leptos::prelude::*;

use clerk_auth::{Auth, ClientOptions, User};

use super::{Clerk, InitialState, mount::MountedComponent};

/// The values that the request brought along: what `ClerkLayer` and the application put into its extensions.
/// Where there is no request, as when the routes are listed, nobody is signed in.
pub(super) fn initial_state() -> InitialState {
    let extensions = request_extensions();
    InitialState {
        auth: extensions.get::<Auth>().cloned().unwrap_or_default(),
        user: extensions.get::<User>().cloned(),
        options: extensions
            .get::<Arc<ClientOptions>>()
            .map(|options| ClientOptions::clone(options))
            .unwrap_or_default(),
    }
}

fn request_extensions() -> http::Extensions {
    use_context::<http::request::Parts>()
        .map(|parts| parts.extensions)
        .unwrap_or_default()
}

/// Loads clerk-js and follows it. Nothing to do on the server.
pub fn start_clerk(_appearance: &'static str) {}

pub(super) fn mount(
    _clerk: Clerk,
    _component: MountedComponent,
    _path: &'static str,
    _node: NodeRef<leptos::html::Div>,
) {
}

pub(super) fn sign_out() {}

pub(super) async fn get_token() -> Option<String> {
    None
}

pub(super) fn open_sign_in() -> bool {
    false
}

pub(super) fn open_sign_up() -> bool {
    false
}
