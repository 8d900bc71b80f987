//! JSON Web Tokens: decoding, signatures and claims.

mod claims;
mod error;
mod jwt;
mod signing_key;
mod verified_signatures;
mod verify;

pub(crate) use claims::ClaimRules;
pub(crate) use error::{Carrier, TokenError, VerifyError};
pub(crate) use jwt::Jwt;
pub(crate) use signing_key::{Jwk, SigningKey};
pub(crate) use verify::{KeySource, machine_claims, session_claims, verify_handshake_token};
