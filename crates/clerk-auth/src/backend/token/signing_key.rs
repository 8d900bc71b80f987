//! RSA public keys that verify tokens.

use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RsaPublicKeyComponents,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::Deserialize;

use super::verified_signatures::{VerifiedSignatures, digest};

/// A decoded public key.
#[derive(Debug)]
pub(crate) struct SigningKey {
    /// The only algorithm the key may be used with; `None` for any RSA algorithm.
    algorithm: Option<String>,
    key: PublicKey,
    /// The signatures that this key has verified. They are forgotten with the key, when newer keys replace it.
    verified: VerifiedSignatures,
}

#[derive(Debug)]
enum PublicKey {
    /// A key for RS256.
    Parsed(ParsedPublicKey),
    Components(RsaPublicKeyComponents<Vec<u8>>),
    /// Not a usable RSA key.
    Unusable,
}

/// A key of a JSON Web Key Set.
#[derive(Debug, Deserialize)]
pub(crate) struct Jwk {
    pub(crate) kid: Option<String>,
    kty: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

/// The key cannot verify tokens of this algorithm.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnusableKey;

impl SigningKey {
    /// Parses a PEM public key: with line breaks, with `\n` escapes as in environment files, or as bare
    /// base64.
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        let body: String = pem
            .replace("\\n", "\n")
            .replace("-----BEGIN PUBLIC KEY-----", "")
            .replace("-----END PUBLIC KEY-----", "")
            .split_whitespace()
            .collect();
        let der = STANDARD.decode(body).ok()?;
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &der).ok()?;
        Some(Self {
            algorithm: Some("RS256".to_owned()),
            key: PublicKey::Parsed(key),
            verified: VerifiedSignatures::default(),
        })
    }

    pub(crate) fn from_jwk(jwk: Jwk) -> Self {
        let components = || {
            let decode = |text: Option<&String>| URL_SAFE_NO_PAD.decode(text?).ok();
            Some(RsaPublicKeyComponents {
                n: decode(jwk.n.as_ref())?,
                e: decode(jwk.e.as_ref())?,
            })
        };
        let key = match jwk.kty.as_deref() {
            Some("RSA") => components().map_or(PublicKey::Unusable, PublicKey::Components),
            _ => PublicKey::Unusable,
        };
        Self {
            algorithm: jwk.alg,
            key,
            verified: VerifiedSignatures::default(),
        }
    }

    /// Verifies `signature` (base64url) over `signed`.
    ///
    /// # Errors
    ///
    /// The key is for another algorithm, or is not a usable RSA key.
    pub(crate) fn verify(&self, algorithm: &str, signed: &str, signature: &str) -> Result<bool, UnusableKey> {
        if self.algorithm.as_deref().is_some_and(|own| own != algorithm) {
            return Err(UnusableKey);
        }
        let parameters = match algorithm {
            "RS256" => &RSA_PKCS1_2048_8192_SHA256,
            "RS384" => &RSA_PKCS1_2048_8192_SHA384,
            "RS512" => &RSA_PKCS1_2048_8192_SHA512,
            _ => return Err(UnusableKey),
        };
        let digest = digest([algorithm, signed, signature]);
        if self.verified.contains(&digest) {
            return Ok(true);
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| UnusableKey)?;
        let signed = signed.as_bytes();
        let is_valid = match &self.key {
            PublicKey::Parsed(key) => key.verify_sig(signed, &signature).is_ok(),
            PublicKey::Components(key) => key.verify(parameters, signed, &signature).is_ok(),
            PublicKey::Unusable => return Err(UnusableKey),
        };
        if is_valid {
            self.verified.insert(digest);
        }
        Ok(is_valid)
    }
}
