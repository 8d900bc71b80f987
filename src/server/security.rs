//! Security headers on every response, with a fresh nonce for the scripts of each page.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use axum_clerk::{Clerk, CspNonce, CspSources};

use crate::config::Config;

/// Headers with the same value on every response.
const FIXED: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    // Signing in with a provider may open a popup that talks back to the page.
    ("cross-origin-opener-policy", "same-origin-allow-popups"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    ),
];

/// Two years; the preload list requires at least one.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// What the headers depend on, computed once at startup.
#[derive(Debug)]
pub(crate) struct SecurityHeaders {
    /// The Content Security Policy before and after the nonce.
    policy: (String, String),
    /// The headers with the same value on every response.
    fixed: HeaderMap,
}

impl SecurityHeaders {
    pub(crate) fn new(clerk: &Clerk, config: &Config) -> Self {
        let mut clerk = CspSources::of(clerk);
        if config.watch {
            let port = config.leptos.reload_port;
            let hosts = ["localhost", "127.0.0.1"];
            clerk
                .connect
                .extend(hosts.map(|host| format!("ws://{host}:{port}")));
        }
        let directive = |own: &str, sources: &[String]| {
            let sources = sources.iter().map(|source| format!(" {source}"));
            format!("{own}{}", sources.collect::<String>())
        };
        let after_nonce = [
            directive("' 'wasm-unsafe-eval'", &clerk.script),
            directive("style-src 'self'", &clerk.style),
            directive("connect-src 'self'", &clerk.connect),
            directive("img-src 'self' data:", &clerk.img),
            "font-src 'self'".to_owned(),
            "manifest-src 'self'".to_owned(),
            directive("worker-src 'self'", &clerk.worker),
            directive("frame-src 'self'", &clerk.frame),
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'".to_owned(),
        ];
        let fixed =
            FIXED.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut fixed: HeaderMap = fixed.into_iter().collect();
        if config.app_url.scheme() == "https" {
            fixed.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
        }
        Self {
            policy: (
                "default-src 'none'; script-src 'self' 'nonce-".to_owned(),
                after_nonce.join("; "),
            ),
            fixed,
        }
    }

    fn apply(&self, headers: &mut HeaderMap, nonce: &CspNonce) {
        for (name, value) in &self.fixed {
            headers.insert(name, value.clone());
        }
        let (before, after) = &self.policy;
        // Invalid only with control characters, which neither the origin of a URL nor a nonce contains.
        if let Ok(policy) = HeaderValue::try_from(format!("{before}{nonce}{after}")) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// Generates the nonce of a request, and sets the headers on its response.
pub(crate) async fn security_headers(
    State(security): State<Arc<SecurityHeaders>>,
    mut request: Request,
    next: Next,
) -> Response {
    let nonce = CspNonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    security.apply(response.headers_mut(), &nonce);
    response
}
