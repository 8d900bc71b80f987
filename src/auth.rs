//! Who is asking: plain data, shared by the server and the browser.
//!
//! [`Auth`] is Clerk's `auth()` object. The server makes it from a verified session token, the page
//! carries it to the browser as JSON, and the browser makes a new one from clerk-js's claims.

mod authorization;
mod claims;
mod permissions;
mod scoped;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use authorization::{Reverification, ReverificationLevel, Wanted};
pub use claims::ClaimsError;

/// Whether a session is usable, the `sts` claim of its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionStatus {
    Active,
    /// Signed in, but with tasks left to do (such as choosing an organization). Treated as signed out.
    Pending,
}

/// The authentication object of a request: Clerk's `auth()`.
///
/// With nobody signed in every field is `None`, except that a pending session keeps its
/// [`session_status`](Self::session_status).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Auth {
    pub user_id: Option<String>,
    pub session_id: Option<String>,
    pub session_status: Option<SessionStatus>,
    /// Who is really acting, when someone impersonates the user (the `act` claim).
    pub actor: Option<Value>,
    pub org_id: Option<String>,
    /// With its `org:` prefix.
    pub org_role: Option<String>,
    pub org_slug: Option<String>,
    /// Each `org:<feature>:<permission>`.
    pub org_permissions: Option<Vec<String>>,
    /// Minutes since the first and the second factor were verified; -1 where there is no such factor.
    pub factor_verification_age: Option<[i64; 2]>,
    /// The claims of the session token as they are.
    pub session_claims: Option<Value>,
}

impl Auth {
    /// Nobody is signed in.
    #[must_use]
    pub fn signed_out() -> Self {
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
