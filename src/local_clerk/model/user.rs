//! Users and what identifies them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    super::{id, password::PasswordHash, store::Document},
    BackupCodes, Totp, Verification,
};

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in super::super) struct User {
    pub(in super::super) id: String,
    pub(in super::super) first_name: Option<String>,
    pub(in super::super) last_name: Option<String>,
    pub(in super::super) username: Option<String>,
    pub(in super::super) email_addresses: Vec<EmailAddress>,
    pub(in super::super) primary_email_address_id: Option<String>,
    pub(in super::super) password: Option<PasswordHash>,
    pub(in super::super) password_last_updated_at: Option<i64>,
    pub(in super::super) totp: Option<Totp>,
    pub(in super::super) backup_codes: Option<BackupCodes>,
    pub(in super::super) mfa_enabled_at: Option<i64>,
    pub(in super::super) mfa_disabled_at: Option<i64>,
    /// The uploaded picture.
    pub(in super::super) image_id: Option<String>,
    pub(in super::super) public_metadata: Map<String, Value>,
    pub(in super::super) private_metadata: Map<String, Value>,
    pub(in super::super) unsafe_metadata: Map<String, Value>,
    pub(in super::super) external_id: Option<String>,
    pub(in super::super) locale: Option<String>,
    pub(in super::super) banned: bool,
    pub(in super::super) locked_until: Option<i64>,
    pub(in super::super) failed_attempts: u32,
    pub(in super::super) created_at: i64,
    pub(in super::super) updated_at: i64,
    pub(in super::super) last_sign_in_at: Option<i64>,
    pub(in super::super) last_active_at: Option<i64>,
}

impl Document for User {
    const KIND: &'static str = "user";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.id
    }
}

impl User {
    pub(in super::super) fn new(now: i64) -> Self {
        Self {
            id: id::new("user"),
            created_at: now,
            updated_at: now,
            ..Self::default()
        }
    }

    /// Adds an address; the first verified one becomes the primary one.
    pub(in super::super) fn add_email_address(&mut self, address: EmailAddress) {
        if self.primary_email_address_id.is_none() && address.is_verified() {
            self.primary_email_address_id = Some(address.id.clone());
        }
        self.email_addresses.push(address);
    }

    pub(in super::super) fn email_address(&self, id: &str) -> Option<&EmailAddress> {
        self.email_addresses.iter().find(|address| address.id == id)
    }

    pub(in super::super) fn email_address_mut(&mut self, id: &str) -> Option<&mut EmailAddress> {
        self.email_addresses.iter_mut().find(|address| address.id == id)
    }

    /// Removes an address; if it was the primary one, the next verified one takes its place.
    pub(in super::super) fn remove_email_address(&mut self, id: &str) {
        self.email_addresses.retain(|address| address.id != id);
        if self.primary_email_address_id.as_deref() == Some(id) {
            let next = self.email_addresses.iter().find(|address| address.is_verified());
            self.primary_email_address_id = next.map(|address| address.id.clone());
        }
    }

    pub(in super::super) fn primary_email_address(&self) -> Option<&EmailAddress> {
        self.email_address(self.primary_email_address_id.as_deref()?)
    }

    /// What the user is called by in lists.
    pub(in super::super) fn identifier(&self) -> &str {
        self.primary_email_address()
            .or(self.email_addresses.first())
            .map_or_else(
                || self.username.as_deref().unwrap_or(&self.id),
                |address| &address.email_address,
            )
    }

    pub(in super::super) fn has_second_factor(&self) -> bool {
        self.totp.as_ref().is_some_and(|totp| totp.verified)
    }

    pub(in super::super) fn is_locked(&self, now: i64) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct EmailAddress {
    pub(in super::super) id: String,
    pub(in super::super) email_address: String,
    pub(in super::super) verification: Option<Verification>,
    pub(in super::super) created_at: i64,
    pub(in super::super) updated_at: i64,
}

impl EmailAddress {
    pub(in super::super) fn new(email_address: String, verification: Option<Verification>, now: i64) -> Self {
        Self {
            id: id::new("idn"),
            email_address,
            verification,
            created_at: now,
            updated_at: now,
        }
    }

    pub(in super::super) fn is_verified(&self) -> bool {
        self.verification
            .as_ref()
            .is_some_and(|verification| verification.verified)
    }
}

/// Whose an e-mail address is: at most one user's.
#[derive(Serialize, Deserialize)]
pub(in super::super) struct Identifier {
    /// In lower case.
    pub(in super::super) value: String,
    pub(in super::super) user_id: String,
}

impl Document for Identifier {
    const KIND: &'static str = "identifier";
    fn id(&self) -> &str {
        &self.value
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.user_id)
    }
}
