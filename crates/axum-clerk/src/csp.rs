//! Content Security Policy sources that Clerk's components need, and a policy made of them.

mod extra;

use clerk_auth::Clerk;
use http::{HeaderValue, header::InvalidHeaderValue};
use url::Url;

use crate::CspNonce;
pub use extra::CspSourceError;

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
/// adds its own, and makes a [`CspPolicy`] of them, or another policy with `'self'` and the nonce of its scripts.
///
/// ```
/// use axum::http::HeaderValue;
/// use axum_clerk::{Clerk, CspNonce, CspPolicy, CspSources};
///
/// fn policy(clerk: &Clerk) -> Result<CspPolicy, Box<dyn std::error::Error>> {
///     let mut sources = CspSources::of(clerk);
///     sources.strict_dynamic = true;
///     sources.report_uri = Some("/csp-report".to_owned());
///     sources.add("img-src https://images.example")?;
///     Ok(sources.policy()?)
/// }
///
/// // For each response, with the nonce that stands on the scripts of its page.
/// fn header(policy: &CspPolicy, nonce: &CspNonce) -> HeaderValue {
///     policy.header(nonce)
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
    /// For `font-src`.
    pub font: Vec<String>,
    /// For `media-src`.
    pub media: Vec<String>,
    /// For `form-action`.
    pub form_action: Vec<String>,
    /// Whether scripts with the nonce may load further scripts, and all others need the nonce or a hash: browsers then
    /// ignore `'self'` and the hosts in `script-src` (`'strict-dynamic'`). Also preloaded modules need the nonce.
    ///
    /// An attacker who can inject a script tag then gains nothing from what the allowed hosts serve. clerk-js loads its
    /// parts in the way that this allows.
    pub strict_dynamic: bool,
    /// Where browsers report what the policy blocks: a path or URL, for [`CspReport`](crate::CspReport).
    pub report_uri: Option<String>,
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
            ..Self::default()
        }
    }
}

impl CspSources {
    /// Makes a policy that allows these sources, what the application serves itself, `data:` images, and scripts
    /// with the nonce. Nothing may frame its pages, and forms are sent to the application only.
    ///
    /// # Errors
    ///
    /// A source contains a control character.
    pub fn policy(&self) -> Result<CspPolicy, InvalidHeaderValue> {
        let directive = |own: &str, sources: &[String]| {
            let sources = sources.iter().map(|source| format!(" {source}"));
            format!("{own}{}", sources.collect::<String>())
        };
        let script = if self.strict_dynamic {
            "' 'strict-dynamic'"
        } else {
            "'"
        };
        let mut after = [
            directive(script, &self.script),
            directive("style-src 'self'", &self.style),
            directive("connect-src 'self'", &self.connect),
            directive("img-src 'self' data:", &self.img),
            directive("font-src 'self'", &self.font),
            directive("media-src 'self'", &self.media),
            "manifest-src 'self'".to_owned(),
            directive("worker-src 'self'", &self.worker),
            directive("frame-src 'self'", &self.frame),
            directive("form-action 'self'", &self.form_action),
            "base-uri 'none'; frame-ancestors 'none'".to_owned(),
        ]
        .join("; ");
        if let Some(uri) = &self.report_uri {
            after += "; report-uri ";
            after += uri;
        }
        HeaderValue::try_from(&after)?;
        Ok(CspPolicy {
            before: "default-src 'none'; script-src 'self' 'nonce-",
            after,
        })
    }
}

/// A Content Security Policy in which only the nonce is missing, so that it is put together once and not for every
/// response. Made by [`CspSources::policy`].
#[derive(Clone, Debug)]
pub struct CspPolicy {
    before: &'static str,
    /// Without control characters.
    after: String,
}

impl CspPolicy {
    /// Returns the value of `Content-Security-Policy` for a response with this nonce.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the parts have been checked")]
    pub fn header(&self, nonce: &CspNonce) -> HeaderValue {
        let policy = [self.before, nonce.as_str(), &self.after].concat();
        #[expect(clippy::expect_used, reason = "the parts have been checked")]
        HeaderValue::try_from(policy).expect("a valid policy")
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
    fn a_policy_contains_the_nonce_and_every_source() {
        let mut sources = CspSources::of(&Clerk::new(options()).unwrap());
        sources.script.insert(0, "'wasm-unsafe-eval'".to_owned());
        let nonce = CspNonce::new();
        let header = sources.policy().unwrap().header(&nonce);
        let policy = header.to_str().unwrap();
        let script =
            format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval' https://clerk.app.example ");
        assert!(policy.contains(&script), "{policy}");
        assert!(policy.starts_with("default-src 'none'; "));
        assert!(policy.contains("; frame-src 'self' https://challenges.cloudflare.com "));
        assert!(
            !policy.contains("strict-dynamic") && !policy.contains("report-uri"),
            "{policy}"
        );

        sources.strict_dynamic = true;
        sources.report_uri = Some("/csp-report".to_owned());
        let header = sources.policy().unwrap().header(&nonce);
        let policy = header.to_str().unwrap();
        let script =
            format!("script-src 'self' 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval' https://");
        assert!(policy.contains(&script), "{policy}");
        assert!(policy.ends_with("; report-uri /csp-report"), "{policy}");
        sources.img.push("\n".to_owned());
        assert!(sources.policy().is_err());
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
