//! Social connections: identities and accounts at providers, and authorizations in progress.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::{id, store::Document};

use super::{MINUTE, Verification, VerificationStatus, is_web};

/// A user's identity at a provider.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) provider_user_id: String,
    /// `None` if the provider does not disclose it.
    pub(crate) email_address: Option<String>,
    pub(crate) email_address_verified: bool,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
}

impl Identity {
    pub(crate) fn verified_email_address(&self) -> Option<&str> {
        self.email_address
            .as_deref()
            .filter(|_| self.email_address_verified)
    }
}

/// An account at a provider that a user has connected, or is connecting.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ExternalAccount {
    pub(crate) id: String,
    pub(crate) identification_id: String,
    /// `None` before the provider has answered.
    pub(crate) identity: Option<Identity>,
    pub(crate) verification: Verification,
    pub(crate) approved_scopes: String,
    /// The token with which a backend can call the provider.
    pub(crate) access_token: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl ExternalAccount {
    /// The scopes that are requested from a provider.
    pub(crate) const SCOPES: &str = "openid email profile";

    pub(crate) fn new(verification: Verification, now: i64) -> Self {
        Self {
            id: id::new("eac", now),
            identification_id: id::new("idn", now),
            identity: None,
            verification,
            approved_scopes: String::new(),
            access_token: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Creates a connected account.
    pub(crate) fn connected(strategy: &str, identity: Identity, now: i64) -> Self {
        let mut account = Self::new(Verification::verified(strategy, now), now);
        account.connect(identity, now);
        account
    }

    pub(crate) fn connect(&mut self, identity: Identity, now: i64) {
        self.verification = Verification::verified(&self.verification.strategy, now);
        self.identity = Some(identity);
        Self::SCOPES.clone_into(&mut self.approved_scopes);
        self.access_token = Some(id::secret());
        self.updated_at = now;
    }

    /// Returns the strategy, such as `oauth_google`.
    pub(crate) fn strategy(&self) -> &str {
        &self.verification.strategy
    }

    /// Returns the provider, such as `google`.
    pub(crate) fn provider(&self) -> &str {
        self.strategy().trim_start_matches("oauth_")
    }

    /// Returns the identifier that the account is found by.
    pub(crate) fn key(&self) -> Option<String> {
        let identity = self.identity.as_ref().filter(|_| self.verification.verified)?;
        Some(account_key(self.strategy(), identity))
    }
}

/// Returns the identifier that an account at a provider is found by. It can never equal an e-mail address, a
/// phone number or a username.
pub(crate) fn account_key(strategy: &str, identity: &Identity) -> String {
    format!("{strategy}:{}", identity.provider_user_id)
}

/// The state that a verification by a provider has in addition.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Authorization {
    /// Where the authorization starts, if it has not been given yet.
    pub(crate) url: Option<String>,
    /// The identity, if an attempt of the other kind can use it.
    pub(crate) identity: Option<Identity>,
    /// In the format of the API's errors.
    pub(crate) error: Option<Value>,
}

impl Authorization {
    pub(crate) fn new(url: String) -> Self {
        Self {
            url: Some(url),
            identity: None,
            error: None,
        }
    }

    pub(crate) fn fail(&mut self, error: Value) {
        self.error = Some(error);
    }

    /// Fails, but with an identity that an attempt of the other kind can use.
    pub(crate) fn make_transferable(&mut self, identity: Identity, error: Value) {
        self.identity = Some(identity);
        self.fail(error);
    }

    /// Returns the status of a verification that the provider did not complete.
    pub(crate) fn status(&self) -> Option<VerificationStatus> {
        self.error.as_ref()?;
        Some(if self.identity.is_some() {
            VerificationStatus::Transferable
        } else {
            VerificationStatus::Failed
        })
    }
}

impl Verification {
    /// Creates a verification that has failed, but with an identity that an attempt of the other kind can use.
    pub(crate) fn transferable(strategy: &str, identity: Identity, error: Value, now: i64) -> Self {
        Self {
            authorization: Some(Authorization {
                url: None,
                identity: Some(identity),
                error: Some(error),
            }),
            ..Self::sent(strategy, now + 10 * MINUTE)
        }
    }

    /// Returns the strategy and the identity that an attempt of the other kind can use.
    pub(crate) fn into_transferable(self) -> Option<(String, Identity)> {
        Some((self.strategy, self.authorization?.identity?))
    }
}

/// An authorization in progress, identified by its `state`.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct OauthFlow {
    pub(crate) state: String,
    pub(crate) strategy: String,
    /// The only client that may complete the flow.
    pub(crate) client_id: String,
    pub(crate) purpose: Purpose,
    /// Where the provider sends the browser back to.
    pub(crate) callback_url: String,
    pub(crate) redirect_url: String,
    /// The target instead of `redirect_url` if the flow ends with a session.
    pub(crate) complete_url: Option<String>,
    /// What the provider has granted.
    pub(crate) grant: Option<Grant>,
    pub(crate) expire_at: i64,
}

/// The purpose of an authorization, with the id of the attempt or the account.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Purpose {
    SignIn(String),
    SignUp(String),
    Connect { user_id: String, account_id: String },
}

/// An authorization code and the identity it is exchanged for.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) code: String,
    pub(crate) identity: Identity,
}

impl OauthFlow {
    pub(crate) const LIFETIME: i64 = 10 * MINUTE;

    /// Tells whether a native app has started the flow, whose browser has no cookies.
    pub(crate) fn is_native(&self) -> bool {
        Url::parse(&self.redirect_url).is_ok_and(|url| !is_web(&url))
    }
}

impl Document for OauthFlow {
    const KIND: &'static str = "oauth_flow";
    fn id(&self) -> &str {
        &self.state
    }
}
