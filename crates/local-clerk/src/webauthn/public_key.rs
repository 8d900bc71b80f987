//! Public keys in COSE (RFC 9052 and 9053, RFC 8230).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use ciborium::Value as Cbor;
use serde::{Deserialize, Serialize};

use super::Error;

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;

/// The algorithms that credentials may have, best first.
pub(crate) const ALGORITHMS: [i64; 3] = [EDDSA, ES256, RS256];

/// The parameters of a key, and their values.
const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const P_256: i64 = 1;
const CURVE_ED25519: i64 = 6;

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PublicKey {
    /// The point, uncompressed.
    Es256(Vec<u8>),
    Ed25519(Vec<u8>),
    Rs256 {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

impl PublicKey {
    pub(super) fn from_cose(key: &Cbor) -> Result<Self, Error> {
        let entries = key.as_map().ok_or(Error::Malformed)?;
        let get = |label: i64| {
            let entry = entries.iter().find(|(name, _)| integer(name) == Some(label));
            entry.map(|(_, value)| value).ok_or(Error::Malformed)
        };
        let number = |label| integer(get(label)?).ok_or(Error::Malformed);
        let bytes = |label| get(label)?.as_bytes().ok_or(Error::Malformed);
        let coordinate = |label| bytes(label).map(|bytes| (bytes.len() == 32).then_some(bytes));
        let coordinate = |label| coordinate(label)?.ok_or(Error::Malformed);
        match (number(KEY_TYPE)?, number(ALGORITHM)?) {
            (EC2, ES256) if number(-1)? == P_256 => {
                Ok(Self::Es256([&[4][..], coordinate(-2)?, coordinate(-3)?].concat()))
            }
            (OKP, EDDSA) if number(-1)? == CURVE_ED25519 => Ok(Self::Ed25519(coordinate(-2)?.clone())),
            (RSA, RS256) => Ok(Self::Rs256 {
                n: bytes(-1)?.clone(),
                e: bytes(-2)?.clone(),
            }),
            _ => Err(Error::Algorithm),
        }
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            Self::Rs256 { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        verified.is_ok()
    }
}

fn integer(value: &Cbor) -> Option<i64> {
    value.as_integer().and_then(|number| number.try_into().ok())
}
