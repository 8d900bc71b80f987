//! Satellites, whose sessions live on their primary's domain, and the primary's side of the exchange.

use url::Url;

use super::{decision::Decision, state::RequestState};
use crate::backend::{reason::Reason, request::url_query};

impl<C> Decision<'_, C> {
    /// Sends a satellite's visitor without a session to the primary, if syncing was requested.
    pub(crate) fn satellite(&self, has_cookies: bool) -> Option<RequestState> {
        let context = self.context;
        let synced = context.query_parameter("__clerk_synced");
        let needs_sync = synced.as_deref() == Some("false");
        let is_document = context.sec_fetch_dest.as_deref() == Some("document") && context.is_get;
        if !context.is_satellite() || !is_document || synced.as_deref() == Some("true") {
            return None;
        }
        if !context.configuration.options.satellite_auto_sync && !has_cookies && !needs_sync {
            return Some(self.signed_out(Reason::SessionTokenAndUatMissing));
        }
        if has_cookies && !needs_sync {
            return None;
        }
        let location = if context.is_development() {
            let mut url = Url::parse(context.configuration.options.sign_in_url.as_deref()?).ok()?;
            url_query::append(&mut url, "__clerk_redirect_url", context.clerk_url.as_str());
            Some(url)
        } else {
            None
        };
        Some(self.maybe_handshake(Reason::SatelliteCookieNeedsSyncing, "", location))
    }

    /// The URL of the development satellite that sent the visitor here. Ignored unless it is an http(s) URL.
    pub(crate) fn back_to_satellite(&self) -> Option<Url> {
        let target = self.context.query_parameter("__clerk_redirect_url")?;
        let mut url = Url::parse(&target)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))?;
        if let Some(token) = &self.context.dev_browser_token {
            url_query::append(&mut url, "__clerk_db_jwt", token);
        }
        url_query::set(&mut url, "__clerk_synced", "true");
        Some(url)
    }
}
