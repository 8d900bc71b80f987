//! What the handlers share.

use axum::extract::FromRef;
use axum_clerk::Clerk;
use leptos::config::LeptosOptions;
use url::Url;

use super::sessions::Sessions;

/// Cheap to clone: one is made for every request.
#[derive(Clone, Debug, FromRef)]
pub(crate) struct AppState {
    pub(crate) app_url: Url,
    pub(crate) clerk: Clerk,
    pub(crate) leptos: LeptosOptions,
    pub(crate) sessions: Sessions,
}
