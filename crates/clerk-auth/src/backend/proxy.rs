//! The rules of the Frontend API proxy: which requests it accepts, where it forwards them, and which headers
//! it forwards. Sending requests and responses is up to the server.

mod headers;
#[cfg(test)]
mod tests;

use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{
    config::{Configuration, hosts},
    header_value::header_value,
    request::RequestView,
};
use headers::{forwarded_headers, passes, public_origin};

/// The rules of the Frontend API proxy of one instance, see [`Clerk::proxy`](crate::Clerk::proxy).
///
/// ```
/// use clerk_auth::{Clerk, Options};
/// use http::{HeaderMap, Method, Uri};
///
/// let clerk = Clerk::new(Options::new("pk_live_Y2xlcmsuZXhhbXBsZS5jb20k", "sk_live_example"))?;
/// let uri = Uri::from_static("https://example.com/__clerk/v1/client");
/// let request = clerk.proxy().request(&Method::GET, &uri, &HeaderMap::new())?;
/// assert_eq!(request.url.as_str(), "https://frontend-api.clerk.dev/v1/client");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Proxy {
    /// Without a trailing slash.
    path: String,
    upstream: Url,
    secret_key: SecretString,
}

/// A request to send to the Frontend API. Redirects must not be followed; the body is forwarded unchanged.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProxyRequest {
    /// Where to send the request.
    pub url: Url,
    /// Contains the secret key and must not be logged.
    pub headers: HeaderMap,
    path: String,
    upstream: Url,
}

/// Why a request was not forwarded. The messages are those of the official package.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// The path is not below that of the proxy.
    #[error("Request path does not match proxy path \"{proxy_path}\"")]
    PathMismatch {
        /// The path of the proxy.
        proxy_path: String,
    },
    /// The method is `TRACE`, to which a server on the way could answer with the secret key, or `CONNECT`.
    #[error("Method is not allowed")]
    Method,
    /// The path leads to another host than the Frontend API.
    #[error("Resolved target does not match the expected host")]
    Target,
    /// The Frontend API could not be reached.
    #[error("Failed to proxy request to Clerk FAPI")]
    Upstream,
}

impl ProxyError {
    /// The status of the response.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::PathMismatch { .. } | Self::Target => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Upstream => StatusCode::BAD_GATEWAY,
        }
    }

    /// The code in the body of the response, such as `proxy_path_mismatch`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PathMismatch { .. } => "proxy_path_mismatch",
            Self::Method | Self::Target | Self::Upstream => "proxy_request_failed",
        }
    }

    /// The body of the response, to be sent as JSON with `Cache-Control: no-store`.
    #[must_use]
    pub fn body(&self) -> serde_json::Value {
        serde_json::json!({"errors": [{"code": self.code(), "message": self.to_string()}]})
    }
}

impl Proxy {
    pub(crate) fn new(configuration: &Configuration) -> Self {
        let gateway = || hosts::proxy_gateway(configuration.key.frontend_api());
        let upstream = configuration.options.fapi_url.clone().unwrap_or_else(gateway);
        Self {
            path: configuration.proxy_path(),
            upstream,
            secret_key: configuration.options.secret_key.clone(),
        }
    }

    /// The path at which the proxy must be mounted, without a trailing slash: that of
    /// [`Options::proxy_url`](crate::Options::proxy_url), by default [`PROXY_PATH`](crate::PROXY_PATH).
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The request to send to the Frontend API for a request below [`Proxy::path`].
    ///
    /// # Errors
    ///
    /// The path is not below that of the proxy, or leads to another host, or the method is `TRACE` or `CONNECT`.
    pub fn request(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<ProxyRequest, ProxyError> {
        if [Method::TRACE, Method::CONNECT].contains(method) {
            return Err(ProxyError::Method);
        }
        let view = RequestView { method, uri, headers };
        let path_mismatch = || ProxyError::PathMismatch {
            proxy_path: self.path.clone(),
        };
        let own_url = view.own_url().map_err(|_| path_mismatch())?;
        let path = own_url
            .path()
            .strip_prefix(self.path.as_str())
            .filter(|path| path.is_empty() || path.starts_with('/'))
            .ok_or_else(path_mismatch)?;
        // Concatenated rather than resolved: resolving `//evil.example` would lead to another host.
        let target = format!("{}{path}", self.upstream.as_str().trim_end_matches('/'));
        let mut url = Url::parse(&target).map_err(|_| ProxyError::Target)?;
        url.set_query(own_url.query());
        if url.origin() != self.upstream.origin() {
            return Err(ProxyError::Target);
        }
        let proxy_url = format!("{}{}", public_origin(&view, &own_url), self.path);
        let mut headers = forwarded_headers(&view, &own_url);
        let mut set = |name: &'static str, value: &str| {
            if let Some(mut value) = header_value(value) {
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
            path: self.path.clone(),
            upstream: self.upstream.clone(),
        })
    }
}

impl ProxyRequest {
    /// The headers of the response, given those of the Frontend API. A redirect within the Frontend API is
    /// rewritten to lead through the proxy, as a path: its origin does not depend on headers of the request.
    #[must_use]
    pub fn response_headers(&self, upstream: &HeaderMap) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in upstream {
            // The server determines the length.
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
        header_value(&format!("{}{}{query}{fragment}", self.path, url.path()))
    }
}

/// The host, and the port unless it is the default port of the scheme.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
