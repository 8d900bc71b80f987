//! The waitlist.

use crate::{
    error::Error,
    model::{MessageKind, WaitlistEntry},
};

use super::{Context, identifiers::parse_email_address, mailbox};

impl Context<'_> {
    /// Adds an address to the waitlist, or returns the entry that it already has. Only a new one can be notified.
    pub(crate) fn join_waitlist(
        &self,
        email_address: &str,
        is_notified: bool,
    ) -> Result<WaitlistEntry, Error> {
        let email_address = parse_email_address(email_address, "email_address")?;
        if let Some(entry) = self.store.of::<WaitlistEntry>(&email_address)?.pop() {
            return Ok(entry);
        }
        let entry = WaitlistEntry::new(email_address, self.now);
        self.store.put(&entry)?;
        if is_notified {
            let kind = MessageKind::WaitlistConfirmation;
            mailbox::send_notice(self, &entry.email_address, kind, "You are on the waitlist")?;
        }
        Ok(entry)
    }
}
