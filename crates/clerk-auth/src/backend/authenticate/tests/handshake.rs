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
}

#[tokio::test]
async fn only_requests_whose_origin_the_redirects_hid_may_be_read_across_origins() {
    let read_by = |state: &RequestState| {
        ["access-control-allow-origin", "access-control-allow-credentials"].map(|name| {
            state
                .headers
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        })
    };
    for (origin, expected) in [
        (Some("null"), [Some("null".to_owned()), Some("true".to_owned())]),
        (Some("https://evil.example"), [None, None]),
        (Some("http://app.test"), [None, None]),
        (None, [None, None]),
    ] {
        for case in [returning(ACTIVE).0, returning_live(ACTIVE).0] {
            let case = match origin {
                Some(origin) => case.header("origin", origin),
                None => case,
            };
            assert_eq!(read_by(&case.signs_in().await), expected, "{origin:?}");
        }
    }
    let no_handshake = Case::live().session(ACTIVE).header("origin", "null");
    assert_eq!(read_by(&no_handshake.signs_in().await), [None, None]);
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
    // In a URL, an unknown nonce counts as signed out, until the URL has been cleaned.
    let gone = Case::dev()
        .dev_browser()
        .session(ACTIVE)
        .document()
        .at("/?__clerk_handshake_nonce=n");
    let state = gone.ends_signed_out("session-token-missing").await;
    assert_eq!(location(&state).unwrap().as_str(), "http://app.test/");
}

/// Checks that the only cookies that are set delete these, for the host and for the domain of [`APP`].
fn deletes_only(state: &RequestState, names: &[&str]) {
    let deleted = names.iter().flat_map(|name| {
        let rest = "Max-Age=0; HttpOnly; SameSite=Lax";
        [
            format!("{name}=; Path=/; {rest}"),
            format!("{name}=; Path=/; Domain=app.test; {rest}"),
        ]
    });
    let others = set_cookies(state)
        .into_iter()
        .filter(|cookie| !cookie.starts_with("__clerk_redirect_count="));
    assert!(others.eq(deleted), "{:?}", set_cookies(state));
}

const UNUSABLE: [(&str, &str); 4] = [
    ("__clerk_handshake_nonce", "unknown"),
    ("__clerk_handshake_nonce", "not%20a%20nonce"),
    ("__clerk_handshake", "garbage"),
    ("__clerk_handshake", "e30.e30.c2ln"),
];

#[tokio::test]
async fn a_cookie_that_cannot_be_used_is_deleted_and_changes_no_decision() {
    for key in [DEV_KEY, LIVE_KEY] {
        for (name, value) in UNUSABLE {
            let case = || {
                Case::new(key)
                    .document()
                    .dev_browser()
                    .cookie(&format!("{name}={value}"))
            };
            let signed_in = case().session(ACTIVE).signs_in().await;
            assert!(location(&signed_in).is_none());
            deletes_only(&signed_in, &[name]);
            let signed_out = case().ends_signed_out("session-token-and-uat-missing").await;
            assert!(location(&signed_out).is_none());
            deletes_only(&signed_out, &[name]);
            let post = case().method(Method::POST).session(ACTIVE);
            deletes_only(&post.signs_in().await, &[name]);
            let expired = case().session(OLD).state().await;
            assert_eq!(expired.status, Status::Handshake);
            deletes_only(&expired, &[name]);
        }
    }
}

#[tokio::test]
async fn a_cookie_that_the_browser_keeps_does_not_cause_a_loop() {
    for (name, value) in UNUSABLE {
        let mut count = 0;
        loop {
            let state = Case::dev()
                .document()
                .cookie(&format!("{name}={value}"))
                .cookie(&format!("__clerk_redirect_count={count}"))
                .state()
                .await;
            if location(&state).is_none() {
                break;
            }
            count += 1;
            assert!(count <= 3, "{name}");
        }
    }
}

#[tokio::test]
async fn an_old_cookie_does_not_hide_the_new_one() {
    let (case, cookies) = returning_live(ACTIVE);
    let case = Case {
        cookies: [vec!["__clerk_handshake=garbage".to_owned()], case.cookies].concat(),
        ..Case::live().document()
    };
    let state = case.signs_in().await;
    assert_eq!(set_cookies(&state)[..cookies.len()], cookies);
    // But not every cookie of a long header is tried.
    let (case, _) = returning_live(ACTIVE);
    let garbage = (0..50).map(|number| format!("__clerk_handshake=garbage{number}"));
    let case = Case {
        cookies: garbage.chain(case.cookies).collect(),
        ..Case::live().document()
    };
    let state = case.ends_signed_out("session-token-and-uat-missing").await;
    deletes_only(&state, &["__clerk_handshake"]);
}

#[tokio::test]
async fn an_unusable_nonce_does_not_hide_a_token() {
    let (case, cookies) = returning_live(ACTIVE);
    let state = case.cookie("__clerk_handshake_nonce=unknown").signs_in().await;
    assert_eq!(set_cookies(&state)[..cookies.len()], cookies);
}

#[tokio::test]
async fn a_development_cookie_is_used_without_a_redirect() {
    let case = Case::dev().dev_browser().document();
    let cookies = session_cookies(&case, ACTIVE);
    let token = case.handshake_token(&cookies);
    let state = case
        .cookie(&format!("__clerk_handshake={token}"))
        .signs_in()
        .await;
    assert_eq!(set_cookies(&state), cookies);
    assert!(location(&state).is_none());
}

/// Requests with the result of somebody's handshake in the URL, which is valid.
fn with_foreign_results() -> Vec<Case> {
    let case = || Case::live().document();
    let cookies = session_cookies(&case(), ACTIVE);
    let token = case().handshake_token(&cookies);
    [
        format!("/?a=%20b&__clerk_handshake={token}&c"),
        "/?a=%20b&__clerk_handshake_nonce=n&c".to_owned(),
        "/?a=%20b&__clerk_handshake_nonce=&c".to_owned(),
        format!("/?a=%20b&__clerk%5Fhandshake={token}&__clerk_handshake_nonce=n&__clerk_handshake_nonce=m&c"),
    ]
    .into_iter()
    .map(|target| {
        let payload = cookies.clone();
        case().stub(|stub| stub.payload = Some(payload)).at(&target)
    })
    .collect()
}

#[tokio::test]
async fn production_removes_results_from_the_url_and_does_not_use_them() {
    for method in [Method::GET, Method::HEAD] {
        for case in with_foreign_results() {
            let state = case
                .method(method.clone())
                .session(ACTIVE)
                .ends_signed_out("handshake-in-query")
                .await;
            let cleaned = location(&state).unwrap();
            assert_eq!(cleaned.as_str(), "http://app.test/?a=+b&c=");
            assert_eq!(state.headers["cache-control"], "no-store");
            assert!(set_cookies(&state).is_empty());
            // There it ends.
            let target = cleaned.as_str().strip_prefix(APP).unwrap();
            let state = Case::live()
                .document()
                .at(target)
                .session(ACTIVE)
                .signs_in()
                .await;
            assert!(location(&state).is_none());
        }
    }
}

#[tokio::test]
async fn production_ignores_results_in_the_url_of_other_requests() {
    let nobody = "session-token-and-uat-missing";
    for case in with_foreign_results() {
        case.method(Method::POST).ends_signed_out(nobody).await;
    }
    for case in with_foreign_results() {
        let state = Case {
            headers: HeaderMap::new(),
            ..case
        };
        state.header("host", "app.test").ends_signed_out(nobody).await;
    }
    for case in with_foreign_results() {
        let state = case.bearer(ACTIVE).signs_in().await;
        assert!(set_cookies(&state).is_empty());
    }
}

#[tokio::test]
async fn production_uses_results_in_the_url_by_option() {
    let cases = with_foreign_results().into_iter();
    for case in cases.filter(|case| !case.target.contains("nonce=&")) {
        let state = case
            .options(|options| options.handshake_in_query = true)
            .signs_in()
            .await;
        assert_eq!(set_cookies(&state).len(), 2);
        assert!(location(&state).is_none());
    }
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
