//! Tokens in the `Authorization` header.

use super::*;

#[tokio::test]
async fn signed_in_without_cookies() {
    Case::dev().bearer(ACTIVE).document().signs_in().await;
    Case::live().bearer(ACTIVE).signs_in().await;
    let bare = Case::live();
    let token = bare.signer.sign(&claims(ACTIVE));
    bare.header("authorization", &token).signs_in().await;
}

#[tokio::test]
async fn tokens_outside_their_lifetime_lead_documents_to_a_handshake() {
    Case::live()
        .bearer(OLD)
        .document()
        .goes_to(ENDPOINT, EXPIRED, "http://app.test/")
        .await;
    Case::dev()
        .bearer(EARLY)
        .document()
        .goes_to(ENDPOINT, "session-token-nbf", "http://app.test/")
        .await;
    let state = Case::live().bearer(OLD).ends_signed_out(EXPIRED).await;
    assert!(
        state
            .message
            .unwrap()
            .starts_with("JWT is expired. Expiry date: Mon, 23 Nov 2026 05:15:29 GMT, ")
    );
    let later = Case::live().bearer(ACTIVE).document().later(3600);
    later.goes_through_handshake(EXPIRED).await;
}

#[tokio::test]
async fn rejected_tokens_sign_out_with_their_reason() {
    let state = Case::live()
        .header("authorization", "Bearer test_header_token")
        .ends_signed_out("token-invalid")
        .await;
    assert_eq!(
        state.headers["x-clerk-auth-message"],
        "Invalid JWT form. A JWT consists of three parts separated by dots. \
         (reason=token-invalid, token-carrier=header)"
    );
    let other = Signer::new();
    let forged = Case::live().header(
        "authorization",
        &format!("Bearer {}", other.sign(&claims(ACTIVE))),
    );
    forged.ends_signed_out("token-invalid-signature").await;
    let party = Case::live().options(|options| options.authorized_parties = vec!["whatever".to_owned()]);
    party
        .bearer(ACTIVE)
        .document()
        .ends_signed_out("token-invalid-authorized-parties")
        .await;
    let issuer = Case::live().options(|options| options.issuers = vec!["https://clerk.clerk.dev".to_owned()]);
    issuer
        .bearer(ACTIVE)
        .ends_signed_out("token-invalid-issuer")
        .await;
}

#[tokio::test]
async fn only_a_missing_party_can_be_accepted() {
    let case = |accept_missing_azp, azp: Option<Value>| {
        let case = Case::live().options(|options| {
            options.authorized_parties = vec!["https://a.test".to_owned()];
            options.accept_missing_azp = accept_missing_azp;
        });
        let mut claims = claims(ACTIVE);
        if let Some(azp) = azp {
            claims["azp"] = azp;
        }
        let token = case.signer.sign(&claims);
        case.header("authorization", &format!("Bearer {token}"))
    };
    const REFUSED: &str = "token-invalid-authorized-parties";
    case(false, None).ends_signed_out(REFUSED).await;
    case(true, None).signs_in().await;
    case(true, Some(json!("https://a.test"))).signs_in().await;
    for azp in [
        json!("https://b.test"),
        json!(""),
        json!(null),
        json!(["https://a.test"]),
    ] {
        case(true, Some(azp)).ends_signed_out(REFUSED).await;
    }
}

#[tokio::test]
async fn hostile_headers_are_rejected() {
    let request = |header: Value, claims: &Value| {
        let case = Case::live();
        let token = case.signer.sign_with(&header, claims);
        case.header("authorization", &format!("Bearer {token}"))
    };
    let good = claims(ACTIVE);
    let cases = [
        (json!({"alg": "none", "kid": "ins_1"}), "token-invalid-algorithm"),
        (json!({"alg": "HS256", "kid": "ins_1"}), "token-invalid-algorithm"),
        (json!({"kid": "ins_1"}), "token-invalid-algorithm"),
        (
            json!({"alg": "RS512", "kid": "ins_1"}),
            "token-verification-failed",
        ),
        (json!({"alg": "RS256", "typ": "jwt"}), "token-invalid"),
        (json!({"alg": "RS256", "typ": "at+jwt"}), "token-type-mismatch"),
        (
            json!({"alg": "RS256", "cat": "cl_B7d4PD222AAA"}),
            "token-type-mismatch",
        ),
        (
            json!({"alg": "RS256", "cat": "cl_B7d4PD333AAA"}),
            "token-type-mismatch",
        ),
    ];
    for (header, reason) in cases {
        request(header, &good).ends_signed_out(reason).await;
    }
    request(json!({"alg": "RS256"}), &json!({"sub": "mch_1"}))
        .ends_signed_out("token-type-mismatch")
        .await;
    request(json!({"alg": "RS256"}), &json!({"sub": 7}))
        .ends_signed_out("token-verification-failed")
        .await;
}

#[tokio::test]
async fn the_message_is_short_and_printable_whatever_the_token_contains() {
    let long = "x".repeat(20_000);
    for text in [
        long.as_str(),
        "a\r\nset-cookie: evil=1",
        "\0\u{1b}[2J\u{7f}\u{85}\u{9b}",
        "\u{20ac}\u{2028}\u{202e}",
    ] {
        for name in ["typ", "alg", "kid"] {
            let mut header = json!({"alg": "RS256", "kid": "ins_1", "typ": "JWT"});
            header[name] = json!(text);
            let token = SIGNER.sign_with(&header, &claims(ACTIVE));
            let state = Case::live()
                .stub(|stub| stub.key = Err(kid_mismatch(header["kid"].as_str().unwrap()).into()))
                .header("authorization", &format!("Bearer {token}"))
                .state()
                .await;
            let message = state.message.unwrap();
            assert!(message.chars().count() < 800, "{name}: {}", message.len());
            assert!(!message.contains(char::is_control), "{name}: {message:?}");
            assert!(message.ends_with("token-carrier=header)"), "{message}");
            if let Some(value) = state.headers.get("x-clerk-auth-message") {
                assert!(
                    value.len() < 800 && value.as_bytes().iter().all(|byte| (b' '..=b'~').contains(byte))
                );
            } else {
                assert!(!message.is_ascii(), "{message:?}");
            }
        }
    }
}

#[tokio::test]
async fn padding_does_not_make_a_machine_token_a_session_token() {
    let mut machine = claims(ACTIVE);
    machine["sub"] = json!("mch_1");
    let oauth = json!({"alg": "RS256", "kid": "ins_1", "typ": "at+jwt"});
    let tokens = [SIGNER.sign(&machine), SIGNER.sign_with(&oauth, &claims(ACTIVE))];
    for token in tokens {
        for padding in ["", "=", "==", "==="] {
            let padded = format!("{token}{padding}");
            Case::live()
                .header("authorization", &format!("Bearer {padded}"))
                .ends_signed_out("token-type-mismatch")
                .await;
            Case::live()
                .cookie(&format!("__session={padded}"))
                .cookie(&format!("__client_uat={NOW}"))
                .ends_signed_out("token-type-mismatch")
                .await;
        }
    }
}

#[tokio::test]
async fn the_header_takes_precedence_over_cookies_and_handshakes() {
    let case = Case::dev().dev_browser().session(ACTIVE).document();
    let handshake = case.handshake_token(&[]);
    let case = case.at(&format!("/?__clerk_handshake={handshake}"));
    case.header("authorization", "Bearer nonsense")
        .ends_signed_out("token-invalid")
        .await;
    Case::live()
        .session(ACTIVE)
        .header("authorization", "Basic dXNlcg==")
        .signs_in()
        .await;
}

#[tokio::test]
async fn the_handshake_carries_the_token_of_the_cookie_rather_than_that_of_the_header() {
    let case = Case::live().session(ACTIVE).bearer(OLD).document();
    let cookie = case.cookies[0].clone();
    let url = case.goes_through_handshake(EXPIRED).await;
    assert_eq!(
        format!("__session={}", parameter(&url, "__session").unwrap()),
        cookie
    );
}
