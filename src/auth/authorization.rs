//! `has()`: may the caller do this?

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Auth, scoped::Scoped};

/// What is asked of [`Auth::has`]. Everything that is set must hold; with nothing set nothing holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// With or without its `org:` prefix.
    pub role: Option<&'a str>,
    /// `<feature>:<permission>`, with or without its `org:` prefix.
    pub permission: Option<&'a str>,
    /// A feature; `org:` or `user:` in front asks for one of that owner only.
    pub feature: Option<&'a str>,
    /// A plan; `org:` or `user:` in front asks for one of that owner only.
    pub plan: Option<&'a str>,
    /// How recently the caller must have proven who they are.
    pub reverification: Option<Reverification>,
}

impl<'a> Wanted<'a> {
    #[must_use]
    pub fn role(role: &'a str) -> Self {
        Self {
            role: Some(role),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn permission(permission: &'a str) -> Self {
        Self {
            permission: Some(permission),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn feature(feature: &'a str) -> Self {
        Self {
            feature: Some(feature),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn plan(plan: &'a str) -> Self {
        Self {
            plan: Some(plan),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn reverification(reverification: Reverification) -> Self {
        Self {
            reverification: Some(reverification),
            ..Self::default()
        }
    }
}

/// How recently, and with what, the caller must have proven who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reverification {
    pub level: ReverificationLevel,
    pub after_minutes: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReverificationLevel {
    FirstFactor,
    /// The first factor where there is no second.
    SecondFactor,
    /// Both factors; the first alone where there is no second.
    MultiFactor,
}

impl Reverification {
    pub const STRICT_MFA: Self = Self {
        level: ReverificationLevel::MultiFactor,
        after_minutes: 10,
    };
    pub const STRICT: Self = Self {
        level: ReverificationLevel::SecondFactor,
        after_minutes: 10,
    };
    pub const MODERATE: Self = Self {
        level: ReverificationLevel::SecondFactor,
        after_minutes: 60,
    };
    pub const LAX: Self = Self {
        level: ReverificationLevel::SecondFactor,
        after_minutes: 1_440,
    };

    fn is_met_by(self, [first, second]: [i64; 2]) -> bool {
        let fresh = |age: i64| age != -1 && i64::from(self.after_minutes) > age;
        match self.level {
            ReverificationLevel::FirstFactor => fresh(first),
            _ if second == -1 => fresh(first),
            ReverificationLevel::SecondFactor => fresh(second),
            ReverificationLevel::MultiFactor => fresh(first) && fresh(second),
        }
    }
}

impl Auth {
    /// Whether the caller is signed in and everything wanted holds.
    #[must_use]
    pub fn has(&self, wanted: Wanted<'_>) -> bool {
        let checks = [
            wanted.role.map(|role| self.has_role(role)),
            wanted
                .permission
                .map(|permission| self.has_permission(permission)),
            wanted.feature.map(|feature| self.is_entitled("fea", feature)),
            wanted.plan.map(|plan| self.is_entitled("pla", plan)),
            wanted.reverification.map(|wanted| {
                self.factor_verification_age
                    .is_some_and(|ages| wanted.is_met_by(ages))
            }),
        ];
        let mut asked = checks.into_iter().flatten().peekable();
        self.is_signed_in() && asked.peek().is_some() && asked.all(|held| held)
    }

    fn has_role(&self, role: &str) -> bool {
        self.org_id.is_some()
            && self
                .org_role
                .as_deref()
                .is_some_and(|held| bare(held) == bare(role))
    }

    fn has_permission(&self, permission: &str) -> bool {
        let wanted = format!("org:{}", bare(permission));
        self.org_id.is_some() && self.org_permissions.iter().flatten().any(|held| *held == wanted)
    }

    /// Looks for `wanted` in the `fea` or `pla` claim.
    fn is_entitled(&self, claim: &str, wanted: &str) -> bool {
        let claim = self
            .session_claims
            .as_ref()
            .and_then(|claims| claims.get(claim))
            .and_then(Value::as_str);
        let Some(Ok(held)) = claim.filter(|claim| !claim.is_empty()).map(Scoped::parse) else {
            return false;
        };
        let mut pieces = wanted.split(':');
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

/// Without any leading `org:`.
fn bare(mut name: &str) -> &str {
    while let Some(rest) = name.strip_prefix("org:") {
        name = rest;
    }
    name
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn member() -> Auth {
        Auth::from_claims(json!({
            "sub": "user_1", "org_id": "org_1", "org_role": "org:admin", "org_permissions": ["org:posts:read"],
            "fea": "o:export,u:themes,ou:search", "pla": "u:pro,o:team",
        }))
        .unwrap()
    }

    #[test]
    fn nothing_asked_or_nobody_there_is_denied() {
        assert!(!member().has(Wanted::default()));
        assert!(!Auth::signed_out().has(Wanted::role("admin")));
    }

    #[test]
    fn roles_and_permissions_need_no_prefix() {
        let auth = member();
        assert!(auth.has(Wanted::role("admin")));
        assert!(auth.has(Wanted::role("org:org:admin")));
        assert!(!auth.has(Wanted::role("member")));
        assert!(auth.has(Wanted::permission("posts:read")));
        assert!(auth.has(Wanted::permission("org:posts:read")));
        assert!(!auth.has(Wanted::permission("posts:write")));
    }

    #[test]
    fn a_role_needs_an_organization() {
        let auth = Auth::from_claims(json!({"sub": "user_1", "org_role": "org:admin"})).unwrap();
        assert!(!auth.has(Wanted::role("admin")));
    }

    #[test]
    fn everything_asked_must_hold() {
        let auth = member();
        assert!(auth.has(Wanted {
            plan: Some("pro"),
            ..Wanted::role("admin")
        }));
        assert!(!auth.has(Wanted {
            plan: Some("gold"),
            ..Wanted::role("admin")
        }));
        assert!(!auth.has(Wanted {
            permission: Some("posts:write"),
            ..Wanted::role("admin")
        }));
    }

    #[test]
    fn features_and_plans_by_owner() {
        let auth = member();
        for held in [
            "export",
            "themes",
            "org:export",
            "organization:search",
            "u:search",
            "user:themes",
        ] {
            assert!(auth.has(Wanted::feature(held)), "{held}");
        }
        for missing in ["gold", "user:export", "o:themes", "team:export", "export:x"] {
            assert!(!auth.has(Wanted::feature(missing)), "{missing}");
        }
        assert!(auth.has(Wanted::plan("org:team")));
        assert!(!auth.has(Wanted::plan("org:pro")));
    }

    #[test]
    fn a_malformed_claim_denies() {
        let auth = Auth::from_claims(json!({"sub": "user_1", "fea": "export", "pla": 7})).unwrap();
        assert!(!auth.has(Wanted::feature("export")));
        assert!(!auth.has(Wanted::plan("pro")));
    }

    #[test]
    fn reverification_follows_clerks_vectors() {
        let first_factor_6 = Reverification {
            level: ReverificationLevel::FirstFactor,
            after_minutes: 6,
        };
        let cases = [
            ([5, -1], Reverification::STRICT, true),
            ([10, -1], Reverification::STRICT, false),
            ([9, -1], Reverification::STRICT, true),
            ([-1, 5], Reverification::STRICT, true),
            ([-1, 5], Reverification::STRICT_MFA, false),
            ([-1, 5], first_factor_6, false),
            ([5, 50], Reverification::MODERATE, true),
            ([5, 60], Reverification::MODERATE, false),
            ([500, 5], Reverification::STRICT, true),
            ([500, 5], Reverification::STRICT_MFA, false),
            ([-1, -1], Reverification::LAX, false),
            ([5, 5], Reverification::STRICT_MFA, true),
        ];
        for (fva, wanted, held) in cases {
            let auth = Auth::from_claims(json!({"sub": "user_1", "fva": fva})).unwrap();
            assert_eq!(
                auth.has(Wanted::reverification(wanted)),
                held,
                "{fva:?} {wanted:?}"
            );
        }
        let unknown = Auth::from_claims(json!({"sub": "user_1"})).unwrap();
        assert!(!unknown.has(Wanted::reverification(Reverification::LAX)));
    }
}
