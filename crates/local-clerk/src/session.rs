//! Signed-in users for tests.

mod sign_in;

use http::{Method, Request, header};
use secrecy::{ExposeSecret as _, SecretString};

/// A user who has signed in, for requests to an app that uses the local Clerk.
///
/// [`LocalClerk::session_of`](crate::LocalClerk::session_of) returns one. Its token was created at the sign-in, and
/// expires after the token lifetime, which is 60 seconds by default.
#[derive(Debug)]
pub struct TestSession {
    user_id: String,
    session_id: String,
    token: SecretString,
    cookies: SecretString,
    host: String,
}

/// Why a user could not be signed in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// No user has this identifier.
    #[error(
        "no user of the local Clerk has the identifier {0:?}: add one to the seed, or create one by the Backend API"
    )]
    UnknownUser(String),
    /// The local Clerk refused the sign-in, for example because the user is banned.
    #[error("the local Clerk refused to sign the user in: {reason}")]
    Refused {
        /// The error, or the status of the sign-in that was not completed.
        reason: String,
    },
}

impl TestSession {
    /// Returns the user's id, `user_…`.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// Returns the session's id, `sess_…`.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// Returns the session token (a JWT), for an `Authorization: Bearer` header.
    #[must_use]
    pub fn bearer_token(&self) -> &str {
        self.token.expose_secret()
    }

    /// Returns the value of the `Cookie` header that the user's browser sends to the app: `__session`,
    /// `__client_uat` and, of a development instance, `__clerk_db_jwt`, each also with the instance's suffix.
    #[must_use]
    pub fn cookies(&self) -> &str {
        self.cookies.expose_secret()
    }

    /// Returns a request to the app as the user's browser makes it: with an empty body, the cookies, and the host of
    /// the app.
    ///
    /// An axum `Router` and other tower services take it as it is.
    ///
    /// # Panics
    /// If `path` is not a path, with or without a query, such as `/teams?page=2`.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "a wrong path is a mistake in the test, as documented"
    )]
    pub fn request(&self, method: Method, path: &str) -> Request<String> {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.host)
            .header(header::COOKIE, self.cookies())
            .body(String::new())
            .expect("the path must be a valid one, such as /teams?page=2")
    }
}
