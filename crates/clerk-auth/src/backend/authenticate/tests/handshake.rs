//! Results of handshakes.

use super::*;

fn session_cookies(case: &Case, age: i64) -> Vec<String> {
    vec![
        format!("__session={};path=/", case.signer.sign(&claims(age))),
        "foo=bar;path=/;domain=example.com".to_owned(),
    ]
}

/// A visitor in development who returns with a handshake token in the URL.
fn returning(age: i64) -> (Case, Vec<String>) {
    let case = Case::dev().dev_browser().document();
    let cookies = session_cookies(&case, age);
    let token = case.handshake_token(&cookies);
    (
        case.at(&format!("/?__clerk_handshake={token}&__clerk_help=1&a=b")),
        cookies,
    )
}

/// A visitor in production who returns with a handshake token in a cookie.
fn returning_live(age: i64) -> (Case, Vec<String>) {
    let case = Case::live().document();
    let cookies = session_cookies(&case, age);
    let token = case.handshake_token(&cookies);
    (case.cookie(&format!("__clerk_handshake={token}")), cookies)
}

#[tokio::test]
async fn development_sets_the_cookies_and_cleans_the_url() {
    let (case, cookies) = returning(ACTIVE);
    let state = case.signs_in().await;
    assert_eq!(set_cookies(&state), cookies);
    assert_eq!(location(&state).unwrap().as_str(), "http://app.test/?a=b");
    assert_eq!(state.headers["cache-control"], "no-store");
    assert_eq!(state.headers["access-control-allow-origin"], "null");
}

#[tokio::test]
async fn production_sets_the_cookies_and_continues() {
    let (case, cookies) = returning_live(ACTIVE);
    let state = case.signs_in().await;
    assert_eq!(set_cookies(&state), cookies);
    assert!(location(&state).is_none());
}

#[tokio::test]
async fn development_tolerates_a_clock_that_is_wrong_by_less_than_a_day() {
    for age in [OLD, EARLY, 86_000, -86_000] {
        assert!(location(&returning(age).0.signs_in().await).is_some(), "{age}");
    }
    for age in [90_000, -90_000] {
        returning(age)
            .0
            .ends_signed_out("session-token-and-uat-missing")
            .await;
    }
}

#[tokio::test]
async fn production_falls_back_to_the_cookies() {
    returning_live(EARLY)
        .0
        .ends_signed_out("session-token-and-uat-missing")
        .await;
    returning_live(OLD)
        .0
        .session(OLD)
        .goes_through_handshake(EXPIRED)
        .await;
    let (case, _) = returning_live(ACTIVE);
    case.stub(|stub| stub.key = Ok(Arc::new(Signer::new().key())))
        .ends_signed_out("session-token-and-uat-missing")
        .await;
    let garbage = Case::live()
        .document()
        .cookie("__clerk_handshake=garbage")
        .session(ACTIVE);
    garbage.signs_in().await;
}

#[tokio::test]
async fn development_reports_that_keys_do_not_match() {
    let (case, _) = returning(ACTIVE);
    let outcome = case
        .stub(|stub| stub.key = Ok(Arc::new(Signer::new().key())))
        .decide()
        .await;
    assert!(matches!(outcome, Err(AuthenticateError::HandshakeSignature)));
    let outcome = Case::dev()
        .dev_browser()
        .document()
        .at("/?__clerk_handshake=garbage")
        .decide()
        .await;
    assert!(matches!(outcome, Err(AuthenticateError::HandshakeToken(_))));
}

#[tokio::test]
async fn unavailable_keys_fall_back_to_the_cookies_even_in_development() {
    let (case, _) = returning(ACTIVE);
    let down = VerifyError::Unexpected("down".to_owned());
    case.stub(|stub| stub.key = Err(down))
        .ends_signed_out("session-token-and-uat-missing")
        .await;
}

#[tokio::test]
async fn a_template_token_is_not_a_handshake_token() {
    let case = Case::dev().dev_browser().document();
    let header = json!({"alg": "RS256", "kid": "ins_1", "typ": "JWT", "cat": "cl_B7d4PD222AAA"});
    let token = case.signer.sign_with(&header, &json!({"handshake": ["evil=1"]}));
    let outcome = case.at(&format!("/?__clerk_handshake={token}")).decide().await;
    assert!(matches!(outcome, Err(AuthenticateError::HandshakeToken(_))));
}

#[tokio::test]
async fn without_a_session_among_the_cookies_the_request_is_signed_out() {
    let clearing = |case: &Case| {
        let session = format!("__session={}", case.signer.sign(&claims(ACTIVE)));
        vec![session, "__session_x=; Max-Age=0".to_owned()]
    };
    let case = Case::dev().dev_browser().session(ACTIVE).document();
    let token = case.handshake_token(&clearing(&case));
    let state = case
        .at(&format!("/?__clerk_handshake={token}"))
        .ends_signed_out("session-token-missing")
        .await;
    assert!(location(&state).is_some());
    let case = Case::live().session(ACTIVE).document();
    let token = case.handshake_token(&clearing(&case));
    let state = case
        .cookie(&format!("__clerk_handshake={token}"))
        .ends_signed_out("session-token-missing")
        .await;
    assert_eq!(set_cookies(&state).len(), 2);
}

#[tokio::test]
async fn nonces_are_looked_up() {
    let case = Case::dev().dev_browser().document();
    let cookies = session_cookies(&case, ACTIVE);
    let payload = cookies.clone();
    let case = case.stub(|stub| stub.payload = Some(payload));
    let state = case
        .at("/?__clerk_handshake_nonce=n&__clerk_handshake=garbage")
        .signs_in()
        .await;
    assert_eq!(set_cookies(&state), cookies);
    assert_eq!(location(&state).unwrap().as_str(), "http://app.test/");
    // An unknown nonce counts as signed out and takes precedence over a valid session.
    let gone = Case::live()
        .session(ACTIVE)
        .document()
        .cookie("__clerk_handshake_nonce=n");
    gone.ends_signed_out("session-token-missing").await;
}

#[tokio::test]
async fn any_request_can_return_from_a_handshake() {
    let (case, _) = returning(ACTIVE);
    case.method(Method::POST).signs_in().await;
}

#[tokio::test]
async fn an_outcome_is_a_redirect_or_a_decision() {
    let (case, _) = returning(ACTIVE);
    let Outcome::Redirect { headers } = case.state().await.into_outcome() else {
        panic!("the URL must be cleaned")
    };
    assert_eq!(headers[LOCATION], "http://app.test/?a=b");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-clerk-auth-status"], "signed-in");

    let (case, cookies) = returning_live(ACTIVE);
    let Outcome::Decided { auth, headers } = case.state().await.into_outcome() else {
        panic!("production has no URL to clean")
    };
    assert_eq!(auth.user_id(), Some("user_12345"));
    assert_eq!(headers.get_all(SET_COOKIE).iter().count(), cookies.len());
    assert_eq!(headers["cache-control"], "private, no-store");
    assert_eq!(headers["x-clerk-auth-status"], "signed-in");
}
