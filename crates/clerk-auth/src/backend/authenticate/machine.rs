//! The decision about the tokens of programs: API keys, machine-to-machine tokens and OAuth access tokens.

use std::sync::Arc;

use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::{
    client::BackendClient,
    decision::Decision,
    state::{RequestState, Status},
};
use crate::{
    auth::Auth,
    backend::{
        api::{ApiError, VerifiedToken},
        javascript,
        reason::{Reason, TokenReason},
        token::{Jwt, VerifyError, machine_claims},
    },
    machine::{Machine, MachineToken},
    token_type::TokenType,
};

/// Claims of a machine-to-machine token that are not among those that were set when it was made.
const RESERVED_CLAIMS: [&str; 6] = ["iss", "sub", "exp", "nbf", "iat", "jti"];

/// The kind of a token in the `Authorization` header, by its form.
pub(super) fn token_type(token: &str, jwt: Option<&Jwt<'_>>) -> TokenType {
    let has_prefix = |prefix| token.starts_with(prefix);
    if has_prefix("mt_") || jwt.is_some_and(Jwt::is_m2m_token) {
        TokenType::M2mToken
    } else if has_prefix("oat_") || jwt.is_some_and(Jwt::is_oauth_token) {
        TokenType::OAuthToken
    } else if has_prefix("ak_") {
        TokenType::ApiKey
    } else {
        TokenType::SessionToken
    }
}

/// Why a token was rejected, as the official package reports it.
struct Rejected {
    reason: Reason,
    message: String,
    status: Option<StatusCode>,
}

impl Rejected {
    fn new(reason: TokenReason, message: impl Into<String>) -> Self {
        Self {
            reason: Reason::Token(reason),
            message: message.into(),
            status: None,
        }
    }
}

impl<C: BackendClient> Decision<'_, C> {
    /// Decides by the token of a program.
    pub(super) async fn by_machine_token(&self, token: &str, token_type: TokenType) -> RequestState {
        let machine = if has_form_of_jwt(token) {
            self.machine_by_jwt(token).await
        } else {
            self.machine_by_api(token, token_type).await
        };
        match machine {
            Ok(machine) => RequestState {
                auth: Auth::Machine(machine),
                ..self.state(Status::SignedIn, None, "", HeaderMap::new())
            },
            Err(Rejected {
                reason,
                message,
                status,
            }) => {
                let status = status.map_or("n/a".to_owned(), |status| status.as_str().to_owned());
                let message = format!("{message} (code={reason}, status={status})");
                self.state(Status::SignedOut, Some(reason), &message, HeaderMap::new())
            }
        }
    }

    async fn machine_by_jwt(&self, token: &str) -> Result<Machine, Rejected> {
        let jwt = Jwt::decode(token).map_err(|error| Rejected::new(error.reason, error.message))?;
        let is_m2m = jwt.is_m2m_token();
        if is_m2m && jwt.has_category_other_than_m2m() {
            return Err(Rejected::new(
                TokenReason::TokenInvalid,
                "Invalid M2M JWT category.",
            ));
        }
        let claims = machine_claims(jwt, &self.context.claim_rules(), self.client)
            .await
            .map_err(|error| {
                let message = match error {
                    VerifyError::Token(error) => error.message,
                    VerifyError::Unexpected(message) => message,
                };
                Rejected::new(TokenReason::TokenVerificationFailed, message)
            })?;
        if is_m2m {
            return Ok(m2m(claims));
        }
        self.check_oauth_audience(claims.get("aud"))?;
        Ok(oauth(&claims))
    }

    async fn machine_by_api(&self, token: &str, token_type: TokenType) -> Result<Machine, Rejected> {
        let unknown = || {
            let message = match token_type {
                TokenType::M2mToken => "Machine token not found",
                TokenType::OAuthToken => "OAuth token not found",
                _ => "API key not found",
            };
            Rejected {
                status: Some(StatusCode::NOT_FOUND),
                ..Rejected::new(TokenReason::TokenInvalid, message)
            }
        };
        let answer = self
            .client
            .verify_token(token_type, token)
            .await
            .ok_or_else(unknown)?;
        let verified = answer.map_err(|error| api_error(&error, unknown))?;
        if token_type == TokenType::OAuthToken {
            self.check_oauth_audience(verified.aud.as_ref())?;
        }
        if is_ended(&verified, self.context.now) {
            return Err(unknown());
        }
        Ok(verified.into_machine(token_type))
    }

    /// An OAuth access token must be for one of the configured audiences, unless there are none.
    fn check_oauth_audience(&self, aud: Option<&Value>) -> Result<(), Rejected> {
        let allowed = &self.context.configuration.options.audiences;
        if allowed.is_empty() {
            return Ok(());
        }
        let failed = |message| Err(Rejected::new(TokenReason::TokenVerificationFailed, message));
        let claimed: Option<Vec<&str>> = match aud {
            Some(Value::String(aud)) if !aud.is_empty() => Some(vec![aud]),
            Some(Value::Array(list)) => list
                .iter()
                .map(|aud| aud.as_str().filter(|aud| !aud.is_empty()))
                .collect::<Option<_>>()
                .filter(|list: &Vec<_>| !list.is_empty()),
            _ => None,
        };
        let Some(claimed) = claimed else {
            return failed(format!(
                "Invalid OAuth audience claim (aud) {}. Expected a non-empty string or a non-empty array of non-empty strings.",
                javascript::stringify(aud)
            ));
        };
        if claimed
            .iter()
            .any(|aud| allowed.iter().any(|allowed| allowed == aud))
        {
            return Ok(());
        }
        failed(format!(
            "OAuth audience mismatch. Verification expected audience {}, but incoming token has aud {}.",
            Value::from(allowed.as_slice()),
            javascript::stringify(aud)
        ))
    }
}

/// As the official package recognizes JWTs before it decodes them, but with the padding that [`Jwt::decode`] tolerates.
fn has_form_of_jwt(token: &str) -> bool {
    let is_part = |part: &str| {
        let part = part.trim_end_matches('=');
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !part.is_empty() && part.bytes().all(is_allowed)
    };
    token.splitn(4, '.').filter(|part| is_part(part)).count() == 3 && token.matches('.').count() == 2
}

fn api_error(error: &Arc<ApiError>, unknown: impl Fn() -> Rejected) -> Rejected {
    match &**error {
        ApiError::Status { status, message, .. } if *status == StatusCode::UNAUTHORIZED => Rejected {
            status: Some(*status),
            ..Rejected::new(
                TokenReason::SecretKeyInvalid,
                message.clone().unwrap_or_else(|| "Invalid secret key".to_owned()),
            )
        },
        ApiError::Status { status, .. } if *status == StatusCode::NOT_FOUND => unknown(),
        error => Rejected {
            reason: Reason::UnexpectedError,
            message: "Unexpected error".to_owned(),
            status: match error {
                ApiError::Status { status, .. } => Some(*status),
                _ => None,
            },
        },
    }
}

/// Whether a token has been revoked or has expired, since it was verified too.
fn is_ended(verified: &VerifiedToken, now: i64) -> bool {
    let is_over = |expiration: f64| expiration <= now as f64;
    verified.revoked || verified.expired || verified.expiration.is_some_and(is_over)
}

fn m2m(mut claims: Map<String, Value>) -> Machine {
    let scopes = match claims.get("scopes") {
        Some(Value::String(scopes)) => words(scopes),
        _ => texts(claims.get("aud")),
    };
    let (id, subject) = (text(&claims, "jti"), text(&claims, "sub"));
    claims.retain(|name, _| !RESERVED_CLAIMS.contains(&&**name));
    Machine {
        id,
        subject,
        scopes,
        token: MachineToken::M2m {
            claims: (!claims.is_empty()).then_some(Value::Object(claims)),
        },
    }
}

fn oauth(claims: &Map<String, Value>) -> Machine {
    let scopes = match (claims.get("scp"), claims.get("scope")) {
        (Some(scopes), _) if !scopes.is_null() => texts(Some(scopes)),
        (_, Some(Value::String(scopes))) => words(scopes),
        _ => Vec::new(),
    };
    Machine {
        id: text(claims, "jti"),
        subject: text(claims, "sub"),
        scopes,
        token: MachineToken::OAuth {
            client_id: text(claims, "client_id"),
        },
    }
}

fn text(claims: &Map<String, Value>, name: &str) -> String {
    let text = claims.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// A text, or a list of texts.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
