//! Content Security Policy sources that Clerk's components need.

use clerk_auth::Clerk;
use url::Url;

/// Bot protection, billing and address completion.
const SCRIPT: &[&str] = &[
    "https://challenges.cloudflare.com",
    "https://*.protect.clerk.com",
    "https://js.stripe.com",
    "https://*.js.stripe.com",
    "https://maps.googleapis.com",
];
const CONNECT: &[&str] = &[
    "https://*.protect.clerk.com:*",
    "https://img.clerk.com",
    "https://api.stripe.com",
    "https://maps.googleapis.com",
];
const TELEMETRY: &[&str] = &["https://clerk-telemetry.com", "https://*.clerk-telemetry.com"];
const FRAME: &[&str] = &[
    "https://challenges.cloudflare.com",
    "https://*.protect.clerk.com",
    "https://js.stripe.com",
    "https://*.js.stripe.com",
    "https://hooks.stripe.com",
];
const IMG: &[&str] = &["https://img.clerk.com"];
/// clerk-js polls from a worker that it makes of a blob.
const WORKER: &[&str] = &["blob:"];
/// Clerk's components insert their styles as they render.
const STYLE: &[&str] = &["'unsafe-inline'"];

/// The sources that an application's Content Security Policy has to allow for Clerk, by directive. The application
/// adds its own, such as `'self'` and the nonce of its scripts.
///
/// ```
/// use axum_clerk::{Clerk, CspSources};
///
/// fn policy(clerk: &Clerk, nonce: &str) -> String {
///     let clerk = CspSources::of(clerk);
///     format!(
///         "default-src 'none'; script-src 'self' 'nonce-{nonce}' {}; connect-src 'self' {}; img-src 'self' {}; \
///          style-src 'self' {}; worker-src 'self' {}; frame-src 'self' {}",
///         clerk.script.join(" "),
///         clerk.connect.join(" "),
///         clerk.img.join(" "),
///         clerk.style.join(" "),
///         clerk.worker.join(" "),
///         clerk.frame.join(" "),
///     )
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CspSources {
    /// For `script-src`.
    pub script: Vec<String>,
    /// For `connect-src`.
    pub connect: Vec<String>,
    /// For `img-src`.
    pub img: Vec<String>,
    /// For `style-src`.
    pub style: Vec<String>,
    /// For `worker-src`.
    pub worker: Vec<String>,
    /// For `frame-src`.
    pub frame: Vec<String>,
}

impl CspSources {
    /// Returns the sources for one instance. A local Clerk needs none of Clerk's hosts.
    #[must_use]
    pub fn of(clerk: &Clerk) -> Self {
        let client = clerk.client_options();
        let hosted = |hosts: &'static [&'static str]| if client.local { &[][..] } else { hosts };
        let owned =
            |sources: &[&str]| -> Vec<String> { sources.iter().copied().map(str::to_owned).collect() };

        let scripts = [&client.clerk_js_url, &client.clerk_ui_url];
        let mut script: Vec<String> = scripts.into_iter().filter_map(|url| origin(url)).collect();
        script.dedup();
        script.extend(owned(hosted(SCRIPT)));

        let mut connect: Vec<String> = origin(&clerk.frontend_api_url()).into_iter().collect();
        connect.extend(owned(hosted(CONNECT)));
        if !client.telemetry_disabled {
            connect.extend(owned(hosted(TELEMETRY)));
        }
        Self {
            script,
            connect,
            img: owned(hosted(IMG)),
            style: owned(STYLE),
            worker: owned(WORKER),
            frame: owned(hosted(FRAME)),
        }
    }
}

/// Returns the origin of an absolute URL; `None` for a path, which `'self'` covers.
fn origin(url: &str) -> Option<String> {
    Url::parse(url).ok().map(|url| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use clerk_auth::Options;

    use super::*;

    fn options() -> Options {
        let publishable_key = format!("pk_live_{}", STANDARD.encode("clerk.app.example$"));
        Options::new(publishable_key, "sk_live_secret")
    }

    #[test]
    fn a_local_clerk_behind_the_proxy_needs_no_other_host() {
        let mut options = options();
        options.local = true;
        options.proxy_url = Some("/__clerk".to_owned());
        let sources = CspSources::of(&Clerk::new(options).unwrap());
        let expected = CspSources {
            style: vec!["'unsafe-inline'".to_owned()],
            worker: vec!["blob:".to_owned()],
            ..CspSources::default()
        };
        assert_eq!(sources, expected);
    }

    #[test]
    fn a_hosted_instance_adds_its_frontend_api_and_the_hosts_of_clerk() {
        let sources = CspSources::of(&Clerk::new(options()).unwrap());
        assert_eq!(
            sources.script[..2],
            ["https://clerk.app.example", "https://challenges.cloudflare.com"]
        );
        assert_eq!(sources.connect[0], "https://clerk.app.example");
        assert!(
            sources
                .connect
                .iter()
                .any(|source| source == "https://clerk-telemetry.com")
        );
        assert_eq!(sources.img, ["https://img.clerk.com"]);
        assert_eq!(sources.frame[0], "https://challenges.cloudflare.com");
    }

    #[test]
    fn without_telemetry_its_hosts_are_not_allowed() {
        let mut options = options();
        options.telemetry_disabled = true;
        let sources = CspSources::of(&Clerk::new(options).unwrap());
        assert!(!sources.connect.iter().any(|source| source.contains("telemetry")));
    }

    #[test]
    fn scripts_of_two_origins_are_both_allowed() {
        let mut options = options();
        options.clerk_js_url = Some("https://cdn.example/clerk.browser.js".to_owned());
        let sources = CspSources::of(&Clerk::new(options).unwrap());
        assert_eq!(
            sources.script[..2],
            ["https://cdn.example", "https://clerk.app.example"]
        );
    }
}
