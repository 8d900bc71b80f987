//! Verifications of contacts by codes, which a backend checks.

use serde::{Deserialize, Serialize};

use crate::{id, store::Document};

use super::Verification;

#[derive(Serialize, Deserialize)]
pub(crate) struct ContactVerification {
    pub(crate) id: String,
    /// The id of the e-mail address or phone number.
    pub(crate) contact_id: String,
    pub(crate) verification: Verification,
}

impl ContactVerification {
    pub(crate) fn new(contact_id: String, verification: Verification, now: i64) -> Self {
        Self {
            id: id::new("ver", now),
            contact_id,
            verification,
        }
    }
}

impl Document for ContactVerification {
    const KIND: &'static str = "contact_verification";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.contact_id)
    }
}
