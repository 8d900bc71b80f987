//! Keys that a seed fixes, so that the configuration of an app never changes.

use aws_lc_rs::rsa::KeyPair;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use url::Host;

use super::{Error, Instance, StoredKeys};

/// The shortest secret of a key that is accepted.
const MIN_SECRET: usize = 16;

/// The keys that a seed fixes; `None` for those that are generated.
#[derive(Clone, Default)]
pub(crate) struct FixedKeys {
    pub(crate) publishable_key: Option<String>,
    pub(crate) secret_key: Option<String>,
    /// The private key that signs tokens, in PEM format.
    pub(crate) signing_key: Option<String>,
    pub(crate) webhook_signing_secret: Option<String>,
}

/// Checks one of the keys; an error says what is expected.
pub(crate) type CheckKey = fn(&str) -> Result<(), &'static str>;

pub(crate) fn check_publishable_key(key: &str) -> Result<(), &'static str> {
    let is_one = Instance::ALL
        .iter()
        .any(|instance| host(key, *instance).is_some());
    is_one
        .then_some(())
        .ok_or("must be pk_test_ or pk_live_, and the Base64 of a host and $")
}

pub(crate) fn check_secret_key(key: &str) -> Result<(), &'static str> {
    let is_one = Instance::ALL
        .iter()
        .any(|instance| secret(key, *instance).is_some());
    is_one
        .then_some(())
        .ok_or("must be sk_test_ or sk_live_, and at least 16 letters and digits")
}

pub(crate) fn check_signing_key(pem: &str) -> Result<(), &'static str> {
    pkcs8(pem)
        .map(|_| ())
        .ok_or("must be an RSA private key of at least 2048 bits (PKCS #8, PEM)")
}

pub(crate) fn check_webhook_signing_secret(secret: &str) -> Result<(), &'static str> {
    let bytes = secret
        .strip_prefix("whsec_")
        .and_then(|base64| STANDARD.decode(base64).ok());
    bytes
        .filter(|bytes| bytes.len() >= MIN_SECRET)
        .map(|_| ())
        .ok_or("must be whsec_, and the Base64 of at least 16 bytes")
}

/// The host in a publishable key for this kind of instance.
fn host(key: &str, instance: Instance) -> Option<String> {
    let base64 = key.strip_prefix(&format!("pk_{}_", instance.environment()))?;
    let bytes = STANDARD_NO_PAD.decode(base64.trim_end_matches('=')).ok()?;
    let host = String::from_utf8(bytes).ok()?.strip_suffix('$')?.to_owned();
    matches!(Host::parse(&host), Ok(Host::Domain(name)) if name == host).then_some(host)
}

/// The secret in a secret key for this kind of instance.
fn secret(key: &str, instance: Instance) -> Option<&str> {
    let secret = key.strip_prefix(&format!("sk_{}_", instance.environment()))?;
    let is_secret = secret.len() >= MIN_SECRET
        && secret
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_secret.then_some(secret)
}

/// The content of a PEM file with an RSA private key, in Base64.
fn pkcs8(pem: &str) -> Option<String> {
    let pem = pem.trim().strip_prefix("-----BEGIN PRIVATE KEY-----")?;
    let base64: String = pem
        .strip_suffix("-----END PRIVATE KEY-----")?
        .split_whitespace()
        .collect();
    // This accepts keys of 2048 to 8192 bits only.
    KeyPair::from_pkcs8(&STANDARD.decode(&base64).ok()?).ok()?;
    Some(base64)
}

impl StoredKeys {
    /// Replaces the keys that are fixed.
    ///
    /// # Errors
    /// If one of them is for the other kind of instance.
    pub(super) fn fix(&mut self, fixed: &FixedKeys, instance: Instance) -> Result<(), Error> {
        let other = |key| Error::OtherKind(key, instance.environment());
        if let Some(key) = &fixed.publishable_key {
            self.host = Some(host(key, instance).ok_or_else(|| other("publishable_key"))?);
        }
        if let Some(key) = &fixed.secret_key {
            self.secret = secret(key, instance)
                .ok_or_else(|| other("secret_key"))?
                .to_owned();
        }
        if let Some(pem) = &fixed.signing_key {
            self.signing_key = pkcs8(pem).ok_or(Error::Unusable)?;
        }
        if let Some(secret) = &fixed.webhook_signing_secret {
            self.webhook_secret.clone_from(secret);
        }
        Ok(())
    }

    /// Tells whether these keys are the ones that a seed fixes.
    pub(crate) fn are_fixed_to(&self, fixed: &FixedKeys, instance: Instance) -> bool {
        let mut same = self.clone();
        same.fix(fixed, instance).is_ok() && same == *self
    }
}
