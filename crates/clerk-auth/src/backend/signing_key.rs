//! The RSA keys that sign tokens.

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::Deserialize;

/// A public key, decoded once.
#[derive(Clone, Debug)]
pub(super) struct SigningKey {
    /// The one algorithm the key is for; any RSA one when it does not say.
    algorithm: Option<String>,
    /// None when the key is not a usable RSA key.
    key: Option<DecodingKey>,
}

/// A key of a JSON Web Key Set.
#[derive(Debug, Deserialize)]
pub(super) struct Jwk {
    pub(super) kid: Option<String>,
    kty: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

/// The key cannot verify tokens of this algorithm.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnusableKey;

impl SigningKey {
    /// Reads a PEM public key: whole, with `\n` escapes as environment files have them, or its bare base64.
    pub(super) fn from_pem(pem: &str) -> Option<Self> {
        let body: String = pem
            .replace("\\n", "\n")
            .replace("-----BEGIN PUBLIC KEY-----", "")
            .replace("-----END PUBLIC KEY-----", "")
            .split_whitespace()
            .collect();
        let der = STANDARD.decode(body).ok()?;
        ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &der).ok()?;
        Some(Self {
            algorithm: Some("RS256".to_owned()),
            key: Some(DecodingKey::from_rsa_der(&der)),
        })
    }

    pub(super) fn from_jwk(jwk: Jwk) -> Self {
        let key = match (jwk.kty.as_deref(), &jwk.n, &jwk.e) {
            (Some("RSA"), Some(n), Some(e)) => DecodingKey::from_rsa_components(n, e).ok(),
            _ => None,
        };
        Self {
            algorithm: jwk.alg,
            key,
        }
    }

    /// Whether `signature` (base64url) is this key's over `signed`.
    ///
    /// # Errors
    /// The key is of another algorithm, or is none that can be used.
    pub(super) fn verify(&self, algorithm: &str, signed: &str, signature: &str) -> Result<bool, UnusableKey> {
        if self.algorithm.as_deref().is_some_and(|own| own != algorithm) {
            return Err(UnusableKey);
        }
        let key = self.key.as_ref().ok_or(UnusableKey)?;
        let algorithm = match algorithm {
            "RS256" => Algorithm::RS256,
            "RS384" => Algorithm::RS384,
            "RS512" => Algorithm::RS512,
            _ => return Err(UnusableKey),
        };
        crypto::verify(signature, signed.as_bytes(), key, algorithm).map_err(|_| UnusableKey)
    }
}
