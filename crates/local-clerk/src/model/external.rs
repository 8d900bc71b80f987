//! Social connections: who somebody is at a provider, and the way there and back.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::{id, store::Document},
    MINUTE, Verification,
};

/// Who somebody is at a provider.
#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Identity {
    pub(in super::super) provider_user_id: String,
    /// None if the provider does not tell it.
    pub(in super::super) email_address: Option<String>,
    pub(in super::super) email_address_verified: bool,
    pub(in super::super) first_name: Option<String>,
    pub(in super::super) last_name: Option<String>,
}

impl Identity {
    pub(in super::super) fn verified_email_address(&self) -> Option<&str> {
        self.email_address
            .as_deref()
            .filter(|_| self.email_address_verified)
    }
}

/// An account at a provider that a user has connected, or tries to connect.
#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct ExternalAccount {
    pub(in super::super) id: String,
    pub(in super::super) identification_id: String,
    /// None before the provider has said who it is.
    pub(in super::super) identity: Option<Identity>,
    pub(in super::super) verification: Verification,
    pub(in super::super) approved_scopes: String,
    /// What a backend may call the provider with.
    pub(in super::super) access_token: Option<String>,
    pub(in super::super) created_at: i64,
    pub(in super::super) updated_at: i64,
}

impl ExternalAccount {
    /// What a provider is asked for.
    pub(in super::super) const SCOPES: &str = "openid email profile";

    pub(in super::super) fn new(verification: Verification, now: i64) -> Self {
        Self {
            id: id::new("eac"),
            identification_id: id::new("idn"),
            identity: None,
            verification,
            approved_scopes: String::new(),
            access_token: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// An account that the provider has vouched for.
    pub(in super::super) fn connected(strategy: &str, identity: Identity, now: i64) -> Self {
        let mut account = Self::new(Verification::verified(strategy, now), now);
        account.connect(identity, now);
        account
    }

    pub(in super::super) fn connect(&mut self, identity: Identity, now: i64) {
        self.verification = Verification::verified(&self.verification.strategy, now);
        self.identity = Some(identity);
        Self::SCOPES.clone_into(&mut self.approved_scopes);
        self.access_token = Some(id::secret());
        self.updated_at = now;
    }

    /// Such as `oauth_google`.
    pub(in super::super) fn strategy(&self) -> &str {
        &self.verification.strategy
    }

    /// Such as `google`.
    pub(in super::super) fn provider(&self) -> &str {
        self.strategy().trim_start_matches("oauth_")
    }

    /// What the account is looked up by.
    pub(in super::super) fn key(&self) -> Option<String> {
        let identity = self.identity.as_ref().filter(|_| self.verification.verified)?;
        Some(account_key(self.strategy(), identity))
    }
}

/// What an account at a provider is looked up by; no e-mail address, phone number or username looks so.
pub(in super::super) fn account_key(strategy: &str, identity: &Identity) -> String {
    format!("{strategy}:{}", identity.provider_user_id)
}

/// What a verification by a provider has beside every other.
#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Round {
    /// Where the provider asks.
    pub(in super::super) url: String,
    /// Who it was, if that is of use to an attempt of the other kind.
    pub(in super::super) identity: Option<Identity>,
    /// In the shape of the API's errors.
    error: Option<Value>,
}

impl Round {
    pub(in super::super) fn new(url: String) -> Self {
        Self {
            url,
            identity: None,
            error: None,
        }
    }

    pub(in super::super) fn fail(&mut self, error: Value) {
        self.error = Some(error);
    }

    /// Ends it with an identity that an attempt of the other kind can go on with.
    pub(in super::super) fn hand_over(&mut self, identity: Identity, error: Value) {
        self.identity = Some(identity);
        self.fail(error);
    }

    /// The status of a verification that has not led to one.
    pub(super) fn status(&self) -> Option<&'static str> {
        self.error.as_ref()?;
        Some(if self.identity.is_some() {
            "transferable"
        } else {
            "failed"
        })
    }

    pub(super) fn extend(&self, json: &mut Value) {
        json["external_verification_redirect_url"] = json!(self.url);
        if let Some(error) = &self.error {
            json["error"] = error.clone();
        }
    }
}

impl Verification {
    /// The strategy and the identity that an attempt of the other kind goes on with.
    pub(in super::super) fn handed_over(self) -> Option<(String, Identity)> {
        Some((self.strategy, self.round?.identity?))
    }
}

/// A browser on its way to a provider and back, known by the `state` that it carries.
#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct OauthFlow {
    pub(in super::super) state: String,
    pub(in super::super) strategy: String,
    /// The one browser that may come back with it.
    pub(in super::super) client_id: String,
    pub(in super::super) purpose: Purpose,
    /// Where the provider sends it back to.
    pub(in super::super) callback_url: String,
    pub(in super::super) redirect_url: String,
    /// Where to go instead when it ends with a session.
    pub(in super::super) complete_url: Option<String>,
    /// What the provider has given for it.
    pub(in super::super) grant: Option<Grant>,
    pub(in super::super) expire_at: i64,
}

/// What a browser is on its way for; the attempts and the account by their ids.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum Purpose {
    SignIn(String),
    SignUp(String),
    Connect { user_id: String, account_id: String },
}

/// An authorization code, and whom it stands for.
#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Grant {
    pub(in super::super) code: String,
    pub(in super::super) identity: Identity,
}

impl OauthFlow {
    pub(in super::super) const LIFETIME: i64 = 10 * MINUTE;
}

impl Document for OauthFlow {
    const KIND: &'static str = "oauth_flow";
    fn id(&self) -> &str {
        &self.state
    }
}
