//! Validation of options.

use secrecy::ExposeSecret;
use url::Url;

use super::{
    error::OptionsError,
    options::Options,
    publishable_key::{InstanceType, PublishableKey},
};

/// Checks the options as a whole and returns the parsed publishable key.
pub(crate) fn check(options: &Options) -> Result<PublishableKey, OptionsError> {
    let key = check_keys(options)?;
    check_urls(options)?;
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
    if let Some(domain) = &options.domain {
        let is_host = Url::parse(&format!("https://clerk.{domain}"))
            .is_ok_and(|url| url.path() == "/" && url.query().is_none() && url.username().is_empty());
        if domain.contains(['/', '@', '?', '#']) || !is_host {
            return Err(OptionsError::DomainMalformed);
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

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}
