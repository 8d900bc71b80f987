//! Session tokens, signed with a key made for the test run.

use std::{
    sync::LazyLock,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::FRONTEND_API;

struct Pems {
    private: String,
    public: String,
}

static PEMS: LazyLock<Pems> = LazyLock::new(|| {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let private: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    Pems {
        private: pem("PRIVATE KEY", private.as_ref()),
        public: pem("PUBLIC KEY", public.as_ref()),
    }
});

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

pub(crate) fn public_pem() -> &'static str {
    &PEMS.public
}

/// A session token that is valid for a minute.
pub(crate) struct Token {
    claims: Value,
}

/// A token of `user` in the Clerk session `session`.
pub(crate) fn token(user: &str, session: &str) -> Token {
    let now = now();
    Token {
        claims: json!({
            "iss": format!("https://{FRONTEND_API}"), "sub": user, "sid": session,
            "iat": now, "nbf": now - 10, "exp": now + 60,
        }),
    }
}

impl Token {
    /// Moves the token two minutes into the past, where it expired.
    pub(crate) fn expired(mut self) -> Self {
        for claim in ["iat", "nbf", "exp"] {
            self.claims[claim] = json!(self.claims[claim].as_i64().unwrap() - 120);
        }
        self
    }

    /// Makes the token one that was issued so many seconds ago.
    pub(crate) fn issued_ago(mut self, seconds: i64) -> Self {
        self.claims["iat"] = json!(now() - seconds);
        self
    }

    /// Adds the origin that the token was issued to.
    pub(crate) fn issued_to(mut self, origin: &str) -> Self {
        self.claims["azp"] = json!(origin);
        self
    }

    pub(crate) fn sign(&self) -> String {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some("ins_test".to_owned());
        let key = EncodingKey::from_rsa_pem(PEMS.private.as_bytes()).unwrap();
        jsonwebtoken::encode(&header, &self.claims, &key).unwrap()
    }

    /// The cookies that a browser has while signed in to a production instance.
    pub(crate) fn cookies(&self) -> String {
        format!("__client_uat={}; __session={}", self.claims["iat"], self.sign())
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}
