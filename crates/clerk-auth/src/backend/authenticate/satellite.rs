//! Satellites, whose sessions live on their primary's domain, and the primary's side of it.

use url::Url;

use super::{
    super::{reason::Reason, state::RequestState, url_query},
    Decision,
};

impl<O> Decision<'_, O> {
    /// A satellite's visitor who is not known here is sent to ask the primary, if that was asked for.
    pub(super) fn satellite(&self, has_cookies: bool) -> Option<RequestState> {
        let context = self.context;
        let synced = context.query_parameter("__clerk_synced");
        let needs_sync = synced.as_deref() == Some("false");
        let is_document = context.sec_fetch_dest.as_deref() == Some("document") && context.is_get;
        if !context.is_satellite() || !is_document || synced.as_deref() == Some("true") {
            return None;
        }
        if !context.instance.options.satellite_auto_sync && !has_cookies && !needs_sync {
            return Some(self.signed_out(Reason::SessionTokenAndUatMissing));
        }
        if has_cookies && !needs_sync {
            return None;
        }
        let location = if context.is_development() {
            let mut url = Url::parse(context.instance.options.sign_in_url.as_deref()?).ok()?;
            url_query::append(&mut url, "__clerk_redirect_url", context.clerk_url.as_str());
            Some(url)
        } else {
            None
        };
        Some(self.maybe_handshake(Reason::SatelliteCookieNeedsSyncing, "", location))
    }

    /// Where a development satellite waits for this primary's answer. What is no web address is ignored.
    pub(super) fn back_to_satellite(&self) -> Option<Url> {
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
