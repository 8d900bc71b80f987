//! Shared fixtures of the tests: options, an instance's signing key, a stub of the Backend API.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::{
    api::{ApiError, RefreshRequest},
    authenticate::BackendClient,
    config::Options,
    machine_tokens::Answer,
    token::{KeySource, SigningKey, VerifyError},
};
use crate::TokenType;

/// The key of the host `clerk.clerk.dev`.
pub(crate) const DEV_KEY: &str = "pk_test_Y2xlcmsuY2xlcmsuZGV2JA";
pub(crate) const LIVE_KEY: &str = "pk_live_Y2xlcmsuY2xlcmsuZGV2JA";

pub(crate) fn options() -> Options {
    options_with_key(DEV_KEY)
}

/// Minimal options, with a secret key of the same type.
pub(crate) fn options_with_key(publishable_key: &str) -> Options {
    let secret_key = if publishable_key.starts_with("pk_live_") {
        "sk_live_deadbeef"
    } else {
        "sk_test_deadbeef"
    };
    let api_url = Url::parse("http://127.0.0.1:9").unwrap();
    Options {
        api_url,
        ..Options::new(publishable_key, secret_key)
    }
}

/// An instance's private key.
pub(crate) struct Signer(RsaKeyPair);

impl Signer {
    pub(crate) fn new() -> Self {
        Self(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    pub(crate) fn jwk(&self) -> Value {
        let public = self.0.public_key();
        let n = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let e = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        json!({"kid": "ins_1", "kty": "RSA", "alg": "RS256", "use": "sig", "n": n, "e": e})
    }

    pub(crate) fn key(&self) -> SigningKey {
        SigningKey::from_jwk(serde_json::from_value(self.jwk()).unwrap())
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_with(&json!({"alg": "RS256", "kid": "ins_1", "typ": "JWT"}), claims)
    }

    pub(crate) fn sign_with(&self, header: &Value, claims: &Value) -> String {
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A stub of the Backend API.
pub(crate) struct Stub {
    pub(crate) key: Result<Arc<SigningKey>, VerifyError>,
    /// The cookies of a refreshed session; `None` is a 404.
    pub(crate) refresh: Option<Vec<String>>,
    /// The cookies of a handshake nonce; `None` if there is none.
    pub(crate) payload: Option<Vec<String>>,
    pub(crate) refreshes: AtomicUsize,
}

impl Stub {
    pub(crate) fn new(key: SigningKey) -> Self {
        Self {
            key: Ok(Arc::new(key)),
            refresh: None,
            payload: None,
            refreshes: AtomicUsize::new(0),
        }
    }
}

impl KeySource for Stub {
    async fn signing_key(&self, _: Option<&str>) -> Result<Arc<SigningKey>, VerifyError> {
        self.key.clone()
    }
}

impl BackendClient for Stub {
    async fn refresh_session(&self, _: &str, _: &RefreshRequest<'_>) -> Result<Vec<String>, ApiError> {
        self.refreshes.fetch_add(1, Ordering::Relaxed);
        self.refresh.clone().ok_or_else(not_found)
    }

    async fn handshake_cookies(&self, _: &str) -> Result<Option<Vec<String>>, Arc<ApiError>> {
        Ok(self.payload.clone())
    }

    async fn verify_token(&self, _: TokenType, _: &str) -> Option<Answer> {
        Some(Err(Arc::new(not_found())))
    }
}

fn not_found() -> ApiError {
    let code = Some("resource_not_found".to_owned());
    ApiError::Status {
        status: StatusCode::NOT_FOUND,
        code,
        message: None,
        retry_after: None,
        errors: Vec::new(),
        trace_id: None,
    }
}
