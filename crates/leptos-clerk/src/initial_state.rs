//! The state that the server knew when it rendered the page.

#[cfg(any(all(feature = "hydrate", not(feature = "csr")), test))]
mod json;
#[cfg(all(feature = "hydrate", not(feature = "csr")))]
mod page;
#[cfg(not(feature = "_browser"))]
mod request;

use std::sync::Arc;

use clerk_auth::{Auth, ClientOptions, User};
use serde::Serialize;

#[cfg(all(feature = "hydrate", not(feature = "csr")))]
pub(crate) use page::read;
#[cfg(not(feature = "_browser"))]
pub(crate) use request::read;

/// The `id` of the JSON script that carries the state.
#[cfg(not(feature = "csr"))]
pub(crate) const ELEMENT_ID: &str = "clerk-state";

/// What the server knew when it rendered the page. The page carries it to the browser, so that hydration starts from
/// the same values. Never holds a token.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct InitialState {
    pub(crate) auth: Auth,
    pub(crate) user: Option<User>,
    pub(crate) options: Arc<ClientOptions>,
}
