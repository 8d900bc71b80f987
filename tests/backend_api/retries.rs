//! When calls are repeated, what their errors say, and what they never reveal.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::Request,
    response::{IntoResponse, Response},
};
use clerk_auth::{
    ApiError, Clerk,
    api::{CreateUser, UpdateUser},
};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{client, stub};

/// A client of an API that answers the first `failures` requests with `failure`, and the number of requests so far.
async fn failing(
    failures: usize,
    failure: impl Fn() -> Response + Clone + Send + Sync + 'static,
) -> (Clerk, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    let router = Router::new().fallback(move |_: Request| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        let failure = failure.clone();
        async move {
            if number < failures {
                failure()
            } else {
                Json(json!({ "id": "user_1" })).into_response()
            }
        }
    });
    (stub(router).await, requests)
}

fn status(status: u16, retry_after: &'static str) -> impl Fn() -> Response + Clone {
    move || {
        let status = StatusCode::from_u16(status).unwrap();
        (
            status,
            [("retry-after", retry_after)],
            Json(json!({ "errors": [] })),
        )
            .into_response()
    }
}

#[tokio::test]
async fn a_call_that_changes_nothing_is_tried_three_times() {
    for code in [429, 500, 502, 503, 504] {
        let (clerk, requests) = failing(2, status(code, "0")).await;
        assert_eq!(clerk.api().users().get("user_1").await.unwrap().id, "user_1");
        assert_eq!(requests.load(Ordering::SeqCst), 3, "{code}");

        let (clerk, requests) = failing(3, status(code, "0")).await;
        let error = clerk.api().users().get("user_1").await.unwrap_err();
        assert!(matches!(error, ApiError::Status { status, .. } if status.as_u16() == code));
        assert_eq!(requests.load(Ordering::SeqCst), 3, "{code}");
    }
}

#[tokio::test]
async fn a_call_that_could_take_effect_twice_is_tried_once() {
    let (clerk, requests) = failing(1, status(503, "0")).await;
    assert!(clerk.api().users().create(&CreateUser::default()).await.is_err());
    assert_eq!(requests.load(Ordering::SeqCst), 1);
    let (clerk, requests) = failing(1, status(503, "0")).await;
    assert!(
        clerk
            .api()
            .users()
            .update("user_1", &UpdateUser::default())
            .await
            .is_err()
    );
    assert_eq!(requests.load(Ordering::SeqCst), 1);

    // Unless the caller knows better.
    let (clerk, requests) = failing(1, status(503, "0")).await;
    let request = clerk.api().request(Method::POST, &["users"]).retries(1);
    let user: Value = request.json(&json!({})).send().await.unwrap();
    assert_eq!(
        (&user["id"], requests.load(Ordering::SeqCst)),
        (&json!("user_1"), 2)
    );
}

#[tokio::test]
async fn an_answer_is_not_asked_for_again() {
    for code in [400, 401, 403, 404, 409, 422] {
        let (clerk, requests) = failing(1, status(code, "0")).await;
        assert!(clerk.api().users().get("user_1").await.is_err());
        assert_eq!(requests.load(Ordering::SeqCst), 1, "{code}");
    }
}

#[tokio::test]
async fn retry_after_is_waited_for_up_to_five_seconds() {
    let (clerk, requests) = failing(1, status(429, "1")).await;
    let start = Instant::now();
    clerk.api().users().get("user_1").await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(requests.load(Ordering::SeqCst), 2);

    let (clerk, requests) = failing(1, status(429, "6")).await;
    let error = clerk.api().users().get("user_1").await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(6)));
    assert_eq!(requests.load(Ordering::SeqCst), 1);
    assert!(error.to_string().ends_with("call less often"), "{error}");
}

#[tokio::test]
async fn an_api_that_does_not_answer_is_given_up() {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    let clerk = stub(Router::new().fallback(move || {
        count.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<()>()
    }))
    .await;
    let api = clerk.api().with_timeout(Duration::from_millis(20));
    let error = api.users().get("user_1").await.unwrap_err();
    assert!(
        matches!(&error, ApiError::Fetch(error) if error.is_timeout()),
        "{error}"
    );
    assert_eq!(requests.load(Ordering::SeqCst), 3);

    let refused = client(
        "pk_test_Y2xlcmsuZXhhbXBsZS5jb20k",
        "sk_test_secret",
        "http://127.0.0.1:9",
    );
    let error = refused.api().users().get("user_1").await.unwrap_err();
    assert!(
        matches!(&error, ApiError::Fetch(error) if error.is_connect()),
        "{error}"
    );
}

#[tokio::test]
async fn errors_say_what_is_wrong_and_where() {
    let body = json!({
        "errors": [
            {
                "code": "form_param_format_invalid", "message": "is invalid",
                "long_message": "Email address must be valid.", "meta": { "param_name": "email_address" },
            },
            { "code": "form_password_pwned", "message": "Breached." },
        ],
        "clerk_trace_id": "trace_1",
    });
    let reply = body.clone();
    let (clerk, _) = failing(1, move || {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(reply.clone())).into_response()
    })
    .await;
    let error = clerk.api().users().get("user_1").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the Backend API responded with 422 Unprocessable Entity: Email address must be valid. \
         (form_param_format_invalid, email_address); Breached. (form_password_pwned) [trace trace_1]"
    );
    let ApiError::Status {
        errors,
        trace_id,
        code,
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(errors[0].parameter(), Some("email_address"));
    assert_eq!(
        (trace_id.as_deref(), code.as_deref()),
        (Some("trace_1"), Some("form_param_format_invalid"))
    );

    let (clerk, _) = failing(1, || {
        (StatusCode::UNAUTHORIZED, [("cf-ray", "ray_1")]).into_response()
    })
    .await;
    let error = clerk.api().users().get("user_1").await.unwrap_err().to_string();
    assert!(
        error.ends_with("no message; is CLERK_SECRET_KEY a key of this instance? [trace ray_1]"),
        "{error}"
    );

    let (clerk, _) = failing(1, || "a gateway's page".into_response()).await;
    let error = clerk.api().users().get("user_1").await.unwrap_err();
    assert!(matches!(error, ApiError::Body(_)), "{error}");
    let (clerk, _) = failing(1, || Json(json!({ "first_name": "Ada" })).into_response()).await;
    let error = clerk.api().users().get("user_1").await.unwrap_err().to_string();
    assert!(error.contains("missing field `id`"), "{error}");
    let error = clerk.api().users().get("").await.unwrap_err();
    assert!(matches!(error, ApiError::Path), "{error}");
    let error = clerk
        .api()
        .request(Method::GET, &["users"])
        .query("limit")
        .send::<Value>()
        .await
        .unwrap_err();
    assert!(matches!(error, ApiError::Parameters(_)), "{error}");
}

#[tokio::test]
async fn each_attempt_carries_the_key_the_version_and_the_body_and_nothing_shows_the_key() {
    let router = Router::new().fallback(|headers: HeaderMap, body: String| async move {
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        Json(json!({
            "id": header("authorization"), "first_name": header("clerk-api-version"), "last_name": header("content-type"),
            "username": body, "external_id": header("user-agent"),
        }))
    });
    let clerk = stub(router).await;
    let params = CreateUser {
        password: Some("correct horse".into()),
        ..CreateUser::default()
    };
    let user = clerk.api().users().create(&params).await.unwrap();
    assert_eq!(user.id, "Bearer sk_test_secret");
    assert_eq!(user.first_name.as_deref(), Some("2026-05-12"));
    assert_eq!(user.last_name.as_deref(), Some("application/json"));
    assert_eq!(user.username.as_deref(), Some(r#"{"password":"correct horse"}"#));
    assert!(user.external_id.unwrap().starts_with("clerk-auth/"));
    let other = clerk.api().with_secret_key("ak_secret_of_a_machine");
    assert_eq!(
        other.users().get("x").await.unwrap().id,
        "Bearer ak_secret_of_a_machine"
    );

    let request = clerk.api().request(Method::POST, &["users"]).json(&params);
    let shown = format!(
        "{:?} {clerk:?} {other:?} {params:?} {:?} {request:?}",
        clerk.api(),
        clerk.api().users()
    );
    for secret in ["sk_test_secret", "ak_secret", "correct horse"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
