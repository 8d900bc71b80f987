//! Security headers on every response.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header, header::InvalidHeaderValue};
use axum_clerk::{Clerk, CspNonce, CspPolicy, CspSourceError, CspSources};

use crate::{config::CspConfig, csp_report};

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

/// Why there is no Content Security Policy.
#[derive(Debug, thiserror::Error)]
pub enum SecurityHeadersError {
    /// A URL of Clerk's configuration cannot be in a header.
    #[error("the Content Security Policy cannot be sent, check the URLs of Clerk: {0}")]
    Policy(#[from] InvalidHeaderValue),
    /// What the deployment adds is not valid.
    #[error("the Content Security Policy cannot be extended: {0}")]
    Source(#[from] CspSourceError),
}

/// The headers, prepared once at startup.
#[derive(Debug)]
pub struct SecurityHeaders {
    policy: CspPolicy,
    policy_name: HeaderName,
    fixed: HeaderMap,
}

impl SecurityHeaders {
    /// Prepares the headers of pages with Clerk's scripts and WebAssembly. `reload_port` is that of `cargo leptos watch`, and `https`
    /// whether browsers reach the app over HTTPS.
    ///
    /// # Errors
    ///
    /// See [`SecurityHeadersError`].
    pub fn new(
        clerk: &Clerk,
        csp: &CspConfig,
        reload_port: Option<u32>,
        https: bool,
    ) -> Result<Self, SecurityHeadersError> {
        let mut sources = CspSources::of(clerk);
        sources.script.insert(0, "'wasm-unsafe-eval'".to_owned());
        sources.strict_dynamic = true;
        sources.report_uri = Some(csp_report::PATH.to_owned());
        sources.add(&csp.extra)?;
        if let Some(port) = reload_port {
            let hosts = ["localhost", "127.0.0.1"];
            sources
                .connect
                .extend(hosts.map(|host| format!("ws://{host}:{port}")));
        }
        let fixed =
            FIXED.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut fixed: HeaderMap = fixed.into_iter().collect();
        if https {
            fixed.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
        }
        Ok(Self {
            policy: sources.policy()?,
            policy_name: match csp.report_only {
                true => header::CONTENT_SECURITY_POLICY_REPORT_ONLY,
                false => header::CONTENT_SECURITY_POLICY,
            },
            fixed,
        })
    }

    /// Adds the headers that keep browsers from misreading a response of Clerk, which decides about its other headers.
    pub(crate) fn apply_to_proxied(&self, headers: &mut HeaderMap) {
        for name in [header::X_CONTENT_TYPE_OPTIONS, header::STRICT_TRANSPORT_SECURITY] {
            if let Some(value) = self.fixed.get(&name) {
                headers.insert(name, value.clone());
            }
        }
    }

    pub(crate) fn apply(&self, headers: &mut HeaderMap, nonce: &CspNonce) {
        // With room for the policy and the name of the request: a map that grows is hashed again.
        headers.reserve(self.fixed.len() + 2);
        for (name, value) in &self.fixed {
            headers.insert(name, value.clone());
        }
        headers.insert(&self.policy_name, self.policy.header(nonce));
    }
}
