//! The rules of the Frontend API proxy: which requests it takes, where it sends them, and which headers
//! pass. Moving the bytes is the server's part.

mod headers;
#[cfg(test)]
mod tests;

use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{hosts, options::Instance, request::RequestView};
use headers::{forwarded_headers, passes, public_origin};

/// Where the proxy is mounted.
pub const PROXY_PATH: &str = "/__clerk";

/// The Frontend API proxy of one instance.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// Without a slash at its end.
    upstream: Url,
    secret_key: SecretString,
}

/// A request to send to the Frontend API. Redirects are not to be followed; the body is passed on as it is.
#[derive(Debug)]
pub struct ProxyRequest {
    pub url: Url,
    /// Carries the secret key and must not be logged.
    pub headers: HeaderMap,
    proxy_url: String,
    upstream: Url,
}

/// A request that is not sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    #[error("Request path does not match proxy path \"{PROXY_PATH}\"")]
    PathMismatch,
    #[error("Resolved target does not match the expected host")]
    Target,
    #[error("Failed to proxy request to Clerk FAPI")]
    Upstream,
}

impl ProxyError {
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::PathMismatch | Self::Target => StatusCode::BAD_REQUEST,
            Self::Upstream => StatusCode::BAD_GATEWAY,
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PathMismatch => "proxy_path_mismatch",
            Self::Target | Self::Upstream => "proxy_request_failed",
        }
    }

    /// The body of the answer, to be sent as JSON with `Cache-Control: no-store`.
    #[must_use]
    pub fn body(self) -> serde_json::Value {
        serde_json::json!({"errors": [{"code": self.code(), "message": self.to_string()}]})
    }
}

impl Proxy {
    pub(super) fn new(instance: &Instance) -> Self {
        let gateway = || hosts::proxy_gateway(instance.key.frontend_api());
        let upstream = instance.options.fapi_url.clone().unwrap_or_else(gateway);
        Self {
            upstream,
            secret_key: instance.options.secret_key.clone(),
        }
    }

    /// What to send upstream for this request.
    ///
    /// # Errors
    /// A path that is not the proxy's, or one that leads to another host.
    pub fn request(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<ProxyRequest, ProxyError> {
        let view = RequestView { method, uri, headers };
        let own_url = view.own_url().map_err(|_| ProxyError::PathMismatch)?;
        let path = own_url
            .path()
            .strip_prefix(PROXY_PATH)
            .ok_or(ProxyError::PathMismatch)?;
        if !path.is_empty() && !path.starts_with('/') {
            return Err(ProxyError::PathMismatch);
        }
        // Put together as text: resolving `//evil.example` would lead to another host.
        let target = format!("{}{path}", self.upstream.as_str().trim_end_matches('/'));
        let mut url = Url::parse(&target).map_err(|_| ProxyError::Target)?;
        url.set_query(own_url.query());
        if url.origin() != self.upstream.origin() {
            return Err(ProxyError::Target);
        }
        let proxy_url = format!("{}{PROXY_PATH}", public_origin(&view, &own_url));
        let mut headers = forwarded_headers(&view, &own_url);
        let mut set = |name: &'static str, value: &str| {
            if let Some(mut value) = super::state::header_value(value) {
                value.set_sensitive(name == "clerk-secret-key");
                headers.insert(name, value);
            }
        };
        set("clerk-proxy-url", &proxy_url);
        set("clerk-secret-key", self.secret_key.expose_secret());
        set("host", &authority(&self.upstream));
        set("accept-encoding", "identity");
        Ok(ProxyRequest {
            url,
            headers,
            proxy_url,
            upstream: self.upstream.clone(),
        })
    }
}

impl ProxyRequest {
    /// The headers of the answer, made from those of the Frontend API. A redirect within the Frontend API
    /// leads back through the proxy.
    #[must_use]
    pub fn response_headers(&self, upstream: &HeaderMap) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in upstream {
            // The length is the server's to tell.
            if passes(name, upstream) && name != header::CONTENT_LENGTH {
                headers.append(name.clone(), value.clone());
            }
        }
        if let Some(location) = upstream
            .get(header::LOCATION)
            .and_then(|location| self.rewritten(location))
        {
            headers.insert(header::LOCATION, location);
        }
        headers
    }

    fn rewritten(&self, location: &HeaderValue) -> Option<HeaderValue> {
        let url = self.upstream.join(location.to_str().ok()?).ok()?;
        if authority(&url) != authority(&self.upstream) {
            return None;
        }
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let fragment = url
            .fragment()
            .map(|fragment| format!("#{fragment}"))
            .unwrap_or_default();
        super::state::header_value(&format!("{}{}{query}{fragment}", self.proxy_url, url.path()))
    }
}

/// Host, and port where it is not the scheme's own.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
