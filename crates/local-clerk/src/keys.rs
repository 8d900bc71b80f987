//! The keys of the local Clerk, generated on this machine at the first start.

mod fixed;
mod pool;

use aws_lc_rs::{
    constant_time, digest,
    encoding::{AsDer as _, PublicKeyX509Der},
    error::Unspecified,
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    id,
    store::{self, Document, Store},
};

pub(crate) use fixed::{
    CheckKey, FixedKeys, check_publishable_key, check_secret_key, check_signing_key,
    check_webhook_signing_secret,
};
pub(crate) use pool::keep_ready;

/// The kind of Clerk instance that the local Clerk behaves as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Instance {
    /// A development instance: browsers are identified by a dev browser token, `__clerk_db_jwt`.
    #[default]
    Development,
    /// A production instance: browsers are identified by the HttpOnly cookie `__client`.
    Production,
}

impl Instance {
    const ALL: [Self; 2] = [Self::Development, Self::Production];

    /// The Frontend API host that the publishable key names, unless a seed fixes it. The name does not resolve.
    const fn host(self) -> &'static str {
        match self {
            Self::Development => "local.clerk.accounts.dev",
            Self::Production => "clerk.local.test",
        }
    }

    const fn environment(self) -> &'static str {
        match self {
            Self::Development => "test",
            Self::Production => "live",
        }
    }

    /// The value of `instance_environment_type`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error("the stored signing key cannot be read: delete the data file to generate a new one")]
    Unusable,
    #[error("the {0} in [keys] of the seed is for another kind of instance: this one has keys with _{1}_")]
    OtherKind(&'static str, &'static str),
    #[error("no signing key could be generated")]
    Generate(#[from] Unspecified),
}

/// The keys of a local Clerk, with which an app is configured to use it.
#[derive(Debug)]
pub struct Keys {
    pub(crate) publishable_key: String,
    pub(crate) secret_key: SecretString,
    pub(crate) jwt_key: String,
    pub(crate) webhook_secret: SecretString,
    pub(crate) instance: Instance,
    pub(crate) instance_id: String,
    pub(crate) cookie_suffix: String,
    /// The host of the Frontend API that the publishable key names.
    pub(crate) host: String,
    signing: KeyPair,
}

/// The keys as they are stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredKeys {
    instance_id: String,
    secret: String,
    /// PKCS #8, base64.
    signing_key: String,
    #[serde(default = "webhook_secret")]
    webhook_secret: String,
    /// The Frontend API host that a seed has fixed.
    #[serde(default)]
    host: Option<String>,
}

impl Document for StoredKeys {
    const KIND: &'static str = "keys";
    fn id(&self) -> &str {
        Self::ID
    }
}

impl Keys {
    /// Returns the publishable key, `pk_test_…` or `pk_live_…`.
    #[must_use]
    pub fn publishable_key(&self) -> &str {
        &self.publishable_key
    }

    /// Returns the secret key for the Backend API, `sk_test_…` or `sk_live_…`.
    #[must_use]
    pub fn secret_key(&self) -> &str {
        self.secret_key.expose_secret()
    }

    /// Returns the public key that verifies session tokens, in PEM format.
    #[must_use]
    pub fn jwt_key(&self) -> &str {
        &self.jwt_key
    }

    /// Returns the signing secret of webhooks, `whsec_…`.
    #[must_use]
    pub fn webhook_secret(&self) -> &str {
        self.webhook_secret.expose_secret()
    }

    /// Loads the keys from the store, or generates them; and replaces and stores those that are fixed.
    pub(crate) fn load(
        store: &Store<'_>,
        instance: Instance,
        fixed: &FixedKeys,
        now: i64,
    ) -> Result<Self, Error> {
        let mut stored = match store.get::<StoredKeys>(StoredKeys::ID)? {
            Some(stored) => stored,
            None => StoredKeys::generate(fixed.signing_key.is_some(), now)?,
        };
        stored.fix(fixed, instance)?;
        // They may be new, or have been stored by a version without webhooks.
        store.put(&stored)?;
        let pkcs8 = STANDARD
            .decode(&stored.signing_key)
            .map_err(|_| Error::Unusable)?;
        let signing = KeyPair::from_pkcs8(&pkcs8).map_err(|_| Error::Unusable)?;
        let host = stored.host.unwrap_or_else(|| instance.host().to_owned());
        let publishable_key = publishable_key(instance, &host);
        Ok(Self {
            cookie_suffix: cookie_suffix(&publishable_key),
            publishable_key,
            secret_key: format!("sk_{}_{}", instance.environment(), stored.secret).into(),
            jwt_key: pem(&signing)?,
            webhook_secret: stored.webhook_secret.into(),
            instance,
            instance_id: stored.instance_id,
            host,
            signing,
        })
    }

    /// The `iss` claim.
    pub(crate) fn issuer(&self) -> String {
        format!("https://{}", self.host)
    }

    pub(crate) fn jwks(&self) -> Value {
        let public = self.signing.public_key();
        json!({ "keys": [{
            "use": "sig",
            "kty": "RSA",
            "kid": self.instance_id,
            "alg": "RS256",
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
        }] })
    }

    /// Signs a JWT with these claims; `header` adds to `alg`, `typ` and `kid`.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = self.message(header, claims);
        let signature = self.signature(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Returns the claims of a JWT that was signed with this key. It may have expired.
    pub(crate) fn verified_claims(&self, token: &str) -> Option<Value> {
        let (message, signature) = token.rsplit_once('.')?;
        let public = self.signing.public_key();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public.as_ref())
            .verify(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?)
            .ok()?;
        let (_, claims) = message.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// Returns how long such a JWT is, in bytes.
    pub(crate) fn signed_length(&self, header: &Value, claims: &Value) -> usize {
        let signature = (self.signing.public_modulus_len() * 4).div_ceil(3);
        self.message(header, claims).len() + 1 + signature
    }

    /// Returns a JWT without its signature.
    fn message(&self, header: &Value, claims: &Value) -> String {
        let mut full = json!({ "alg": "RS256", "typ": "JWT", "kid": self.instance_id });
        if let (Some(full), Some(extra)) = (full.as_object_mut(), header.as_object()) {
            full.extend(extra.clone());
        }
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}", encode(&full), encode(claims))
    }

    #[expect(
        clippy::expect_used,
        reason = "a 2048-bit key signs any message into a buffer of its own length"
    )]
    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.signing.public_modulus_len()];
        self.signing
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .expect("the signing key signs");
        signature
    }

    pub(crate) fn is_secret_key(&self, candidate: &str) -> bool {
        let expected = self.secret_key.expose_secret().as_bytes();
        constant_time::verify_slices_are_equal(expected, candidate.as_bytes()).is_ok()
    }
}

impl StoredKeys {
    pub(crate) const ID: &str = "keys";

    /// Generates all keys, except for the signing key if it is known.
    fn generate(signing_key_is_known: bool, now: i64) -> Result<Self, Error> {
        Ok(Self {
            instance_id: id::new("ins", now),
            secret: id::alphanumeric::<42>(),
            signing_key: if signing_key_is_known {
                String::new()
            } else {
                pool::take()?
            },
            webhook_secret: webhook_secret(),
            host: None,
        })
    }
}

/// Returns a publishable key with a host that no other instance has. The names of cookies follow from it.
pub(crate) fn new_publishable_key(instance: Instance) -> String {
    let name = id::alphanumeric::<12>().to_lowercase();
    let host = match instance {
        Instance::Development => format!("local-{name}.clerk.accounts.dev"),
        Instance::Production => format!("clerk.local-{name}.test"),
    };
    publishable_key(instance, &host)
}

fn publishable_key(instance: Instance, host: &str) -> String {
    let host = STANDARD_NO_PAD.encode(format!("{host}$"));
    format!("pk_{}_{host}", instance.environment())
}

fn webhook_secret() -> String {
    let mut bytes = [0; 24];
    id::fill(&mut bytes);
    format!("whsec_{}", STANDARD.encode(bytes))
}

fn pem(signing: &KeyPair) -> Result<String, Error> {
    let der: PublicKeyX509Der<'_> = signing.public_key().as_der()?;
    let base64 = STANDARD.encode(der.as_ref());
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    Ok(format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        lines.join("\n")
    ))
}

/// The suffix that clerk-js and the SDKs append to cookie names: the start of the SHA-1 of the publishable key,
/// in base64url.
fn cookie_suffix(publishable_key: &str) -> String {
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, publishable_key.as_bytes());
    URL_SAFE_NO_PAD.encode(hash)[..8].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_the_cookie_suffixes_of_the_official_sdk() {
        assert_eq!(cookie_suffix("pk_live_Y2xlcmsuY2xlcmsuZGV2JA"), "1Z8AzTQD");
        assert_eq!(cookie_suffix("pk_test_Y2xlcmsuY2xlcmsuZGV2JA"), "QvfNY2dr");
    }
}
