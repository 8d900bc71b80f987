//! Verification of the tokens of programs. Their endpoints have no version in the path.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::BackendApi;
use crate::{
    backend::api::error::ApiError,
    machine::{Machine, MachineToken},
    token_type::TokenType,
};

/// What the Backend API says about a valid token.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct VerifiedToken {
    id: String,
    subject: String,
    scopes: Option<Vec<String>>,
    name: Option<String>,
    client_id: Option<String>,
    claims: Option<Value>,
    /// Whom an OAuth access token is for. `null` is not the same as absent: the message repeats it.
    #[serde(default, deserialize_with = "present")]
    pub(crate) aud: Option<Value>,
    #[serde(default)]
    pub(crate) revoked: bool,
    #[serde(default)]
    pub(crate) expired: bool,
    /// When the token expires, in milliseconds since the Unix epoch.
    pub(crate) expiration: Option<f64>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl BackendApi {
    /// Verifies a token that is not a JWT. `secret_key` replaces the key of the instance.
    pub(crate) async fn verify_token(
        &self,
        token_type: TokenType,
        token: &str,
        secret_key: Option<&SecretString>,
    ) -> Result<VerifiedToken, ApiError> {
        let (path, field): (&[&str], _) = match token_type {
            TokenType::ApiKey => (&["api_keys", "verify"], "secret"),
            TokenType::M2mToken => (&["m2m_tokens", "verify"], "token"),
            TokenType::OAuthToken => (&["oauth_applications", "access_tokens", "verify"], "access_token"),
            TokenType::SessionToken => return Err(ApiError::Path),
        };
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| ApiError::Path)?
            .pop()
            .extend(path);
        let request = self.http.post(url).json(&json!({ field: token }));
        self.send_as(request, secret_key.unwrap_or(&self.secret_key))
            .await
    }
}

impl VerifiedToken {
    pub(crate) fn into_machine(self, token_type: TokenType) -> Machine {
        let token = match token_type {
            TokenType::OAuthToken => MachineToken::OAuth {
                client_id: self.client_id.unwrap_or_default(),
            },
            TokenType::M2mToken => MachineToken::M2m { claims: self.claims },
            TokenType::ApiKey | TokenType::SessionToken => MachineToken::ApiKey {
                name: self.name.unwrap_or_default(),
                claims: self.claims,
            },
        };
        Machine {
            id: self.id,
            subject: self.subject,
            scopes: self.scopes.unwrap_or_default(),
            token,
        }
    }
}
