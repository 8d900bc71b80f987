//! What is derived from the fields of a user.

use super::{EmailAddress, PhoneNumber, User};

impl User {
    /// The primary email address.
    #[must_use]
    pub fn primary_email_address(&self) -> Option<&EmailAddress> {
        let id = self.primary_email_address_id.as_ref()?;
        self.email_addresses.iter().find(|address| address.id == *id)
    }

    /// The primary phone number.
    #[must_use]
    pub fn primary_phone_number(&self) -> Option<&PhoneNumber> {
        let id = self.primary_phone_number_id.as_ref()?;
        self.phone_numbers.iter().find(|number| number.id == *id)
    }
}

/// The part that pages show. Without private and unsafe metadata, it may reach browsers.
impl From<User> for crate::User {
    fn from(user: User) -> Self {
        let email_address = user
            .primary_email_address()
            .map(|address| address.email_address.clone());
        Self {
            email_address,
            id: user.id,
            first_name: user.first_name,
            last_name: user.last_name,
            username: user.username,
            image_url: user.image_url,
            public_metadata: user.public_metadata,
        }
    }
}
