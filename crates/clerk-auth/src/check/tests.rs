use serde_json::json;

use super::*;
use crate::reverification::ReverificationLevel;

fn member() -> Auth {
    Auth::from_claims(json!({
        "sub": "user_1", "org_id": "org_1", "org_role": "org:admin", "org_permissions": ["org:posts:read"],
        "fea": "o:export,u:themes,ou:search", "pla": "u:pro,o:team",
    }))
    .unwrap()
}

#[test]
fn an_empty_check_and_a_missing_user_are_denied() {
    assert!(!member().has(&AuthCheck::default()));
    assert!(!Auth::signed_out().has(&AuthCheck::role("admin")));
}

#[test]
fn roles_and_permissions_need_no_prefix() {
    let auth = member();
    assert!(auth.has(&AuthCheck::role("admin")));
    assert!(auth.has(&AuthCheck::role("org:org:admin")));
    assert!(!auth.has(&AuthCheck::role("member")));
    assert!(auth.has(&AuthCheck::permission("posts:read")));
    assert!(auth.has(&AuthCheck::permission("org:posts:read")));
    assert!(!auth.has(&AuthCheck::permission("posts:write")));
}

#[test]
fn a_role_needs_an_organization() {
    let auth = Auth::from_claims(json!({"sub": "user_1", "org_role": "org:admin"})).unwrap();
    assert!(!auth.has(&AuthCheck::role("admin")));
}

#[test]
fn all_conditions_must_hold() {
    let auth = member();
    assert!(auth.has(&AuthCheck::role("admin").and_plan("pro")));
    assert!(!auth.has(&AuthCheck::role("admin").and_plan("gold")));
    assert!(!auth.has(&AuthCheck::role("admin").and_permission("posts:write")));
}

#[test]
fn features_and_plans_belong_to_an_owner() {
    let auth = member();
    for held in [
        "export",
        "themes",
        "org:export",
        "organization:search",
        "u:search",
        "user:themes",
    ] {
        assert!(auth.has(&AuthCheck::feature(held)), "{held}");
    }
    for missing in ["gold", "user:export", "o:themes", "team:export", "export:x"] {
        assert!(!auth.has(&AuthCheck::feature(missing)), "{missing}");
    }
    assert!(auth.has(&AuthCheck::plan("org:team")));
    assert!(!auth.has(&AuthCheck::plan("org:pro")));
}

#[test]
fn a_malformed_claim_denies() {
    let auth = Auth::from_claims(json!({"sub": "user_1", "fea": "export", "pla": 7})).unwrap();
    assert!(!auth.has(&AuthCheck::feature("export")));
    assert!(!auth.has(&AuthCheck::plan("pro")));
}

#[test]
fn reverification_matches_the_official_test_vectors() {
    let first_factor_6 = Reverification {
        level: ReverificationLevel::FirstFactor,
        after_minutes: 6,
    };
    let cases = [
        ([5, -1], Reverification::strict(), true),
        ([10, -1], Reverification::strict(), false),
        ([9, -1], Reverification::strict(), true),
        ([-1, 5], Reverification::strict(), true),
        ([-1, 5], Reverification::strict_mfa(), false),
        ([-1, 5], first_factor_6, false),
        ([5, 50], Reverification::moderate(), true),
        ([5, 60], Reverification::moderate(), false),
        ([500, 5], Reverification::strict(), true),
        ([500, 5], Reverification::strict_mfa(), false),
        ([-1, -1], Reverification::lax(), false),
        ([5, 5], Reverification::strict_mfa(), true),
    ];
    for (fva, required, held) in cases {
        let auth = Auth::from_claims(json!({"sub": "user_1", "fva": fva})).unwrap();
        assert_eq!(
            auth.has(&AuthCheck::reverification(required)),
            held,
            "{fva:?} {required:?}"
        );
    }
    let unknown = Auth::from_claims(json!({"sub": "user_1"})).unwrap();
    assert!(!unknown.has(&AuthCheck::reverification(Reverification::lax())));
}

#[test]
fn protect_reports_what_is_missing() {
    let auth = member();
    let strict = Reverification::strict();
    assert_eq!(
        Auth::signed_out().protect(&AuthCheck::signed_in()),
        Err(Denied::SignedOut)
    );
    assert_eq!(auth.protect(&AuthCheck::signed_in()).unwrap().user_id, "user_1");
    assert_eq!(auth.protect(&AuthCheck::role("owner")), Err(Denied::Forbidden));
    assert_eq!(
        auth.protect(&AuthCheck::role("admin").within(strict)),
        Err(Denied::Reverification(strict))
    );
    assert_eq!(
        auth.protect(&AuthCheck::role("owner").within(strict)),
        Err(Denied::Forbidden)
    );
}
