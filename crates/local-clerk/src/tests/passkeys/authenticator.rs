//! An authenticator in software.

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::Value as Cbor;
use serde_json::{Value, json};

use super::super::APP;

pub(super) enum Key {
    Es256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rs256(rsa::KeyPair),
}

/// An authenticator with one credential, in the browser of a user who confirms everything.
pub(super) struct Authenticator {
    key: Key,
    pub(super) credential_id: Vec<u8>,
    pub(super) user_handle: Option<String>,
    pub(super) counter: u32,
    pub(super) flags: u8,
    pub(super) origin: String,
    pub(super) host: String,
    /// Replaces the challenge of the options.
    pub(super) challenge: Option<String>,
}

impl Authenticator {
    pub(super) fn new(key: Key) -> Self {
        Self {
            key,
            credential_id: (0..16).map(|_| crate::id::secret().as_bytes()[0]).collect(),
            user_handle: None,
            counter: 0,
            flags: 0b0000_0101,
            origin: APP.to_owned(),
            host: "localhost".to_owned(),
            challenge: None,
        }
    }

    pub(super) fn es256() -> Self {
        Self::new(Key::Es256(
            EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
        ))
    }

    pub(super) fn ed25519() -> Self {
        Self::new(Key::Ed25519(Ed25519KeyPair::generate().unwrap()))
    }

    pub(super) fn rs256() -> Self {
        Self::new(Key::Rs256(rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap()))
    }

    pub(super) fn id(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.credential_id)
    }

    /// `navigator.credentials.create()`: the credential as clerk-js sends it.
    pub(super) fn create(&mut self, options: &Value) -> String {
        self.user_handle = options["user"]["id"].as_str().map(str::to_owned);
        let mut data = self.data(0b0100_0000);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential_id.len()).unwrap().to_be_bytes());
        data.extend(&self.credential_id);
        ciborium::into_writer(&self.cose(), &mut data).unwrap();
        let attestation = Cbor::Map(vec![
            ("fmt".into(), "none".into()),
            ("attStmt".into(), Cbor::Map(Vec::new())),
            ("authData".into(), Cbor::Bytes(data)),
        ]);
        let mut object = Vec::new();
        ciborium::into_writer(&attestation, &mut object).unwrap();
        self.credential(&json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(self.client_data("webauthn.create", options)),
            "attestationObject": URL_SAFE_NO_PAD.encode(object),
            "transports": ["internal"],
        }))
    }

    /// `navigator.credentials.get()`: the assertion as clerk-js sends it.
    pub(super) fn get(&mut self, options: &Value) -> String {
        self.counter += 1;
        let data = self.data(0);
        let client_data = self.client_data("webauthn.get", options);
        let message = [&data[..], digest(&SHA256, &client_data).as_ref()].concat();
        self.credential(&json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(self.sign(&message)),
            "userHandle": self.user_handle,
        }))
    }

    fn credential(&self, response: &Value) -> String {
        let credential = json!({
            "type": "public-key",
            "id": self.id(),
            "rawId": self.id(),
            "authenticatorAttachment": "platform",
            "response": response,
        });
        credential.to_string()
    }

    fn client_data(&self, operation: &str, options: &Value) -> Vec<u8> {
        let challenge = self.challenge.as_deref();
        let challenge = challenge.unwrap_or_else(|| options["challenge"].as_str().unwrap());
        let data = json!({
            "type": operation,
            "challenge": challenge,
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn data(&self, further_flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.host.as_bytes()).as_ref().to_vec();
        data.push(self.flags | further_flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn cose(&self) -> Cbor {
        let entry = |label: i64, value: Cbor| (label.into(), value);
        Cbor::Map(match &self.key {
            Key::Es256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                vec![
                    entry(1, 2.into()),
                    entry(3, (-7).into()),
                    entry(-1, 1.into()),
                    entry(-2, Cbor::Bytes(x.to_vec())),
                    entry(-3, Cbor::Bytes(y.to_vec())),
                ]
            }
            Key::Ed25519(pair) => vec![
                entry(1, 1.into()),
                entry(3, (-8).into()),
                entry(-1, 6.into()),
                entry(-2, Cbor::Bytes(pair.public_key().as_ref().to_vec())),
            ],
            Key::Rs256(pair) => {
                let public = pair.public_key();
                let bytes = |number: &[u8]| Cbor::Bytes(number.to_vec());
                vec![
                    entry(1, 3.into()),
                    entry(3, (-257).into()),
                    entry(-1, bytes(public.modulus().big_endian_without_leading_zero())),
                    entry(-2, bytes(public.exponent().big_endian_without_leading_zero())),
                ]
            }
        })
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Es256(pair) => {
                let signature = pair.sign(&SystemRandom::new(), message).unwrap();
                signature.as_ref().to_vec()
            }
            Key::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Key::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .unwrap();
                signature
            }
        }
    }
}
