//! The waitlist.

use crate::{error::Error, model::WaitlistEntry};

use super::{Context, identifiers::parse_email_address};

impl Context<'_> {
    /// Adds an address to the waitlist, or returns the entry that it already has.
    pub(crate) fn join_waitlist(&self, email_address: &str) -> Result<WaitlistEntry, Error> {
        let email_address = parse_email_address(email_address, "email_address")?;
        if let Some(entry) = self.store.of::<WaitlistEntry>(&email_address)?.pop() {
            return Ok(entry);
        }
        let entry = WaitlistEntry::new(email_address, self.now);
        self.store.put(&entry)?;
        Ok(entry)
    }
}
