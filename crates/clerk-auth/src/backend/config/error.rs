//! Errors of [`Options`](crate::Options).

use super::path_pattern::PatternError;

pub(crate) const API_KEYS: &str = "https://dashboard.clerk.com/~/api-keys";
const DOMAINS: &str = "https://dashboard.clerk.com/~/domains";

/// A mistake in [`Options`](crate::Options). The message names the environment variable, what is wrong with
/// it and where to find the right value; it never contains a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// There is no publishable key.
    #[error("CLERK_PUBLISHABLE_KEY is missing: copy it from {API_KEYS}")]
    PublishableKeyMissing,
    /// The publishable key cannot be decoded.
    #[error(
        "CLERK_PUBLISHABLE_KEY is malformed: expected pk_test_… or pk_live_…, exactly as shown at {API_KEYS}"
    )]
    PublishableKeyMalformed,
    /// There is no secret key.
    #[error("CLERK_SECRET_KEY is missing: copy it from {API_KEYS}")]
    SecretKeyMissing,
    /// The secret key has the wrong form.
    #[error("CLERK_SECRET_KEY is malformed: expected sk_test_… or sk_live_…, exactly as shown at {API_KEYS}")]
    SecretKeyMalformed,
    /// One key belongs to a development instance and the other to a production instance.
    #[error(
        "CLERK_PUBLISHABLE_KEY is of a {publishable} instance, CLERK_SECRET_KEY of a {secret} one: \
         copy both from the same page of {API_KEYS}"
    )]
    KeysOfTwoInstances {
        /// The kind of instance of the publishable key.
        publishable: &'static str,
        /// The kind of instance of the secret key.
        secret: &'static str,
    },
    /// The JWT key is not an RSA public key.
    #[error(
        "CLERK_JWT_KEY is malformed: expected the PEM public key shown at {API_KEYS} (-----BEGIN PUBLIC KEY-----)"
    )]
    JwtKeyMalformed,
    /// A URL is not of the kind required.
    #[error("{variable} is malformed: {problem}")]
    Url {
        /// The environment variable.
        variable: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The secret key of a production instance would be sent without encryption.
    #[error("{variable} is an http URL, so the secret key would be sent to it in clear text: use https")]
    ClearText {
        /// The environment variable.
        variable: &'static str,
    },
    /// The version of the Backend API has the wrong form.
    #[error("CLERK_API_VERSION is malformed: expected a version such as v1")]
    ApiVersionMalformed,
    /// The domain is not a host.
    #[error("CLERK_DOMAIN is malformed: expected a host without scheme or path, as shown at {DOMAINS}")]
    DomainMalformed,
    /// A satellite in development has no sign-in URL.
    #[error(
        "CLERK_SIGN_IN_URL is missing: a satellite (CLERK_IS_SATELLITE) of a development instance needs it"
    )]
    SatelliteSignInUrlMissing,
    /// A satellite has neither a domain nor a proxy URL.
    #[error(
        "CLERK_DOMAIN is missing: a satellite (CLERK_IS_SATELLITE) needs it, or CLERK_PROXY_URL; see {DOMAINS}"
    )]
    SatelliteDomainMissing,
    /// An organization or personal account pattern cannot be compiled.
    #[error("{variable} has an invalid pattern: {source}")]
    Pattern {
        /// The environment variable.
        variable: &'static str,
        /// What is wrong with the pattern.
        source: PatternError,
    },
    /// The HTTP client could not be built.
    #[error("the HTTP client for the Backend API could not be built: {0}")]
    HttpClient(#[source] reqwest::Error),
}
