//! The server's side of the browser functions: what the request carried, and nothing to load.

use leptos::prelude::*;

use super::{Clerk, ClientOptions, InitialState, mount::MountedComponent};
use crate::auth::{Auth, User};

/// The values that the request brought into context.
pub(super) fn initial_state() -> InitialState {
    InitialState {
        auth: use_context::<Auth>().unwrap_or_default(),
        user: use_context::<Option<User>>().flatten(),
        options: use_context::<ClientOptions>().unwrap_or_default(),
    }
}

/// Loads clerk-js and follows it. Nothing to do on the server.
pub fn start_clerk() {}

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

pub(super) async fn call_api(_path: &str) -> Result<String, String> {
    Err("only the browser holds a session token".to_owned())
}

pub(super) fn open_sign_in() -> bool {
    false
}

pub(super) fn open_sign_up() -> bool {
    false
}
