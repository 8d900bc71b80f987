//! [`Auth`]: who is signed in.

mod object;

use std::{borrow::Cow, time::Duration};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::machine::Machine;

/// Whether a session can be used: the `sts` claim of its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SessionStatus {
    /// The session can be used.
    Active,
    /// The user is signed in but has tasks left to do, such as choosing an organization. Treated as signed
    /// out.
    Pending,
}

/// Who is signed in: what `auth()` returns in Clerk's JavaScript SDKs.
///
/// Serializes as the flat object of those SDKs in snake case: every field is present, and `null` where it
/// does not apply. A [`Machine`] serializes as a signed-out visitor, as which pages treat it.
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
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Auth {
    /// A user with an active session.
    SignedIn(SignedIn),
    /// A program with a token of its own. Only where such tokens are accepted, see
    /// [`AcceptsToken`](crate::AcceptsToken); it does not count as signed in.
    Machine(Machine),
    /// Nobody is signed in, or the session is still pending.
    SignedOut(SignedOut),
}

/// A user with an active session.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SignedIn {
    /// The user's ID, `user_…` (the `sub` claim).
    pub user_id: String,
    /// The session's ID, `sess_…` (the `sid` claim). `None` for a token without that claim.
    pub session_id: Option<String>,
    /// The session's status (the `sts` claim). `None` for tokens without that claim.
    pub session_status: Option<SessionStatus>,
    /// The impersonator, if somebody impersonates the user (the `act` claim).
    pub actor: Option<Value>,
    /// The organization that is active in the session.
    pub org: Option<ActiveOrganization>,
    /// Minutes since the first and the second factor were verified (the `fva` claim); -1 if the user has no
    /// such factor.
    pub factor_verification_age: Option<[i64; 2]>,
    /// The claims of the session token, unchanged.
    pub session_claims: Value,
}

/// The organization that is active in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActiveOrganization {
    /// The organization's ID, `org_…`.
    pub id: String,
    /// The organization's slug, if it has one.
    pub slug: Option<String>,
    /// The user's role with its `org:` prefix, such as `org:admin`.
    pub role: Option<String>,
    /// The user's permissions, such as `org:posts:read`. `None` for a token that does not list them.
    pub permissions: Option<Vec<String>>,
}

/// Nobody is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedOut {
    /// Why nobody is signed in, such as `session-token-and-uat-missing`. Known to the server only: not
    /// serialized.
    pub reason: Option<Cow<'static, str>>,
    /// Whether a user is signed in whose session is pending: it has tasks left to do.
    pub is_pending: bool,
    /// How long to wait before another attempt, if it is not known whether somebody is signed in, because Clerk's Backend
    /// API is unavailable. Known to the server only: not serialized.
    pub retry_after: Option<Duration>,
}

impl Auth {
    /// Nobody is signed in.
    #[must_use]
    pub const fn signed_out() -> Self {
        Self::SignedOut(SignedOut {
            reason: None,
            is_pending: false,
            retry_after: None,
        })
    }

    /// The signed-in user, if there is one.
    #[must_use]
    pub const fn signed_in(&self) -> Option<&SignedIn> {
        match self {
            Self::SignedIn(signed_in) => Some(signed_in),
            Self::Machine(_) | Self::SignedOut(_) => None,
        }
    }

    /// The program whose token was accepted, if the caller is one.
    #[must_use]
    pub const fn machine(&self) -> Option<&Machine> {
        match self {
            Self::Machine(machine) => Some(machine),
            Self::SignedIn(_) | Self::SignedOut(_) => None,
        }
    }

    /// How long to wait before another attempt, if it is not known whether somebody is signed in, see
    /// [`SignedOut::retry_after`].
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::SignedOut(signed_out) => signed_out.retry_after,
            Self::SignedIn(_) | Self::Machine(_) => None,
        }
    }

    /// Whether a user is signed in. A pending session counts as signed out.
    #[must_use]
    pub const fn is_signed_in(&self) -> bool {
        matches!(self, Self::SignedIn(_))
    }

    /// The user's ID, if somebody is signed in.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        self.signed_in().map(|signed_in| signed_in.user_id.as_str())
    }

    /// The session's ID, if somebody is signed in and the token names it.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.signed_in()?.session_id.as_deref()
    }

    /// The active organization, if somebody is signed in and has one.
    #[must_use]
    pub fn org(&self) -> Option<&ActiveOrganization> {
        self.signed_in()?.org.as_ref()
    }

    /// The ID of the active organization, if there is one.
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
    /// Creates a signed-in user of whom nothing else is known, for tests.
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

    /// Deserializes the claims of the session token into a type of your own, such as one with the custom
    /// claims set in the Clerk Dashboard.
    ///
    /// # Errors
    ///
    /// The claims do not match `T`.
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
    /// Creates an organization of which nothing else is known, for tests.
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
