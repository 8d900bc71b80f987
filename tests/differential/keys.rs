//! The instances' signing key, another one, and tokens signed with them.

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaKeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

/// The key ID of every instance.
pub(crate) const KID: &str = "ins_1";

pub(crate) static OWN: LazyLock<Key> = LazyLock::new(Key::new);
pub(crate) static OTHER: LazyLock<Key> = LazyLock::new(Key::new);

pub(crate) struct Key(RsaKeyPair);

impl Key {
    fn new() -> Self {
        Self(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().unwrap();
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----",
            STANDARD.encode(der.as_ref())
        )
    }

    pub(crate) fn jwk(&self, kid: &str) -> Value {
        let public = self.0.public_key();
        let n = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let e = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        json!({"use": "sig", "kty": "RSA", "kid": kid, "alg": "RS256", "n": n, "e": e})
    }

    pub(crate) fn sign(&self, header: &Value, claims: &str) -> String {
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let padding = if header["alg"] == "RS512" {
            &RSA_PKCS1_SHA512
        } else {
            &RSA_PKCS1_SHA256
        };
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(padding, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A forgery that uses the public key as a shared secret.
    pub(crate) fn sign_hs256(&self, header: &Value, claims: &str) -> String {
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let secret = hmac::Key::new(hmac::HMAC_SHA256, self.pem().as_bytes());
        format!(
            "{signed}.{}",
            URL_SAFE_NO_PAD.encode(hmac::sign(&secret, signed.as_bytes()))
        )
    }
}
