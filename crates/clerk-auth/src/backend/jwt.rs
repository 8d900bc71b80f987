//! JSON Web Tokens taken apart. Nothing here is proven: see [`verify`](super::verify) for that.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::reason::TokenError;

/// The category (`cat` in the header) of session tokens.
const SESSION: &str = "cl_B7d4PD111AAA";
/// The category of machine-to-machine tokens.
const M2M: &str = "cl_B7d4PD333AAA";
/// The category of instances that opted out of categories.
const IGNORE: &str = "cl_I7d4PD111III";

/// A token taken apart.
#[derive(Debug)]
pub(super) struct Jwt<'a> {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    /// Base64url that decodes, without padding.
    pub(super) signature: &'a str,
    /// The text that is signed.
    pub(super) signed: &'a str,
    /// Whether nothing but base64url stands between the dots.
    is_unpadded: bool,
}

impl<'a> Jwt<'a> {
    /// # Errors
    /// `token-invalid` for what does not have the form of a JWT. Header and claims have to be objects.
    pub(super) fn decode(token: &'a str) -> Result<Self, TokenError> {
        let parts: Vec<&str> = token.splitn(4, '.').collect();
        let [header, claims, signature] = parts[..] else {
            return Err(TokenError::malformed(
                "Invalid JWT form. A JWT consists of three parts separated by dots.",
            ));
        };
        let signed = &token[..header.len() + 1 + claims.len()];
        let is_unpadded = parts.iter().all(|part| !part.is_empty() && !part.ends_with('='));
        let decode = || {
            Some(Self {
                header: object(header)?,
                claims: object(claims)?,
                signature: base64url(signature).map(|_| signature.trim_end_matches('='))?,
                signed,
                is_unpadded,
            })
        };
        decode().ok_or_else(|| {
            TokenError::malformed("Invalid JWT form. The header, payload, or signature could not be decoded.")
        })
    }

    pub(super) fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// A claim as JavaScript compares it with a number, before anything is proven; with NaN nothing holds.
    pub(super) fn number(&self, name: &str) -> f64 {
        match self.claims.get(name) {
            Some(Value::Number(number)) => number.as_f64().unwrap_or(f64::NAN),
            Some(Value::Null | Value::Bool(false)) => 0.0,
            Some(Value::Bool(true)) => 1.0,
            Some(Value::String(text)) => text.trim().parse().unwrap_or(f64::NAN),
            _ => f64::NAN,
        }
    }

    /// An OAuth access token or a machine-to-machine token, by what it says of itself.
    pub(super) fn is_machine_token(&self) -> bool {
        let is_oauth = matches!(
            self.header.get("typ").and_then(Value::as_str),
            Some("at+jwt" | "application/at+jwt")
        );
        self.is_unpadded && (is_oauth || self.claim("sub").is_some_and(|sub| sub.starts_with("mch_")))
    }

    /// Signed by the instance, but not as a session token: a JWT template or a machine token.
    pub(super) fn has_non_session_category(&self) -> bool {
        match self.header.get("cat") {
            None => false,
            Some(category) => !matches!(category.as_str(), Some(SESSION | IGNORE)),
        }
    }

    pub(super) fn has_m2m_category(&self) -> bool {
        self.header.get("cat").and_then(Value::as_str) == Some(M2M)
    }

    pub(super) fn algorithm(&self) -> Option<&str> {
        self.header.get("alg").and_then(Value::as_str)
    }

    pub(super) fn kid(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = base64url(part)?;
    // As the browser's TextDecoder: without a byte order mark, and never refusing bytes.
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    serde_json::from_str(&text).ok()
}

/// Trailing `=` are tolerated, leftover bits have to be zero.
fn base64url(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::reason::TokenReason, *};

    fn token(header: &str, claims: &str, signature: &[u8]) -> String {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        format!(
            "{}.{}.{}",
            encode(header.as_bytes()),
            encode(claims.as_bytes()),
            encode(signature)
        )
    }

    #[test]
    fn takes_a_token_apart() {
        let text = token(r#"{"kid":"k"}"#, r#"{"sub":"user_1","iat":1.5}"#, b"sig");
        let jwt = Jwt::decode(&text).unwrap();
        assert_eq!(jwt.kid(), Some("k"));
        assert_eq!(jwt.claim("sub"), Some("user_1"));
        assert_eq!(jwt.number("iat"), 1.5);
        assert!(jwt.number("exp").is_nan());
        assert_eq!(jwt.signature, "c2ln");
        assert_eq!(jwt.signed, &text[..text.rfind('.').unwrap()]);
    }

    #[test]
    fn what_has_not_the_form_of_a_jwt_is_invalid() {
        let good = token("{}", "{}", b"s");
        let malformed = [
            String::new(),
            "a".to_owned(),
            "a.b".to_owned(),
            "...".to_owned(),
            format!("{good}.x"),
            good.replace('e', "+"),
            token("null", "{}", b"s"),
            token("{}", "[]", b"s"),
            token("{}", "7", b"s"),
            token("{", "{}", b"s"),
            token(
                "{}",
                &format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
                b"s",
            ),
            "e30.e30.ab".to_owned(), // leftover bits
            "e30.e30.a".to_owned(),
        ];
        for text in malformed {
            assert_eq!(
                Jwt::decode(&text).unwrap_err().reason,
                TokenReason::TokenInvalid,
                "{text:.40}"
            );
        }
        assert!(Jwt::decode("e30=.e30==.").is_ok());
    }

    #[test]
    fn tells_machine_tokens_and_templates() {
        let decide = |header: &str, claims: &str| {
            let text = token(header, claims, b"s");
            let jwt = Jwt::decode(&text).unwrap();
            (jwt.is_machine_token(), jwt.has_non_session_category())
        };
        assert_eq!(decide("{}", r#"{"sub":"user_1"}"#), (false, false));
        assert_eq!(decide(r#"{"typ":"at+jwt"}"#, "{}"), (true, false));
        assert_eq!(decide("{}", r#"{"sub":"mch_1"}"#), (true, false));
        assert_eq!(decide(r#"{"cat":"cl_B7d4PD111AAA"}"#, "{}"), (false, false));
        assert_eq!(decide(r#"{"cat":"cl_I7d4PD111III"}"#, "{}"), (false, false));
        assert_eq!(decide(r#"{"cat":"cl_B7d4PD222AAA"}"#, "{}"), (false, true));
        assert_eq!(decide(r#"{"cat":"else"}"#, "{}"), (false, true));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[A-Za-z0-9_.=-]{0,60}|\\PC{0,20}") {
            let _ = Jwt::decode(&text);
        }

        #[test]
        fn base64url_comes_back(bytes: Vec<u8>) {
            prop_assert_eq!(base64url(&URL_SAFE_NO_PAD.encode(&bytes)), Some(bytes));
        }
    }
}
