//! Tokens in the session cookie: rejected, refreshed, pending.

use super::*;
use crate::backend::{Revocation, Revocations};

#[tokio::test]
async fn rejected_tokens_sign_out() {
    Case::live()
        .cookie("__session=garbage")
        .cookie("__client_uat=1")
        .document()
        .ends_signed_out("token-invalid")
        .await;
    let no_subject = json!({"iat": NOW, "exp": NOW + 60});
    Case::live()
        .session_of(&no_subject)
        .document()
        .ends_signed_out("token-verification-failed")
        .await;
    let template = |case: Case| {
        let header = json!({"alg": "RS256", "kid": "ins_1", "typ": "JWT", "cat": "cl_B7d4PD222AAA"});
        let token = case.signer.sign_with(&header, &claims(ACTIVE));
        case.cookie(&format!("__session={token}"))
            .cookie(&format!("__client_uat={NOW}"))
    };
    template(Case::live())
        .document()
        .ends_signed_out("token-type-mismatch")
        .await;
    let machine = json!({"sub": "mch_1", "iat": NOW, "exp": NOW + 60});
    Case::live()
        .session_of(&machine)
        .document()
        .ends_signed_out("token-type-mismatch")
        .await;
    let unavailable = Case::live().stub(|stub| stub.key = Err(VerifyError::Unexpected("down".to_owned())));
    unavailable
        .session(ACTIVE)
        .document()
        .ends_signed_out("unexpected-error")
        .await;
    let malformed =
        json!({"v": 2, "o": {"id": "org_1"}, "fea": "x", "sub": "user_12345", "iat": NOW, "exp": NOW + 60});
    Case::live()
        .session_of(&malformed)
        .document()
        .ends_signed_out("unexpected-error")
        .await;
}

#[tokio::test]
async fn expired_tokens_are_refreshed() {
    let refreshable = |case: Case| {
        let suffix = Configuration::new(case.options.clone()).unwrap().cookie_suffix;
        let fresh = format!("__session_{suffix}={}; Path=/", case.signer.sign(&claims(ACTIVE)));
        let case = case.stub(|stub| stub.refresh = Some(vec![fresh]));
        case.session(OLD)
            .cookie("__refresh=other")
            .cookie(&format!("__refresh_{suffix}=token"))
    };
    let state = refreshable(Case::live()).signs_in().await;
    assert_eq!(set_cookies(&state).len(), 1);
    assert!(location(&state).is_none());
    refreshable(Case::live()).document().signs_in().await;

    let handshake = async |case: Case, error: &str| {
        let reason = format!("session-token-expired-refresh-{error}");
        case.document().goes_through_handshake(&reason).await
    };
    let rejected = refreshable(Case::live()).stub(|stub| stub.refresh = None);
    handshake(rejected, "resource_not_found").await;
    let empty = refreshable(Case::live()).stub(|stub| stub.refresh = Some(Vec::new()));
    handshake(empty, "unexpected-sdk-error").await;
    let stale = refreshable(Case::live());
    let cookies = vec![format!("__session={}", stale.signer.sign(&claims(OLD)))];
    handshake(
        stale.stub(|stub| stub.refresh = Some(cookies)),
        "invalid-session-token",
    )
    .await;
    let without_sid = json!({"sub": "user_12345", "iat": NOW - 600, "exp": NOW - 540});
    let without_sid = Case::live()
        .session_of(&without_sid)
        .cookie("__refresh_1Z8AzTQD=token");
    handshake(without_sid, "expired-session-token-missing-sid-claim").await;
}

#[tokio::test]
async fn revoked_tokens_count_as_expired() {
    let revoked = |subject, issued_until| {
        let revocations = Revocations::new();
        revocations.record(&Revocation::new(subject, issued_until));
        Case::live().options(|options| options.revocations = Some(revocations))
    };
    for (subject, issued_until) in [
        ("sess_1", Revocation::ALL),
        ("user_12345", Revocation::ALL),
        ("user_12345", NOW - 30),
    ] {
        let case = || revoked(subject, issued_until);
        case()
            .session(30)
            .document()
            .goes_through_handshake(EXPIRED)
            .await;
        case().session(30).ends_signed_out(EXPIRED).await;
        case().bearer(30).ends_signed_out(EXPIRED).await;

        // Neither a refresh nor a handshake brings such a token back.
        let token = SIGNER.sign(&claims(30));
        let cookies = vec![format!("__session={token}; Path=/")];
        let refreshed = case().session(30).cookie("__refresh_1Z8AzTQD=token");
        refreshed
            .stub(|stub| stub.refresh = Some(cookies.clone()))
            .ends_signed_out("session-token-expired-refresh-invalid-session-token")
            .await;
        let returned = case().session(30).cookie("__clerk_handshake_nonce=nonce");
        returned
            .stub(|stub| stub.payload = Some(cookies))
            .ends_signed_out(EXPIRED)
            .await;
    }
    for (subject, issued_until) in [
        ("user_12345", NOW - 31),
        ("sess_2", Revocation::ALL),
        ("user_2", NOW),
    ] {
        revoked(subject, issued_until)
            .session(30)
            .document()
            .signs_in()
            .await;
    }
}

#[tokio::test]
async fn only_expired_tokens_are_refreshed() {
    let configuration = Configuration::new(options_with_key(LIVE_KEY)).unwrap();
    for (age, refreshes) in [(ACTIVE, 0), (OLD, 1), (EARLY, 0)] {
        let case = Case::live().session(age).cookie("__refresh_1Z8AzTQD=token");
        let (stub, headers) = (case.stub, [("cookie", case.cookies.join("; "))]);
        let headers = headers
            .into_iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let headers: HeaderMap = headers.collect();
        let view = RequestView {
            method: &Method::GET,
            uri: &Uri::from_static("/"),
            headers: &headers,
        };
        let context = Context::new(&configuration, view, NOW * 1000).unwrap();
        authenticate(&context, &stub, &AcceptsToken::default())
            .await
            .unwrap();
        assert_eq!(stub.refreshes.into_inner(), refreshes, "{age}");
    }
}

#[tokio::test]
async fn a_pending_session_is_signed_in_but_its_auth_is_not() {
    let mut pending = claims(ACTIVE);
    pending["sts"] = json!("pending");
    let state = Case::live().session_of(&pending).document().state().await;
    assert_eq!(state.status, Status::SignedIn);
    assert!(!state.auth.is_signed_in());
    assert_eq!(
        state.redirect.to_sign_in(None).unwrap().as_str(),
        "https://accounts.clerk.dev/sign-in/tasks"
    );
}

#[tokio::test]
async fn a_token_whose_signature_is_known_still_expires() {
    let clerk = Clerk::new(Options {
        jwt_key: Some(include_str!("../../../../examples/keys/public.pem").to_owned()),
        ..options_with_key(LIVE_KEY)
    })
    .unwrap();
    let token = include_str!("../../../../examples/keys/token.txt").trim();
    let issued = UNIX_EPOCH + Duration::from_secs(1_795_411_469);
    let reason = async |token: &str, seconds| {
        let request =
            http::Request::get("https://example.com/").header("authorization", format!("Bearer {token}"));
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let state = clerk
            .authenticate_at(&parts, issued + Duration::from_secs(seconds))
            .await;
        state.unwrap().reason.map(|reason| reason.to_string())
    };
    for _ in 0..2 {
        assert_eq!(reason(token, 30).await, None);
        assert_eq!(reason(token, 3_600).await.as_deref(), Some(EXPIRED));
    }
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let tampered = format!("{signed}.{}", signature.replacen(&signature[..1], "_", 1));
    assert_eq!(
        reason(&tampered, 30).await.as_deref(),
        Some("token-invalid-signature")
    );
}
