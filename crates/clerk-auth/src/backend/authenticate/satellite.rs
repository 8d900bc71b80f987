//! Satellites, whose sessions live on their primary's domain, and the primary's side of the exchange.

use url::{Host, Url};

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

    /// The URL of the development satellite that sent the visitor here. Ignored unless it is an http(s) URL of
    /// an allowed origin: with the browser token, which is added to it, another site could act as this visitor.
    pub(crate) fn back_to_satellite(&self) -> Option<Url> {
        let target = self.context.query_parameter("__clerk_redirect_url")?;
        let mut url = Url::parse(&target)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))?;
        if !self.may_return_to(&url) {
            tracing::warn!(
                origin = ?url.origin().ascii_serialization(),
                "a __clerk_redirect_url was ignored: if it is of a satellite, add its origin to \
                 CLERK_ALLOWED_REDIRECT_ORIGINS"
            );
            return None;
        }
        if let Some(token) = &self.context.dev_browser_token {
            url_query::append(&mut url, "__clerk_db_jwt", token);
        }
        url_query::set(&mut url, "__clerk_synced", "true");
        Some(url)
    }

    fn may_return_to(&self, url: &Url) -> bool {
        let mut allowed = self.context.configuration.options.allowed_redirect_origins.iter();
        is_loopback(url)
            || allowed.any(|origin| Url::parse(origin).is_ok_and(|origin| origin.origin() == url.origin()))
    }
}

/// Whether only this machine answers to the host. `localhost` and everything below it never leave the machine, by
/// [RFC 6761](https://www.rfc-editor.org/rfc/rfc6761#section-6.3).
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost" || domain.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
