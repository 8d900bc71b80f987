//! [`TokenCheck`]: checks that programs with a token of their own can meet.

use std::borrow::Cow;

use super::{AuthCheck, Check, Denied};
use crate::{
    auth::Auth,
    token_type::{AcceptsToken, TokenType},
};

/// A check that other callers than users can meet: programs with an API key, a machine-to-machine token or an OAuth
/// access token. See [`AuthCheck::token`] and [`AuthCheck::or_token`].
///
/// The caller that it returns is [`Auth::SignedIn`] or [`Auth::Machine`]. As in Clerk's JavaScript SDKs, roles,
/// permissions, features, plans and reverification are properties of a session, so that a program cannot meet them; what
/// it may do are its scopes.
///
/// ```
/// use clerk_auth::{Auth, AuthCheck, Denied, Machine, TokenType};
///
/// let check = AuthCheck::role("org:admin").or_token(TokenType::ApiKey);
/// let program = Auth::Machine(Machine::with_api_key("ak_1", "user_1"));
/// assert_eq!(program.protect(&check), Ok(&program));
/// assert_eq!(program.protect(&check.scope("teams:write")), Err(Denied::Forbidden));
/// assert_eq!(program.protect(&AuthCheck::signed_in()), Err(Denied::SignedOut));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct TokenCheck {
    accepts: AcceptsToken,
    user: AuthCheck,
    scopes: Vec<Cow<'static, str>>,
}

impl AuthCheck {
    /// The caller has a token of one of these kinds. A user whose session token is accepted only has to be signed in.
    pub fn token(accepts: impl Into<AcceptsToken>) -> TokenCheck {
        TokenCheck {
            accepts: accepts.into(),
            user: Self::signed_in(),
            scopes: Vec::new(),
        }
    }

    /// The caller is a user who meets this check, or a program with a token of one of these kinds.
    pub fn or_token(self, accepts: impl Into<AcceptsToken>) -> TokenCheck {
        let accepts = match accepts.into() {
            AcceptsToken::Any => AcceptsToken::Any,
            AcceptsToken::Only(token_type) => AcceptsToken::OneOf(vec![TokenType::SessionToken, token_type]),
            AcceptsToken::OneOf(mut types) => {
                types.push(TokenType::SessionToken);
                AcceptsToken::OneOf(types)
            }
        };
        TokenCheck {
            accepts,
            user: self,
            scopes: Vec::new(),
        }
    }
}

impl TokenCheck {
    /// Adds a scope that a program's token must have. Users have none, and need none.
    pub fn scope(mut self, scope: impl Into<Cow<'static, str>>) -> Self {
        self.scopes.push(scope.into());
        self
    }
}

impl Check for TokenCheck {
    type Caller = Auth;

    fn decide<'a>(&self, auth: &'a Auth) -> Result<&'a Auth, Denied> {
        match auth {
            Auth::Machine(machine) if !self.accepts.includes(machine.token_type()) => Err(Denied::SignedOut),
            Auth::Machine(machine) if self.scopes.iter().all(|scope| machine.has_scope(scope)) => Ok(auth),
            Auth::Machine(_) => Err(self.user.refusal()),
            _ if self.accepts.includes(TokenType::SessionToken) => self.user.decide(auth).map(|_| auth),
            Auth::SignedOut(signed_out) => Err(signed_out.denial()),
            Auth::SignedIn(_) => Err(Denied::SignedOut),
        }
    }
}
