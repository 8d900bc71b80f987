//! Decoding of JSON Web Tokens. Nothing decoded here is trusted until [`verify`](super::verify) has checked
//! the signature.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::error::TokenError;
use crate::backend::javascript;

/// The category (`cat` in the header) of session tokens.
const SESSION: &str = "cl_B7d4PD111AAA";
/// The category of machine-to-machine tokens.
const M2M: &str = "cl_B7d4PD333AAA";
/// The category of instances that opted out of categories.
const IGNORE: &str = "cl_I7d4PD111III";

/// The types (`typ` in the header) of OAuth access tokens.
pub(crate) const OAUTH_TYPES: [&str; 2] = ["at+jwt", "application/at+jwt"];

/// A decoded token.
#[derive(Debug)]
pub(crate) struct Jwt<'a> {
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    /// Valid base64url without padding.
    pub(crate) signature: &'a str,
    /// The signed text: header and claims as encoded.
    pub(crate) signed: &'a str,
}

impl<'a> Jwt<'a> {
    /// Decodes a token. Header and claims must be JSON objects.
    ///
    /// # Errors
    ///
    /// `token-invalid` if the text does not have the form of a JWT.
    pub(crate) fn decode(token: &'a str) -> Result<Self, TokenError> {
        let parts: Vec<&str> = token.splitn(4, '.').collect();
        let [header, claims, signature] = parts[..] else {
            return Err(TokenError::malformed(
                "Invalid JWT form. A JWT consists of three parts separated by dots.",
            ));
        };
        let signed = &token[..header.len() + 1 + claims.len()];
        let decode = || {
            Some(Self {
                header: object(header)?,
                claims: object(claims)?,
                signature: base64url(signature).map(|_| signature.trim_end_matches('='))?,
                signed,
            })
        };
        decode().ok_or_else(|| {
            TokenError::malformed("Invalid JWT form. The header, payload, or signature could not be decoded.")
        })
    }

    /// A claim that is a string.
    pub(crate) fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// Whether this claims to be an OAuth access token or a machine-to-machine token. A token without a signature
    /// is neither, but is rejected by that.
    pub(crate) fn is_machine_token(&self) -> bool {
        self.is_oauth_token() || self.is_m2m_token()
    }

    /// Whether this claims to be an OAuth access token.
    pub(crate) fn is_oauth_token(&self) -> bool {
        let typ = self.header.get("typ").and_then(Value::as_str);
        !self.signature.is_empty() && typ.is_some_and(|typ| OAUTH_TYPES.contains(&typ))
    }

    /// Whether this claims to be a machine-to-machine token.
    pub(crate) fn is_m2m_token(&self) -> bool {
        !self.signature.is_empty() && self.claim("sub").is_some_and(|sub| sub.starts_with("mch_"))
    }

    /// Whether the category is not that of a session token, as for JWT templates and machine tokens.
    pub(crate) fn has_non_session_category(&self) -> bool {
        match self.header.get("cat") {
            None => false,
            Some(category) => !matches!(category.as_str(), Some(SESSION | IGNORE)),
        }
    }

    pub(crate) fn has_category_other_than_m2m(&self) -> bool {
        self.header.contains_key("cat") && !self.has_m2m_category()
    }

    pub(crate) fn has_m2m_category(&self) -> bool {
        self.header.get("cat").and_then(Value::as_str) == Some(M2M)
    }

    pub(crate) fn algorithm(&self) -> Option<&str> {
        self.header.get("alg").and_then(Value::as_str)
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(&javascript::decode_text(&base64url(part)?)).ok()
}

/// Tolerates trailing `=`; unused low bits must be zero.
fn base64url(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::backend::reason::TokenReason;

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
    fn decodes_a_token() {
        let text = token(r#"{"kid":"k"}"#, r#"{"sub":"user_1","iat":1.5}"#, b"sig");
        let jwt = Jwt::decode(&text).unwrap();
        assert_eq!(jwt.kid(), Some("k"));
        assert_eq!(jwt.claim("sub"), Some("user_1"));
        assert_eq!(jwt.claims["iat"], 1.5);
        assert!(!jwt.claims.contains_key("exp"));
        assert_eq!(jwt.signature, "c2ln");
        assert_eq!(jwt.signed, &text[..text.rfind('.').unwrap()]);
    }

    #[test]
    fn malformed_tokens_are_invalid() {
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
            "e30.e30.ab".to_owned(), // unused bits set
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
    fn recognizes_machine_tokens_and_templates() {
        let classify = |header: &str, claims: &str| {
            let text = token(header, claims, b"s");
            let jwt = Jwt::decode(&text).unwrap();
            (jwt.is_machine_token(), jwt.has_non_session_category())
        };
        assert_eq!(classify("{}", r#"{"sub":"user_1"}"#), (false, false));
        assert_eq!(classify(r#"{"typ":"at+jwt"}"#, "{}"), (true, false));
        assert_eq!(classify("{}", r#"{"sub":"mch_1"}"#), (true, false));
        assert_eq!(classify(r#"{"cat":"cl_B7d4PD111AAA"}"#, "{}"), (false, false));
        assert_eq!(classify(r#"{"cat":"cl_I7d4PD111III"}"#, "{}"), (false, false));
        assert_eq!(classify(r#"{"cat":"cl_B7d4PD222AAA"}"#, "{}"), (false, true));
        assert_eq!(classify(r#"{"cat":"else"}"#, "{}"), (false, true));
    }

    proptest! {
        #[test]
        fn padding_changes_no_classification(
            header in prop::sample::select(vec!["{}", r#"{"typ":"at+jwt"}"#, r#"{"cat":"cl_B7d4PD333AAA"}"#]),
            claims in prop::sample::select(vec![r#"{"sub":"user_1"}"#, r#"{"sub":"mch_1"}"#]),
            signature in prop::collection::vec(any::<u8>(), 0..3),
            padding in prop::array::uniform3(0..4_usize),
        ) {
            let plain = token(header, claims, &signature);
            let padded: Vec<String> =
                plain.split('.').zip(padding).map(|(part, count)| part.to_owned() + &"=".repeat(count)).collect();
            let padded = padded.join(".");
            let classify = |text: &str| {
                let jwt = Jwt::decode(text).unwrap();
                (jwt.is_machine_token(), jwt.has_non_session_category(), jwt.has_m2m_category())
            };
            prop_assert_eq!(classify(&padded), classify(&plain));
        }

        #[test]
        fn no_text_panics(text in "[A-Za-z0-9_.=-]{0,60}|\\PC{0,20}") {
            let _ = Jwt::decode(&text);
        }

        #[test]
        fn base64url_round_trips(bytes: Vec<u8>) {
            prop_assert_eq!(base64url(&URL_SAFE_NO_PAD.encode(&bytes)), Some(bytes));
        }
    }
}
