//! Authorization: [`AuthCheck`], [`Auth::has`] and [`Auth::protect`].

#[cfg(test)]
mod tests;
mod token;

use std::time::Duration;

use serde_json::Value;

pub use self::token::TokenCheck;

use crate::{
    auth::{Auth, SignedIn, SignedOut},
    keys::{FeatureKey, PermissionKey, PlanKey, RoleKey},
    reverification::Reverification,
    scoped::Scoped,
};

/// The conditions of [`Auth::has`] and [`Auth::protect`]. All of them must hold; a check without conditions
/// never holds.
///
/// ```
/// use clerk_auth::{Auth, AuthCheck, Reverification};
/// use serde_json::json;
///
/// let auth = Auth::from_claims(json!({
///     "sub": "user_1", "org_id": "org_1", "org_role": "org:admin", "fva": [3, -1],
/// }))?;
/// assert!(auth.has(&AuthCheck::role("org:admin")));
/// assert!(auth.has(&AuthCheck::role("org:admin").within(Reverification::strict())));
/// assert!(!auth.has(&AuthCheck::role("org:admin").and_plan("pro")));
/// # Ok::<(), clerk_auth::ClaimsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct AuthCheck {
    is_signed_in: bool,
    role: Option<RoleKey>,
    permission: Option<PermissionKey>,
    feature: Option<FeatureKey>,
    plan: Option<PlanKey>,
    reverification: Option<Reverification>,
    hides: bool,
}

impl AuthCheck {
    /// Somebody is signed in.
    pub fn signed_in() -> Self {
        Self {
            is_signed_in: true,
            ..Self::default()
        }
    }

    /// The caller has this role in the active organization. The `org:` prefix is optional.
    pub fn role(role: impl Into<RoleKey>) -> Self {
        Self::default().and_role(role)
    }

    /// The caller has this permission, `<feature>:<permission>`, in the active organization. The `org:`
    /// prefix is optional.
    pub fn permission(permission: impl Into<PermissionKey>) -> Self {
        Self::default().and_permission(permission)
    }

    /// The user or the active organization has this feature. The prefix `org:` or `user:` restricts the check
    /// to that owner.
    pub fn feature(feature: impl Into<FeatureKey>) -> Self {
        Self::default().and_feature(feature)
    }

    /// The user or the active organization has this plan. The prefix `org:` or `user:` restricts the check to
    /// that owner.
    pub fn plan(plan: impl Into<PlanKey>) -> Self {
        Self::default().and_plan(plan)
    }

    /// The caller was verified this recently.
    pub fn reverification(reverification: Reverification) -> Self {
        Self::default().within(reverification)
    }

    /// Adds the condition of [`AuthCheck::role`].
    pub fn and_role(mut self, role: impl Into<RoleKey>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// Adds the condition of [`AuthCheck::permission`].
    pub fn and_permission(mut self, permission: impl Into<PermissionKey>) -> Self {
        self.permission = Some(permission.into());
        self
    }

    /// Adds the condition of [`AuthCheck::feature`].
    pub fn and_feature(mut self, feature: impl Into<FeatureKey>) -> Self {
        self.feature = Some(feature.into());
        self
    }

    /// Adds the condition of [`AuthCheck::plan`].
    pub fn and_plan(mut self, plan: impl Into<PlanKey>) -> Self {
        self.plan = Some(plan.into());
        self
    }

    /// Adds the condition of [`AuthCheck::reverification`].
    pub fn within(mut self, reverification: Reverification) -> Self {
        self.reverification = Some(reverification);
        self
    }

    /// Denies signed-in callers who are not allowed by [`Denied::NotFound`], so that they cannot tell whether there is
    /// something. `auth.protect()` of Next.js always answers them so.
    ///
    /// ```
    /// use clerk_auth::{Auth, AuthCheck, Denied};
    /// use serde_json::json;
    ///
    /// let auth = Auth::from_claims(json!({"sub": "user_1"}))?;
    /// let check = AuthCheck::role("org:admin").or_not_found();
    /// assert_eq!(auth.protect(&check), Err(Denied::NotFound));
    /// assert_eq!(Auth::signed_out().protect(&check), Err(Denied::SignedOut));
    /// # Ok::<(), clerk_auth::ClaimsError>(())
    /// ```
    pub fn or_not_found(mut self) -> Self {
        self.hides = true;
        self
    }

    /// What a caller gets who lacks something.
    const fn refusal(&self) -> Denied {
        if self.hides {
            Denied::NotFound
        } else {
            Denied::Forbidden
        }
    }
}

/// What [`Auth::protect`] can check: an [`AuthCheck`] for users, or a [`TokenCheck`] for programs too.
pub trait Check {
    /// The caller that it lets pass.
    type Caller: Clone;

    /// Returns the caller if every condition holds, or else why not.
    ///
    /// # Errors
    ///
    /// Why the caller is denied.
    fn decide<'a>(&self, auth: &'a Auth) -> Result<&'a Self::Caller, Denied>;
}

impl<C: Check> Check for &C {
    type Caller = C::Caller;

    fn decide<'a>(&self, auth: &'a Auth) -> Result<&'a C::Caller, Denied> {
        (**self).decide(auth)
    }
}

/// Why [`Auth::protect`] denies a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Denied {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    SignedOut,
    /// It is not known whether somebody is signed in, because Clerk's Backend API is unavailable.
    #[error("it is not known whether somebody is signed in")]
    Unavailable {
        /// How long to wait before another attempt.
        retry_after: Duration,
    },
    /// The caller lacks a role, permission, feature or plan.
    #[error("the caller lacks a required role, permission, feature or plan")]
    Forbidden,
    /// The same, for a check that hides what it protects, see [`AuthCheck::or_not_found`].
    #[error("the caller must not learn whether there is something")]
    NotFound,
    /// The caller has everything else that is required, but must be verified again.
    #[error("the caller must be verified again")]
    Reverification(Reverification),
}

impl Auth {
    /// Whether somebody is signed in and all conditions hold: `has()` in Clerk's JavaScript SDKs.
    #[must_use]
    pub fn has(&self, check: &AuthCheck) -> bool {
        self.protect(check).is_ok()
    }

    /// Returns the signed-in caller if all conditions hold: `auth.protect()` in Clerk's JavaScript SDKs.
    ///
    /// # Errors
    ///
    /// Why the caller is denied. [`Denied::Reverification`] is returned only if all other conditions hold.
    ///
    /// ```
    /// use clerk_auth::{Auth, AuthCheck, Denied};
    ///
    /// let nobody = Auth::signed_out();
    /// assert_eq!(nobody.protect(&AuthCheck::signed_in()), Err(Denied::SignedOut));
    /// ```
    pub fn protect<C: Check>(&self, check: &C) -> Result<&C::Caller, Denied> {
        check.decide(self)
    }
}

impl Check for AuthCheck {
    type Caller = SignedIn;

    fn decide<'a>(&self, auth: &'a Auth) -> Result<&'a SignedIn, Denied> {
        let signed_in = match auth {
            Auth::SignedIn(signed_in) => signed_in,
            Auth::SignedOut(signed_out) => return Err(signed_out.denial()),
            Auth::Machine(_) => return Err(Denied::SignedOut),
        };
        let conditions = [
            self.is_signed_in.then_some(true),
            self.role.as_ref().map(|role| signed_in.has_role(role.as_str())),
            self.permission
                .as_ref()
                .map(|permission| signed_in.has_permission(permission.as_str())),
            self.feature
                .as_ref()
                .map(|feature| signed_in.is_entitled("fea", feature.as_str())),
            self.plan
                .as_ref()
                .map(|plan| signed_in.is_entitled("pla", plan.as_str())),
        ];
        let required = || conditions.into_iter().flatten();
        match self.reverification {
            _ if required().any(|holds| !holds) => Err(self.refusal()),
            None if required().next().is_none() => Err(self.refusal()),
            Some(reverification) if !signed_in.is_reverified(reverification) => {
                Err(Denied::Reverification(reverification))
            }
            _ => Ok(signed_in),
        }
    }
}

impl SignedOut {
    const fn denial(&self) -> Denied {
        match self.retry_after {
            Some(retry_after) => Denied::Unavailable { retry_after },
            None => Denied::SignedOut,
        }
    }
}

impl SignedIn {
    fn is_reverified(&self, reverification: Reverification) -> bool {
        self.factor_verification_age
            .is_some_and(|ages| reverification.is_met_by(ages))
    }

    fn has_role(&self, role: &str) -> bool {
        self.org
            .as_ref()
            .and_then(|org| org.role.as_deref())
            .is_some_and(|held| bare(held) == bare(role))
    }

    fn has_permission(&self, permission: &str) -> bool {
        let required = format!("org:{}", bare(permission));
        let held = self.org.iter().flat_map(|org| &org.permissions).flatten();
        held.into_iter().any(|held| *held == required)
    }

    /// Whether the `fea` or `pla` claim contains a feature or plan.
    fn is_entitled(&self, claim: &str, required: &str) -> bool {
        let claim = self.session_claims.get(claim).and_then(Value::as_str);
        let Some(Ok(held)) = claim.filter(|claim| !claim.is_empty()).map(Scoped::parse) else {
            return false;
        };
        let mut pieces = required.split(':');
        let scope = pieces.next().unwrap_or_default();
        match pieces.next() {
            None => held.org.contains(&scope) || held.user.contains(&scope),
            Some(id) => {
                let id = if id.is_empty() { scope } else { id };
                match scope {
                    "o" | "org" | "organization" => held.org.contains(&id),
                    "u" | "user" => held.user.contains(&id),
                    _ => false,
                }
            }
        }
    }
}

/// Removes every leading `org:`.
fn bare(mut name: &str) -> &str {
    while let Some(rest) = name.strip_prefix("org:") {
        name = rest;
    }
    name
}
