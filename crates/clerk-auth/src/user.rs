//! The profile of a user.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The profile of a user, as pages show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The user's ID, `user_…`.
    pub id: String,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The username.
    pub username: Option<String>,
    /// The primary email address.
    pub email_address: Option<String>,
    /// The URL of the profile image.
    pub image_url: Option<String>,
    /// The metadata that browsers may read and only servers write: `publicMetadata` in Clerk's JavaScript SDKs.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub public_metadata: Map<String, Value>,
}

impl User {
    /// How to address the user: by the name, or else the username, or else the part of the email address
    /// before the @.
    ///
    /// ```
    /// let user = clerk_auth::User { first_name: Some("Ada".to_owned()), ..clerk_auth::User::default() };
    /// assert_eq!(user.display_name(), "Ada");
    /// ```
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
