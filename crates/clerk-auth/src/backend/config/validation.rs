//! Validation of options.

use secrecy::ExposeSecret;
use url::{Host, Url};

use super::{
    error::OptionsError,
    options::Options,
    publishable_key::{InstanceType, PublishableKey},
};

/// Checks the options as a whole and returns the parsed publishable key.
pub(crate) fn check(options: &Options) -> Result<PublishableKey, OptionsError> {
    let key = check_keys(options)?;
    check_urls(options)?;
    if key.instance_type() == InstanceType::Production {
        check_encryption(options)?;
    }
    if options.is_satellite {
        check_satellite(options, &key)?;
    }
    Ok(key)
}

fn check_keys(options: &Options) -> Result<PublishableKey, OptionsError> {
    if options.publishable_key.is_empty() {
        return Err(OptionsError::PublishableKeyMissing);
    }
    let key = PublishableKey::parse(&options.publishable_key)
        .filter(|key| Url::parse(&format!("https://{}", key.frontend_api())).is_ok())
        .ok_or(OptionsError::PublishableKeyMalformed)?;
    let secret = options.secret_key.expose_secret();
    if secret.is_empty() {
        return Err(OptionsError::SecretKeyMissing);
    }
    let secret_type = match secret.strip_prefix("sk_").unwrap_or(secret) {
        secret if !secret.bytes().all(|byte| byte.is_ascii_graphic()) => None,
        secret if secret.starts_with("test_") => Some(InstanceType::Development),
        secret if secret.starts_with("live_") => Some(InstanceType::Production),
        _ => None,
    }
    .ok_or(OptionsError::SecretKeyMalformed)?;
    if secret_type != key.instance_type() {
        let name = |instance_type| match instance_type {
            InstanceType::Development => "development",
            InstanceType::Production => "production",
        };
        return Err(OptionsError::KeysOfTwoInstances {
            publishable: name(key.instance_type()),
            secret: name(secret_type),
        });
    }
    Ok(key)
}

fn check_urls(options: &Options) -> Result<(), OptionsError> {
    let fail = |variable, problem| Err(OptionsError::Url { variable, problem });
    if !is_http(&options.api_url) {
        return fail(
            "CLERK_API_URL",
            "expected an http or https URL such as https://api.clerk.com",
        );
    }
    let version = &options.api_version;
    if version.is_empty() || !version.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(OptionsError::ApiVersionMalformed);
    }
    if let Some(proxy_url) = &options.proxy_url
        && !proxy_url.starts_with('/')
        && !Url::parse(proxy_url).is_ok_and(|url| is_http(&url))
    {
        return fail(
            "CLERK_PROXY_URL",
            "expected an http or https URL, or a path of this application such as /__clerk",
        );
    }
    if let Some(url) = &options.fapi_url {
        if !is_http(url) {
            return fail("CLERK_FAPI_URL", "expected an http or https URL");
        }
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return fail(
                "CLERK_FAPI_URL",
                "it must not have credentials, a query string or a fragment",
            );
        }
    }
    if !options
        .allowed_redirect_origins
        .iter()
        .all(|text| is_origin(text))
    {
        return fail(
            "CLERK_ALLOWED_REDIRECT_ORIGINS",
            "expected http or https origins without a path, such as https://satellite.example",
        );
    }
    if let Some(domain) = &options.domain {
        let is_host = Url::parse(&format!("https://clerk.{domain}"))
            .is_ok_and(|url| url.path() == "/" && url.query().is_none() && url.username().is_empty());
        if domain.contains(['/', '@', '?', '#']) || !is_host {
            return Err(OptionsError::DomainMalformed);
        }
    }
    Ok(())
}

/// The secret key is sent to the Backend API, and by the proxy to the Frontend API.
fn check_encryption(options: &Options) -> Result<(), OptionsError> {
    let urls = [
        ("CLERK_API_URL", Some(&options.api_url)),
        ("CLERK_FAPI_URL", options.fapi_url.as_ref()),
    ];
    for (variable, url) in urls {
        if url.is_some_and(|url| url.scheme() == "http" && !is_loopback(url)) {
            return Err(OptionsError::ClearText { variable });
        }
    }
    Ok(())
}

fn check_satellite(options: &Options, key: &PublishableKey) -> Result<(), OptionsError> {
    match &options.sign_in_url {
        None if key.instance_type() == InstanceType::Development => {
            Err(OptionsError::SatelliteSignInUrlMissing)
        }
        Some(url) if !Url::parse(url).is_ok_and(|url| is_http(&url)) => Err(OptionsError::Url {
            variable: "CLERK_SIGN_IN_URL",
            problem: "a satellite (CLERK_IS_SATELLITE) needs the absolute URL of its primary's sign-in page",
        }),
        _ if options.proxy_url.is_none() && options.domain.is_none() => {
            Err(OptionsError::SatelliteDomainMissing)
        }
        _ => Ok(()),
    }
}

fn is_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let origin = url.origin().ascii_serialization();
        is_http(&url) && url.as_str().trim_end_matches('/') == origin
    })
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// Returns whether a URL's host is this machine: `localhost`, a name below it, or a loopback address.
///
/// ```
/// use clerk_auth::is_loopback;
///
/// assert!(is_loopback(&"http://localhost:3000".parse()?));
/// assert!(!is_loopback(&"https://example.com".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
