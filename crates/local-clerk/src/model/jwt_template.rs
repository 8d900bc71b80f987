//! JWT templates: claims chosen by the app, for tokens that third parties accept.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{error::ApiError, id, store::Document};

/// The claims that Clerk itself sets.
const RESERVED: [&str; 7] = ["azp", "exp", "iat", "iss", "jti", "nbf", "sub"];

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct JwtTemplate {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) claims: Map<String, Value>,
    /// Seconds.
    pub(crate) lifetime: i64,
    pub(crate) allowed_clock_skew: i64,
    /// Replaces the instance's signing key.
    pub(crate) signing_key: Option<SigningKey>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SigningKey {
    pub(crate) algorithm: Algorithm,
    /// A shared secret, or a private key as PEM.
    key: String,
}

impl Document for JwtTemplate {
    const KIND: &'static str = "jwt_template";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.name)
    }
}

/// Returns a claim among these that templates cannot set.
pub(crate) fn reserved_claim(claims: &Map<String, Value>) -> Option<&'static str> {
    RESERVED.into_iter().find(|name| claims.contains_key(*name))
}

impl JwtTemplate {
    pub(crate) fn new(name: &str, claims: Map<String, Value>, now: i64) -> Self {
        Self {
            id: id::new("jtmp", now),
            name: name.to_owned(),
            claims,
            lifetime: 60,
            allowed_clock_skew: 5,
            signing_key: None,
            created_at: now,
            updated_at: now,
        }
    }
}

impl SigningKey {
    /// Creates a signing key.
    ///
    /// # Errors
    /// If the algorithm is unknown, or the key does not fit it.
    pub(crate) fn new(algorithm: &str, key: &str) -> Result<Self, ApiError> {
        let algorithm = algorithm.parse().map_err(|_| {
            ApiError::value_invalid(
                "signing_algorithm",
                format!("{algorithm} is not a signing algorithm."),
            )
        })?;
        let made = Self {
            algorithm,
            key: key.to_owned(),
        };
        match made.sign(None, &json!({})) {
            Some(_) => Ok(made),
            None => Err(ApiError::value_invalid(
                "signing_key",
                "The signing key does not fit the signing algorithm.",
            )),
        }
    }

    /// Signs claims, with this `cat` header. Returns `None` if the key does not fit the algorithm.
    pub(crate) fn sign(&self, category: Option<&str>, claims: &Value) -> Option<String> {
        let pem = self.key.as_bytes();
        let key = match self.algorithm {
            Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => Ok(EncodingKey::from_secret(pem)),
            Algorithm::ES256 | Algorithm::ES384 => EncodingKey::from_ec_pem(pem),
            Algorithm::EdDSA => EncodingKey::from_ed_pem(pem),
            _ => EncodingKey::from_rsa_pem(pem),
        };
        let mut header = Header::new(self.algorithm);
        if let Some(category) = category {
            header.extras.insert("cat".to_owned(), category.to_owned());
        }
        jsonwebtoken::encode(&header, claims, &key.ok()?).ok()
    }
}
