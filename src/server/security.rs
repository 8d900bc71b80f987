//! Security headers on every answer, with a fresh nonce for the scripts of each page.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use axum_clerk::clerk_auth::ClientOptions;
use leptos::nonce::Nonce;
use std::sync::Arc;
use url::Url;

/// Hosts that Clerk's components may load scripts from, beside its own: bot protection and billing.
const CLERK_SCRIPTS: &[&str] = &[
    "https://challenges.cloudflare.com",
    "https://*.protect.clerk.com",
    "https://js.stripe.com",
    "https://*.js.stripe.com",
    "https://maps.googleapis.com",
];
const CLERK_CONNECTIONS: &[&str] = &[
    "https://*.protect.clerk.com:*",
    "https://img.clerk.com",
    "https://api.stripe.com",
    "https://maps.googleapis.com",
];
const CLERK_TELEMETRY: &[&str] = &["https://clerk-telemetry.com", "https://*.clerk-telemetry.com"];
const CLERK_FRAMES: &[&str] = &[
    "https://challenges.cloudflare.com",
    "https://*.protect.clerk.com",
    "https://js.stripe.com",
    "https://*.js.stripe.com",
    "https://hooks.stripe.com",
];
const CLERK_IMAGES: &[&str] = &["https://img.clerk.com"];

/// Headers whose value is the same for every answer.
const FIXED: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    // Sign-in with a provider may open a popup that talks back to the page.
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin-allow-popups",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    ),
];

/// Two years, as the preload list asks for at least one.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// What the headers depend on; made once at start.
#[derive(Debug)]
pub(crate) struct SecurityHeaders {
    /// The Content Security Policy up to the nonce, and after it.
    policy: (String, String),
    https: bool,
}

impl SecurityHeaders {
    /// `frontend_api` is the address clerk-js talks to: a path of the app, or a URL. `reload_port`
    /// is the port of `cargo leptos watch`, if that runs.
    pub(crate) fn new(
        client: &ClientOptions,
        frontend_api: &str,
        app_url: &Url,
        reload_port: Option<u32>,
    ) -> Self {
        let real = |hosts: &'static [&'static str]| hosts.iter().copied().filter(|_| !client.local);
        let join = |first: &str, sources: &[String]| {
            let mut joined = first.to_owned();
            for source in sources {
                joined.push(' ');
                joined.push_str(source);
            }
            joined
        };

        let mut scripts: Vec<String> = [&client.clerk_js_url, &client.clerk_ui_url]
            .into_iter()
            .filter_map(|url| origin(url))
            .collect();
        scripts.dedup();
        scripts.extend(real(CLERK_SCRIPTS).map(str::to_owned));

        let mut connections: Vec<String> = origin(frontend_api).into_iter().collect();
        connections.extend(real(CLERK_CONNECTIONS).map(str::to_owned));
        if !client.telemetry_disabled {
            connections.extend(real(CLERK_TELEMETRY).map(str::to_owned));
        }
        if let Some(port) = reload_port {
            connections.extend(["localhost", "127.0.0.1"].map(|host| format!("ws://{host}:{port}")));
        }

        let images: Vec<String> = real(CLERK_IMAGES).map(str::to_owned).collect();
        let frames: Vec<String> = real(CLERK_FRAMES).map(str::to_owned).collect();

        let before = "default-src 'none'; script-src 'self' 'nonce-".to_owned();
        let after = [
            join("' 'wasm-unsafe-eval'", &scripts),
            // Clerk's components insert their styles as they render.
            "style-src 'self' 'unsafe-inline'".to_owned(),
            join("connect-src 'self'", &connections),
            join("img-src 'self' data:", &images),
            "font-src 'self'".to_owned(),
            "manifest-src 'self'".to_owned(),
            // clerk-js polls from a worker made of a blob.
            "worker-src 'self' blob:".to_owned(),
            join("frame-src 'self'", &frames),
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'".to_owned(),
        ]
        .join("; ");
        Self {
            policy: (before, after),
            https: app_url.scheme() == "https",
        }
    }

    fn apply(&self, headers: &mut HeaderMap, nonce: &Nonce) {
        for (name, value) in FIXED {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if self.https {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
        }
        let (before, after) = &self.policy;
        // Invalid only with control characters, which neither a URL's origin nor a nonce has.
        if let Ok(policy) = HeaderValue::try_from(format!("{before}{nonce}{after}")) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// Mints the nonce for the request, and sets the headers on its answer.
pub(crate) async fn security_headers(
    State(security): State<Arc<SecurityHeaders>>,
    mut request: Request,
    next: Next,
) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    security.apply(response.headers_mut(), &nonce);
    response
}

/// The origin of an absolute URL; none for a path.
fn origin(url: &str) -> Option<String> {
    Url::parse(url).ok().map(|url| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(client: &ClientOptions, frontend_api: &str, reload_port: Option<u32>) -> String {
        let app_url = Url::parse("https://app.example").unwrap();
        let mut headers = HeaderMap::new();
        SecurityHeaders::new(client, frontend_api, &app_url, reload_port)
            .apply(&mut headers, &Nonce::from_value("abc"));
        headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn the_local_clerk_needs_no_other_host() {
        let client = ClientOptions {
            clerk_js_url: "/__clerk/npm/@clerk/clerk-js@6/dist/clerk.browser.js".into(),
            clerk_ui_url: "/__clerk/npm/@clerk/ui@1/dist/ui.browser.js".into(),
            local: true,
            ..Default::default()
        };
        let policy = policy(&client, "/__clerk", None);
        assert!(
            policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"),
            "{policy}"
        );
        assert!(policy.contains("connect-src 'self';"), "{policy}");
        assert!(!policy.contains("http"), "{policy}");
        assert!(!policy.contains("'unsafe-eval'"), "{policy}");
    }

    #[test]
    fn a_real_instance_adds_its_frontend_api_and_what_clerk_loads() {
        let script = "https://clerk.example.com/npm/@clerk/clerk-js@6/dist/clerk.browser.js".to_owned();
        let mut client = ClientOptions {
            clerk_js_url: script.clone(),
            clerk_ui_url: script,
            ..Default::default()
        };
        let with_telemetry = policy(&client, "https://clerk.example.com", Some(3001));
        for expected in [
            "script-src 'self' 'nonce-abc' 'wasm-unsafe-eval' https://clerk.example.com https://challenges.cloudflare.com",
            "connect-src 'self' https://clerk.example.com ",
            "https://clerk-telemetry.com",
            "ws://localhost:3001",
            "frame-src 'self' https://challenges.cloudflare.com",
            "img-src 'self' data: https://img.clerk.com",
        ] {
            assert!(
                with_telemetry.contains(expected),
                "{expected} is not in {with_telemetry}"
            );
        }
        client.telemetry_disabled = true;
        assert!(!policy(&client, "https://clerk.example.com", None).contains("telemetry"));
    }
}
