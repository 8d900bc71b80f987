//! Where the browser sees the local Clerk and the app: learned from what the app's proxy says.

use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::{
    call::Call,
    errors::ApiError,
    store::{self, Document},
};

/// Under this path the Frontend API lies, here and in the app.
pub(super) const MOUNT: &str = "/__clerk";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PublicUrl {
    /// The Frontend API as the browser sees it, such as `http://localhost:5001/__clerk`.
    pub(super) frontend_api: String,
    /// The origin of the page that the browser shows: the `azp` of its tokens.
    pub(super) app: String,
}

impl PublicUrl {
    /// `own` is the host and port that the local Clerk listens on.
    pub(super) fn of(headers: &HeaderMap, own: &str) -> Self {
        let frontend_api = web_url(text(headers, "clerk-proxy-url"))
            .map(|url| url.as_str().trim_end_matches('/').to_owned())
            .or_else(|| forwarded_origin(headers).map(|origin| origin + MOUNT))
            .unwrap_or_else(|| own_frontend_api(own));
        let app = web_url(text(headers, header::ORIGIN.as_str()))
            .or_else(|| web_url(Some(&frontend_api)))
            .map_or_else(
                || format!("http://{own}"),
                |url| url.origin().ascii_serialization(),
            );
        Self { frontend_api, app }
    }

    /// Behind the proxy of an app.
    pub(super) fn behind(app: &Url) -> Self {
        let app = app.origin().ascii_serialization();
        Self {
            frontend_api: format!("{app}{MOUNT}"),
            app,
        }
    }

    /// Reads an address that a browser shall be sent to, relative to `base` if there is one. Only to the
    /// app or this machine: anything else would make this an open redirect.
    pub(super) fn way_back(&self, base: Option<&Url>, text: &str, param: &str) -> Result<Url, ApiError> {
        let invalid = |why: &str| ApiError::invalid(param, format!("{param} must {why}."));
        let url = Url::options()
            .base_url(base)
            .parse(text)
            .map_err(|_| invalid("be an absolute URL"))?;
        if !self.may_redirect_to(&url) {
            return Err(invalid("lead back to the app"));
        }
        Ok(url)
    }

    /// The Frontend API at another origin than the app, like a provider's, if the browser can reach it:
    /// what lies at the app's own origin, a router in the page takes for a page of the app.
    pub(super) fn elsewhere(&self, own: &str) -> String {
        match Url::parse(&self.frontend_api) {
            Ok(url) if is_loopback(&url) => own_frontend_api(own),
            _ => self.frontend_api.clone(),
        }
    }

    pub(super) fn is_https(&self) -> bool {
        self.frontend_api.starts_with("https:")
    }

    /// May a browser be sent back there? To the app, or to another program of this machine.
    fn may_redirect_to(&self, target: &Url) -> bool {
        is_web(target)
            && (is_loopback(target)
                || [&self.app, &self.frontend_api]
                    .into_iter()
                    .any(|own| Url::parse(own).is_ok_and(|own| own.origin() == target.origin())))
    }
}

/// The last address that a browser came by: what replies to a backend, which has none, are told.
#[derive(Serialize, Deserialize)]
pub(super) struct LastPublicUrl(pub(super) PublicUrl);

impl Document for LastPublicUrl {
    const KIND: &'static str = "public_url";
    fn id(&self) -> &str {
        "last"
    }
}

impl Call<'_> {
    /// A call that came straight here, past the app's proxy, teaches nothing.
    pub(super) fn remember_url(&self) -> Result<(), store::Error> {
        if self.came_straight() {
            return Ok(());
        }
        let last = self.store.get::<LastPublicUrl>("last")?;
        if last.is_some_and(|last| last.0 == self.url) {
            return Ok(());
        }
        self.store.put(&LastPublicUrl(self.url.clone()))
    }

    pub(super) fn recall_url(&mut self) -> Result<(), store::Error> {
        let last = self.store.get::<LastPublicUrl>("last")?.map(|last| last.0);
        if let Some(url) = last.or_else(|| self.shared.app.clone()) {
            self.url = url;
        }
        Ok(())
    }

    pub(super) fn came_straight(&self) -> bool {
        self.url.frontend_api == own_frontend_api(&self.shared.own)
    }
}

fn own_frontend_api(own: &str) -> String {
    format!("http://{own}{MOUNT}")
}

/// Is this address one of the machine itself?
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The first of the forwarded values: the outermost proxy's.
fn forwarded_origin(headers: &HeaderMap) -> Option<String> {
    let first = |name| text(headers, name)?.split(',').next().map(str::trim);
    let origin = format!("{}://{}", first("x-forwarded-proto")?, first("x-forwarded-host")?);
    web_url(Some(&origin)).map(|url| url.origin().ascii_serialization())
}

fn web_url(text: Option<&str>) -> Option<Url> {
    Url::parse(text?).ok().filter(is_web)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn is_learned_from_the_proxy() {
        let own = PublicUrl::of(&headers(&[]), "127.0.0.1:5002");
        assert_eq!(own.frontend_api, "http://127.0.0.1:5002/__clerk");
        assert_eq!(own.app, "http://127.0.0.1:5002");

        let forwarded = [
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "app.test, inner"),
        ];
        assert_eq!(
            PublicUrl::of(&headers(&forwarded), "x").frontend_api,
            "https://app.test/__clerk"
        );

        let proxied = [
            ("clerk-proxy-url", "http://localhost:5001/__clerk/"),
            ("x-forwarded-host", "evil"),
        ];
        let proxied = PublicUrl::of(&headers(&proxied), "x");
        assert_eq!(proxied.frontend_api, "http://localhost:5001/__clerk");
        assert_eq!(proxied.app, "http://localhost:5001");

        assert_eq!(
            proxied.elsewhere("127.0.0.1:5002"),
            "http://127.0.0.1:5002/__clerk"
        );
        let remote = PublicUrl::of(&headers(&forwarded), "x");
        assert_eq!(remote.elsewhere("127.0.0.1:5002"), remote.frontend_api);

        let garbage = [("clerk-proxy-url", "javascript:alert(1)"), ("origin", "null")];
        assert_eq!(PublicUrl::of(&headers(&garbage), "127.0.0.1:5002"), own);
    }

    #[test]
    fn redirects_only_to_the_app_and_this_machine() {
        let url = PublicUrl::of(&headers(&[("clerk-proxy-url", "https://app.test/__clerk")]), "x");
        let may = |target: &str| url.may_redirect_to(&Url::parse(target).unwrap());
        assert!(may("https://app.test/profile?a=b") && may("http://localhost:3000/"));
        assert!(!may("https://evil.test/") && !may("http://app.test/") && !may("javascript:alert(1)"));
        assert!(!may("https://app.test@evil.test/") && !may("http://localhost.evil.test/"));
    }
}
