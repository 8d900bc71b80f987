//! Users.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{id, password::PasswordHash, store::Document};

use super::{BackupCodes, Contact, ContactKind, ExternalAccount, Passkey, Totp};

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) email_addresses: Vec<Contact>,
    pub(crate) primary_email_address_id: Option<String>,
    pub(crate) phone_numbers: Vec<Contact>,
    pub(crate) primary_phone_number_id: Option<String>,
    pub(crate) external_accounts: Vec<ExternalAccount>,
    pub(crate) passkeys: Vec<Passkey>,
    pub(crate) password: Option<PasswordHash>,
    pub(crate) password_last_updated_at: Option<i64>,
    /// Sessions created from then on require a new password.
    pub(crate) password_compromised_at: Option<i64>,
    pub(crate) totp: Option<Totp>,
    pub(crate) backup_codes: Option<BackupCodes>,
    pub(crate) mfa_enabled_at: Option<i64>,
    pub(crate) mfa_disabled_at: Option<i64>,
    /// The uploaded profile image.
    pub(crate) image_id: Option<String>,
    pub(crate) public_metadata: Map<String, Value>,
    pub(crate) private_metadata: Map<String, Value>,
    pub(crate) unsafe_metadata: Map<String, Value>,
    pub(crate) external_id: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) legal_accepted_at: Option<i64>,
    /// Whether the user may not delete the own account.
    pub(crate) delete_self_disabled: bool,
    /// Whether the user may not create organizations.
    pub(crate) create_organization_disabled: bool,
    /// How many organizations the user may create; none or 0 for any number.
    pub(crate) create_organizations_limit: Option<i64>,
    /// Stored only: there is no check of devices that it would spare the user.
    pub(crate) bypass_client_trust: bool,
    pub(crate) banned: bool,
    pub(crate) locked_until: Option<i64>,
    pub(crate) failed_attempts: u32,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) last_sign_in_at: Option<i64>,
    pub(crate) last_active_at: Option<i64>,
}

impl Document for User {
    const KIND: &'static str = "user";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.id
    }
}

impl User {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            id: id::new("user", now),
            created_at: now,
            updated_at: now,
            ..Self::default()
        }
    }

    pub(crate) fn contacts(&self, kind: ContactKind) -> &[Contact] {
        match kind {
            ContactKind::EmailAddress => &self.email_addresses,
            ContactKind::PhoneNumber => &self.phone_numbers,
        }
    }

    /// Returns the contacts of a kind, and the id of the primary one.
    fn contacts_mut(&mut self, kind: ContactKind) -> (&mut Vec<Contact>, &mut Option<String>) {
        match kind {
            ContactKind::EmailAddress => (&mut self.email_addresses, &mut self.primary_email_address_id),
            ContactKind::PhoneNumber => (&mut self.phone_numbers, &mut self.primary_phone_number_id),
        }
    }

    /// Adds a contact; the first verified one becomes the primary one.
    pub(crate) fn add_contact(&mut self, kind: ContactKind, contact: Contact) {
        self.contacts_mut(kind).0.push(contact);
        self.choose_primary_contact(kind);
    }

    pub(crate) fn verified_email_addresses(&self) -> Vec<&str> {
        let verified = self
            .email_addresses
            .iter()
            .filter(|contact| contact.is_verified());
        verified.map(|contact| contact.value.as_str()).collect()
    }

    pub(crate) fn contact(&self, kind: ContactKind, id: &str) -> Option<&Contact> {
        self.contacts(kind).iter().find(|contact| contact.id == id)
    }

    pub(crate) fn contact_mut(&mut self, kind: ContactKind, id: &str) -> Option<&mut Contact> {
        let (contacts, _) = self.contacts_mut(kind);
        contacts.iter_mut().find(|contact| contact.id == id)
    }

    pub(crate) fn set_primary_contact(&mut self, kind: ContactKind, id: &str) {
        *self.contacts_mut(kind).1 = Some(id.to_owned());
    }

    /// Makes the first verified contact the primary one, if there is none yet.
    pub(crate) fn choose_primary_contact(&mut self, kind: ContactKind) {
        let (contacts, primary) = self.contacts_mut(kind);
        if primary.is_none() {
            let first = contacts.iter().find(|contact| contact.is_verified());
            *primary = first.map(|contact| contact.id.clone());
        }
    }

    /// Removes a contact; if it was the primary one, the next verified one takes its place.
    pub(crate) fn remove_contact(&mut self, kind: ContactKind, id: &str) {
        let (contacts, primary) = self.contacts_mut(kind);
        contacts.retain(|contact| contact.id != id);
        if primary.as_deref() == Some(id) {
            *primary = None;
            self.choose_primary_contact(kind);
        }
    }

    pub(crate) fn primary_email_address(&self) -> Option<&Contact> {
        self.contact(
            ContactKind::EmailAddress,
            self.primary_email_address_id.as_deref()?,
        )
    }

    /// Returns the identifier that lists show.
    pub(crate) fn identifier(&self) -> &str {
        let contact = self.primary_email_address().or(self.email_addresses.first());
        let contact = contact.map(|contact| &contact.value);
        let phone = self.phone_numbers.first().map(|contact| &contact.value);
        contact.or(self.username.as_ref()).or(phone).unwrap_or(&self.id)
    }

    /// Tells whether the user has any identifier to sign in with.
    pub(crate) fn is_identified(&self) -> bool {
        let mut contacts = self.email_addresses.iter().chain(&self.phone_numbers);
        let mut accounts = self.external_accounts.iter();
        self.username.is_some()
            || contacts.any(Contact::is_verified)
            || accounts.any(|account| account.verification.verified)
    }

    pub(crate) fn is_primary(&self, kind: ContactKind, contact: &Contact) -> bool {
        let primary = match kind {
            ContactKind::EmailAddress => &self.primary_email_address_id,
            ContactKind::PhoneNumber => &self.primary_phone_number_id,
        };
        primary.as_ref() == Some(&contact.id)
    }

    /// Returns the contacts to which a sign-in code can be sent.
    pub(crate) fn contacts_for_sign_in(&self, kind: ContactKind) -> impl Iterator<Item = &Contact> {
        let contacts = self.contacts(kind).iter();
        contacts.filter(|contact| contact.is_verified() && !contact.reserved_for_second_factor)
    }

    pub(crate) fn second_factor_phone_numbers(&self) -> impl Iterator<Item = &Contact> {
        let contacts = self.phone_numbers.iter();
        contacts.filter(|contact| contact.is_verified() && contact.reserved_for_second_factor)
    }

    /// Returns the passkeys that the user can sign in with.
    pub(crate) fn verified_passkeys(&self) -> impl Iterator<Item = &Passkey> {
        let passkeys = self.passkeys.iter();
        passkeys.filter(|passkey| passkey.verification.verified)
    }

    /// Makes a phone number the default second factor.
    pub(crate) fn set_default_second_factor(&mut self, id: &str) {
        for phone_number in &mut self.phone_numbers {
            phone_number.default_second_factor =
                phone_number.id == id && phone_number.reserved_for_second_factor;
        }
    }

    /// Restores the invariants after a change of second factors: one phone number is the default, and backup codes
    /// exist only next to another second factor.
    pub(crate) fn normalize_second_factors(&mut self, now: i64) {
        let numbers: Vec<&Contact> = self.second_factor_phone_numbers().collect();
        let default = numbers.iter().find(|number| number.default_second_factor);
        let default = default.or(numbers.first()).map(|number| number.id.clone());
        self.set_default_second_factor(&default.unwrap_or_default());
        if self.has_second_factor() {
            self.mfa_enabled_at.get_or_insert(now);
        } else if self.backup_codes.take().is_some() || self.mfa_enabled_at.take().is_some() {
            self.mfa_disabled_at = Some(now);
        }
    }

    pub(crate) fn has_totp(&self) -> bool {
        self.totp.as_ref().is_some_and(|totp| totp.verified)
    }

    pub(crate) fn has_second_factor(&self) -> bool {
        self.has_totp() || self.second_factor_phone_numbers().next().is_some()
    }

    pub(crate) fn remove_second_factors(&mut self) {
        self.totp = None;
        self.backup_codes = None;
        for phone_number in &mut self.phone_numbers {
            phone_number.reserved_for_second_factor = false;
            phone_number.default_second_factor = false;
        }
    }

    pub(crate) fn is_locked(&self, now: i64) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }
}
