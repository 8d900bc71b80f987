//! What a page shows of the signed-in user.

use serde::{Deserialize, Serialize};

/// What a page shows of the signed-in user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub username: Option<String>,
    /// The primary e-mail address.
    pub email_address: Option<String>,
    pub image_url: Option<String>,
}

impl User {
    /// How to address the user: the name, else the username, else what stands before the @.
    #[must_use]
    pub fn display_name(&self) -> String {
        let names = [&self.first_name, &self.last_name];
        let full = names
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ");
        let mailbox = self
            .email_address
            .as_deref()
            .and_then(|address| address.split('@').next());
        [Some(full), self.username.clone(), mailbox.map(str::to_owned)]
            .into_iter()
            .flatten()
            .find(|name| !name.is_empty())
            .unwrap_or_default()
    }
}
