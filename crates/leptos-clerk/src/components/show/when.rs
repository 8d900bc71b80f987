use std::{fmt, sync::Arc};

use clerk_auth::{Auth, AuthCheck, FeatureKey, PermissionKey, PlanKey, RoleKey};

/// To whom [`Show`](crate::Show) shows its children: the prop `when` of `@clerk/react`.
///
/// An [`AuthCheck`] and a function of [`Auth`] are converted to it.
#[derive(Clone)]
#[non_exhaustive]
pub enum When {
    /// To signed-in visitors: `"signed-in"`.
    SignedIn,
    /// To signed-out visitors: `"signed-out"`.
    SignedOut,
    /// To those who pass a check: `{ role: … }` and the like.
    Check(AuthCheck),
    /// To signed-in visitors for whom the function returns true.
    Predicate(Arc<dyn Fn(&Auth) -> bool + Send + Sync>),
}

impl When {
    /// To those who have this role in the active organization, such as `org:admin`.
    pub fn role(role: impl Into<RoleKey>) -> Self {
        Self::Check(AuthCheck::role(role))
    }

    /// To those who have this permission in the active organization, such as `org:team:manage`.
    pub fn permission(permission: impl Into<PermissionKey>) -> Self {
        Self::Check(AuthCheck::permission(permission))
    }

    /// To users who have this feature, themselves or by the active organization.
    pub fn feature(feature: impl Into<FeatureKey>) -> Self {
        Self::Check(AuthCheck::feature(feature))
    }

    /// To users who have this plan, themselves or by the active organization.
    pub fn plan(plan: impl Into<PlanKey>) -> Self {
        Self::Check(AuthCheck::plan(plan))
    }

    /// `is_pending`: the visitor's session is pending, and counts as signed in.
    pub(super) fn is_met(&self, auth: &Auth, is_pending: bool) -> bool {
        let is_signed_in = is_pending || auth.is_signed_in();
        match self {
            Self::SignedIn => is_signed_in,
            Self::SignedOut => !is_signed_in,
            Self::Check(check) => auth.has(check),
            Self::Predicate(predicate) => is_signed_in && predicate(auth),
        }
    }
}

impl From<AuthCheck> for When {
    fn from(check: AuthCheck) -> Self {
        Self::Check(check)
    }
}

impl<F> From<F> for When
where
    F: Fn(&Auth) -> bool + Send + Sync + 'static,
{
    fn from(predicate: F) -> Self {
        Self::Predicate(Arc::new(predicate))
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignedIn => f.write_str("SignedIn"),
            Self::SignedOut => f.write_str("SignedOut"),
            Self::Check(check) => f.debug_tuple("Check").field(check).finish(),
            Self::Predicate(_) => f.write_str("Predicate"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn admin() -> Auth {
        Auth::from_claims(json!({"sub": "user_1", "org_id": "org_1", "org_role": "org:admin"})).unwrap()
    }

    #[test]
    fn everybody_is_either_signed_in_or_signed_out() {
        for (auth, is_pending, is_signed_in) in [
            (admin(), false, true),
            (Auth::signed_out(), false, false),
            (Auth::signed_out(), true, true),
        ] {
            assert_eq!(When::SignedIn.is_met(&auth, is_pending), is_signed_in);
            assert_eq!(When::SignedOut.is_met(&auth, is_pending), !is_signed_in);
        }
    }

    #[test]
    fn checks_and_predicates_need_somebody_who_is_signed_in() {
        let always = When::from(|_: &Auth| true);
        for when in [When::role("org:admin"), AuthCheck::signed_in().into(), always] {
            assert!(when.is_met(&admin(), false), "{when:?}");
            assert!(!when.is_met(&Auth::signed_out(), false), "{when:?}");
        }
        for when in [
            When::role("org:member"),
            When::plan("pro"),
            When::from(|_: &Auth| false),
        ] {
            assert!(!when.is_met(&admin(), false), "{when:?}");
        }
        assert!(!When::role("org:admin").is_met(&Auth::signed_out(), true));
    }
}
