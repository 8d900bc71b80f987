//! Where the browser sees the local Clerk and the app.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::{error::ApiError, store::Document};

/// The path of the Frontend API, both here and in the app.
pub(crate) const MOUNT: &str = "/__clerk";
/// Where the two scripts of pages are, below [`MOUNT`].
pub(crate) const CLERK_JS: &str = "/npm/@clerk/clerk-js@6/dist/clerk.browser.js";
pub(crate) const CLERK_UI: &str = "/npm/@clerk/ui@1/dist/ui.browser.js";

/// The public addresses of the Frontend API and the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PublicUrl {
    /// The Frontend API as the browser sees it, such as `http://localhost:5001/__clerk`.
    pub(crate) frontend_api: String,
    /// The origin of the page that the browser shows: the `azp` of its tokens.
    pub(crate) app: String,
}

impl PublicUrl {
    /// Returns the addresses behind the proxy of an app.
    pub(crate) fn behind(app: &Url) -> Self {
        let app = app.origin().ascii_serialization();
        Self {
            frontend_api: format!("{app}{MOUNT}"),
            app,
        }
    }

    /// Parses the target of a redirect, relative to `base` if there is one. Only the app and this machine
    /// are allowed: anything else would make an open redirect. `param` names the parameter in the error.
    pub(crate) fn parse_redirect(
        &self,
        base: Option<&Url>,
        text: &str,
        param: &str,
    ) -> Result<Url, ApiError> {
        let invalid = |reason: &str| ApiError::invalid(param, format!("{param} must {reason}."));
        let url = Url::options()
            .base_url(base)
            .parse(text)
            .map_err(|_| invalid("be an absolute URL"))?;
        if !self.may_redirect_to(&url) {
            return Err(invalid("lead back to the app"));
        }
        Ok(url)
    }

    /// Returns the Frontend API at an origin other than the app's, if the browser can reach it: a client-side
    /// router would handle an address at the app's own origin as a page of the app. `own` is the host and
    /// port that the local Clerk listens on.
    pub(crate) fn cross_origin_frontend_api(&self, own: &str) -> String {
        match Url::parse(&self.frontend_api) {
            Ok(url) if is_loopback(&url) => own_frontend_api(own),
            _ => self.frontend_api.clone(),
        }
    }

    /// Returns the origin of the account portal: that of this instance, under the app's host if that is this machine, as
    /// cookies belong to a host whatever the port is.
    pub(crate) fn account_portal(&self, own: &str) -> String {
        let port = own.rsplit(':').next().unwrap_or_default();
        match Url::parse(&self.frontend_api) {
            Ok(url) if is_loopback(&url) => format!("http://{}:{port}", url.host_str().unwrap_or_default()),
            _ => format!("http://{own}"),
        }
    }

    pub(crate) fn is_https(&self) -> bool {
        self.frontend_api.starts_with("https:")
    }

    /// Tells whether a target belongs to the app or to another program on this machine.
    fn may_redirect_to(&self, target: &Url) -> bool {
        is_web(target)
            && (is_loopback(target)
                || [&self.app, &self.frontend_api]
                    .into_iter()
                    .any(|own| Url::parse(own).is_ok_and(|own| own.origin() == target.origin())))
    }
}

/// The hosts of apps and of this instance: loopback names and addresses, and what is configured. Any other would let a
/// web page that the developer visits pass as the app.
#[derive(Clone, Debug, Default)]
pub(crate) struct AllowedHosts(Vec<Host>);

impl AllowedHosts {
    /// Returns the hosts for a configured app and further ones.
    pub(crate) fn new(app: Option<&Url>, further: &[Host]) -> Self {
        let app = app.and_then(|url| url.host()).map(|host| host.to_owned());
        Self(app.into_iter().chain(further.iter().cloned()).collect())
    }

    /// Returns these hosts but loopback ones.
    pub(crate) fn further(&self) -> Vec<String> {
        self.0.iter().map(Host::to_string).collect()
    }

    /// Tells whether a URL has one of these hosts, on any port.
    pub(crate) fn allow(&self, url: &Url) -> bool {
        is_loopback(url)
            || url
                .host()
                .is_some_and(|host| self.0.iter().any(|own| *own == host))
    }
}

/// The last public URL that a browser used. Requests from backends carry none, so replies to them use it.
#[derive(Serialize, Deserialize)]
pub(crate) struct LastPublicUrl(pub(crate) PublicUrl);

impl LastPublicUrl {
    pub(crate) const ID: &str = "last";
}

impl Document for LastPublicUrl {
    const KIND: &'static str = "public_url";
    fn id(&self) -> &str {
        Self::ID
    }
}

/// Returns the Frontend API without a proxy in front; `own` is the host and port listened on.
pub(crate) fn own_frontend_api(own: &str) -> String {
    format!("http://{own}{MOUNT}")
}

/// Tells whether a URL's host is this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Tells whether a URL is one of the web, without credentials in it.
pub(crate) fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_lead_to_the_app_or_this_machine_only() {
        let url = PublicUrl {
            frontend_api: "https://app.test/__clerk".to_owned(),
            app: "https://app.test".to_owned(),
        };
        let may = |target: &str| url.may_redirect_to(&Url::parse(target).unwrap());
        assert!(may("https://app.test/profile?a=b") && may("http://localhost:3000/"));
        assert!(!may("https://evil.test/") && !may("http://app.test/") && !may("javascript:alert(1)"));
        assert!(!may("https://app.test@evil.test/") && !may("http://localhost.evil.test/"));
    }
}
