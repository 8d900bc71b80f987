//! [`Auth`]: who is asking.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::auth_object::AuthObject;

/// Whether a session can be used, the `sts` claim of its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SessionStatus {
    /// The session can be used.
    Active,
    /// The user is signed in but has tasks left to do, such as choosing an organization. Treated as signed out.
    Pending,
}

/// The authentication object of a request: what Clerk's JavaScript SDKs return from `auth()`.
///
/// It serializes as the flat object of those SDKs, in snake case: every field is present, and `null` where it
/// does not apply.
///
/// ```
/// use clerk_auth::Auth;
/// use serde_json::json;
///
/// let auth = Auth::from_claims(json!({"sub": "user_1", "sid": "sess_1", "sts": "active"}))?;
/// let greeting = match auth.signed_in() {
///     Some(who) => format!("Hello, {}", who.user_id),
///     None => "Hello, stranger".to_owned(),
/// };
/// assert_eq!(greeting, "Hello, user_1");
/// # Ok::<(), clerk_auth::ClaimsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "AuthObject", from = "AuthObject")]
#[non_exhaustive]
pub enum Auth {
    /// A user with an active session.
    SignedIn(SignedIn),
    /// Nobody, or a user whose session is still pending.
    SignedOut(SignedOut),
}

/// A user with an active session.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(into = "AuthObject")]
#[non_exhaustive]
pub struct SignedIn {
    /// The user's id, `user_…` (the `sub` claim).
    pub user_id: String,
    /// The session's id, `sess_…` (the `sid` claim). `None` for a token that names no session.
    pub session_id: Option<String>,
    /// The session's status (the `sts` claim). `None` for tokens without that claim.
    pub session_status: Option<SessionStatus>,
    /// Who is really acting while someone impersonates the user (the `act` claim).
    pub actor: Option<Value>,
    /// The organization that is active in the session.
    pub org: Option<ActiveOrganization>,
    /// Minutes since the first and the second factor were verified (the `fva` claim); -1 where the user has no
    /// such factor.
    pub factor_verification_age: Option<[i64; 2]>,
    /// The claims of the session token, unchanged.
    pub session_claims: Value,
}

/// The organization that is active in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActiveOrganization {
    /// The organization's id, `org_…`.
    pub id: String,
    /// The organization's slug, for organizations that have one.
    pub slug: Option<String>,
    /// The user's role with its `org:` prefix, such as `org:admin`.
    pub role: Option<String>,
    /// The user's permissions, each `org:<feature>:<permission>`. `None` for a token that does not list them.
    pub permissions: Option<Vec<String>>,
}

/// Nobody is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedOut {
    /// Clerk's name of the reason, such as `session-token-expired`. Only the server knows it: it is not
    /// serialized.
    pub reason: Option<Cow<'static, str>>,
    /// Whether a user is signed in whose session has tasks left to do.
    pub is_pending: bool,
}

impl Auth {
    /// Nobody is signed in.
    #[must_use]
    pub const fn signed_out() -> Self {
        Self::SignedOut(SignedOut {
            reason: None,
            is_pending: false,
        })
    }

    /// The signed-in user, if there is one.
    #[must_use]
    pub const fn signed_in(&self) -> Option<&SignedIn> {
        match self {
            Self::SignedIn(signed_in) => Some(signed_in),
            Self::SignedOut(_) => None,
        }
    }

    /// Whether a user is signed in. A pending session counts as signed out.
    #[must_use]
    pub const fn is_signed_in(&self) -> bool {
        matches!(self, Self::SignedIn(_))
    }

    /// The user's id, if somebody is signed in.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        self.signed_in().map(|signed_in| signed_in.user_id.as_str())
    }

    /// The session's id, if somebody is signed in by a token that names its session.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.signed_in()?.session_id.as_deref()
    }

    /// The active organization, if somebody is signed in and has one.
    #[must_use]
    pub fn org(&self) -> Option<&ActiveOrganization> {
        self.signed_in()?.org.as_ref()
    }

    /// The id of the active organization, if there is one.
    #[must_use]
    pub fn org_id(&self) -> Option<&str> {
        self.org().map(|org| org.id.as_str())
    }
}

impl Default for Auth {
    fn default() -> Self {
        Self::signed_out()
    }
}

impl SignedIn {
    /// A user of whom nothing else is known.
    #[must_use]
    pub fn new(user_id: impl Into<String>) -> Self {
        Self {
            user_id: user_id.into(),
            session_id: None,
            session_status: None,
            actor: None,
            org: None,
            factor_verification_age: None,
            session_claims: Value::Null,
        }
    }

    /// The session token's claims as a type of your own, such as one with the custom claims of the Clerk
    /// Dashboard.
    ///
    /// # Errors
    ///
    /// The claims do not have the shape of `T`.
    ///
    /// ```
    /// use clerk_auth::Auth;
    /// use serde_json::json;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct MyClaims {
    ///     team: String,
    /// }
    ///
    /// let auth = Auth::from_claims(json!({"sub": "user_1", "team": "blue"}))?;
    /// let claims: MyClaims = auth.signed_in().unwrap().claims()?;
    /// assert_eq!(claims.team, "blue");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(&self.session_claims)
    }
}

impl ActiveOrganization {
    /// An organization of which nothing else is known.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            slug: None,
            role: None,
            permissions: None,
        }
    }
}
