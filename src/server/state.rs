//! What the handlers share.

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use url::Url;

use crate::{
    clerk::{Clerk, WebhookSecret},
    clerk_js::ClientOptions,
};

use super::sessions::Sessions;

/// Cheap to clone: one is made for every request.
#[derive(Clone, Debug, FromRef)]
pub(crate) struct AppState {
    pub(crate) app_url: Url,
    pub(crate) clerk: Clerk,
    pub(crate) client: ClientOptions,
    pub(crate) leptos: LeptosOptions,
    /// Paths that only a signed-in visitor may see, each with everything below it.
    #[from_ref(skip)]
    pub(crate) protected: &'static [&'static str],
    pub(crate) sessions: Sessions,
    #[from_ref(skip)]
    pub(crate) webhook_secret: Option<WebhookSecret>,
}
