use serde_json::json;

use super::*;

const NOW: i64 = 1_795_411_469_000;

fn check(claims: &Value, authorized_parties: &[&str], issuers: &[&str]) -> Result<(), TokenReason> {
    check_with_audiences(claims, &[], authorized_parties, issuers).map_err(|error| error.reason)
}

fn check_with_audiences(
    claims: &Value,
    audiences: &[&str],
    authorized_parties: &[&str],
    issuers: &[&str],
) -> Result<(), TokenError> {
    let own = |list: &[&str]| list.iter().map(|&item| item.to_owned()).collect::<Vec<_>>();
    let rules = ClaimRules {
        audiences: &own(audiences),
        authorized_parties: &own(authorized_parties),
        accept_missing_azp: false,
        issuers: &own(issuers),
        now: NOW,
        clock_skew: 5_000,
        revocations: None,
    };
    rules.check(claims.as_object().unwrap())
}

#[test]
fn the_audience_must_be_allowed() {
    let rejection = |aud: Value| {
        let claims = json!({"sub": "u", "exp": NOW / 1000, "aud": aud});
        check_with_audiences(&claims, &["api", "app"], &[], &[])
            .err()
            .map(|error| error.message)
    };
    for aud in [
        json!("api"),
        json!(["other", "app"]),
        json!(null),
        json!(""),
        json!([""]),
        json!([1]),
        json!({}),
    ] {
        assert_eq!(rejection(aud.clone()), None, "{aud}");
    }
    assert_eq!(
        rejection(json!("other")).unwrap(),
        r#"Invalid JWT audience claim (aud) "other". Is not included in "["api","app"]"."#
    );
    assert_eq!(
        rejection(json!(["other", ""])).unwrap(),
        r#"Invalid JWT audience claim array (aud) ["other",""]. Is not included in "["api","app"]"."#
    );
    let claims = json!({"sub": "u", "exp": NOW / 1000, "aud": "other"});
    assert_eq!(check(&claims, &[], &[]), Ok(()));
}

#[test]
fn times_allow_for_the_clock_skew() {
    let now = NOW / 1000;
    let cases = [
        (json!({"sub": "u", "exp": now - 4}), Ok(())),
        (
            json!({"sub": "u", "exp": now - 5}),
            Err(TokenReason::TokenExpired),
        ),
        (
            json!({"sub": "u", "exp": (now - 5) as f64 + 0.5}),
            Err(TokenReason::TokenExpired),
        ),
        (json!({"sub": "u", "exp": 1e300}), Ok(())),
        (json!({"sub": "u", "exp": now, "nbf": now + 5}), Ok(())),
        (
            json!({"sub": "u", "exp": now, "nbf": now + 6}),
            Err(TokenReason::TokenNotActiveYet),
        ),
        (
            json!({"sub": "u", "exp": now, "iat": now + 6}),
            Err(TokenReason::TokenIatInTheFuture),
        ),
        (json!({"sub": "u", "exp": now, "iat": 1e300}), Ok(())),
    ];
    for (claims, outcome) in cases {
        assert_eq!(check(&claims, &[], &[]), outcome, "{claims}");
    }
}

#[test]
fn claims_of_the_wrong_type_are_rejected() {
    let now = NOW / 1000;
    for claims in [
        json!({"exp": now}),
        json!({"sub": 7, "exp": now}),
        json!({"sub": "u"}),
        json!({"sub": "u", "exp": "1"}),
        json!({"sub": "u", "exp": now, "nbf": null}),
        json!({"sub": "u", "exp": now, "iat": "1"}),
    ] {
        assert_eq!(
            check(&claims, &[], &[]),
            Err(TokenReason::TokenVerificationFailed),
            "{claims}"
        );
    }
    assert_eq!(check(&json!({"sub": "", "exp": now}), &[], &[]), Ok(()));
}

#[test]
fn configured_parties_and_issuers_are_required() {
    let now = NOW / 1000;
    let claims = json!({"sub": "u", "exp": now, "azp": "https://a.test", "iss": "https://clerk.a.test"});
    let bare = json!({"sub": "u", "exp": now, "azp": ""});
    let wrong_party = Err(TokenReason::TokenInvalidAuthorizedParties);
    assert_eq!(check(&claims, &["https://b.test", "https://a.test"], &[]), Ok(()));
    assert_eq!(check(&claims, &["https://a.test/"], &[]), wrong_party);
    assert_eq!(check(&bare, &["https://a.test"], &[]), wrong_party);
    assert_eq!(check(&claims, &[], &["https://clerk.a.test"]), Ok(()));
    assert_eq!(
        check(&claims, &[], &["https://clerk.b.test"]),
        Err(TokenReason::TokenInvalidIssuer)
    );
    assert_eq!(
        check(&bare, &[], &["https://clerk.a.test"]),
        Err(TokenReason::TokenInvalidIssuer)
    );
}
