//! `UserCache`, against a stub of the Backend API.

use std::time::Duration;

use axum_clerk::{FetchUserError, UserCache};
use http::StatusCode;

use crate::support::BackendStub;

#[tokio::test]
async fn a_user_is_fetched_once_until_it_is_invalidated() {
    let backend = BackendStub::start().await;
    let cache = UserCache::new(backend.clerk());
    for _ in 0..2 {
        assert_eq!(cache.get("user_1").await.unwrap().display_name(), "Ada");
    }
    assert_eq!(backend.calls(), 1);
    cache.get("user_2").await.unwrap();
    assert_eq!(backend.calls(), 2);

    cache.invalidate("user_1");
    cache.get("user_1").await.unwrap();
    assert_eq!(backend.calls(), 3);
    cache.get("user_2").await.unwrap();
    assert_eq!(backend.calls(), 3);
}

#[tokio::test]
async fn concurrent_requests_share_one_fetch() {
    let backend = BackendStub::with_delay(Duration::from_millis(50)).await;
    let cache = UserCache::new(backend.clerk());
    let (first, second) = tokio::join!(cache.get("user_1"), cache.get("user_1"));
    assert_eq!(first.unwrap().id, second.unwrap().id);
    assert_eq!(backend.calls(), 1);
}

#[tokio::test]
async fn a_fetch_in_progress_does_not_survive_an_invalidation() {
    let backend = BackendStub::with_delay(Duration::from_millis(50)).await;
    let cache = UserCache::new(backend.clerk());
    let invalidate = async {
        while backend.calls() == 0 {
            tokio::task::yield_now().await;
        }
        cache.invalidate("user_1");
    };
    let (user, ()) = tokio::join!(cache.get("user_1"), invalidate);
    user.unwrap();
    cache.get("user_1").await.unwrap();
    assert_eq!(backend.calls(), 2);
}

#[tokio::test]
async fn a_user_who_is_too_old_is_fetched_again() {
    let backend = BackendStub::start().await;
    let cache = UserCache::new(backend.clerk()).max_age(Duration::ZERO);
    cache.get("user_1").await.unwrap();
    cache.get("user_1").await.unwrap();
    assert_eq!(backend.calls(), 2);
}

#[tokio::test]
async fn errors_are_told_apart_and_kept_for_a_moment() {
    for (status, is_unknown) in [
        (StatusCode::NOT_FOUND, true),
        (StatusCode::UNAUTHORIZED, false),
        (StatusCode::TOO_MANY_REQUESTS, false),
        (StatusCode::INTERNAL_SERVER_ERROR, false),
    ] {
        let backend = BackendStub::start().await;
        let cache = UserCache::new(backend.clerk());
        backend.answer_with(status);
        for _ in 0..3 {
            let error = cache.get("user_1").await.unwrap_err();
            assert_eq!(matches!(error, FetchUserError::NotFound), is_unknown, "{status}");
        }
        assert_eq!(backend.calls(), 1, "{status}");
        backend.answer_with(StatusCode::OK);
        assert_eq!(cache.get("user_2").await.unwrap().id, "user_2");
        cache.invalidate("user_1");
        assert_eq!(cache.get("user_1").await.unwrap().id, "user_1");
    }
}

#[tokio::test]
async fn concurrent_requests_share_one_failure() {
    let backend = BackendStub::with_delay(Duration::from_millis(50)).await;
    backend.answer_with(StatusCode::INTERNAL_SERVER_ERROR);
    let cache = UserCache::new(backend.clerk());
    let (first, second) = tokio::join!(cache.get("user_1"), cache.get("user_1"));
    assert!(first.is_err() && second.is_err());
    assert_eq!(backend.calls(), 1);
}

#[tokio::test]
async fn a_backend_that_does_not_answer_is_waited_for_only_so_long() {
    let backend = BackendStub::with_delay(Duration::from_secs(60)).await;
    let cache = UserCache::new(backend.clerk()).timeout(Duration::from_millis(20));
    for _ in 0..2 {
        assert!(matches!(cache.get("user_1").await, Err(FetchUserError::Timeout)));
    }
    assert_eq!(backend.calls(), 1);
}

#[tokio::test]
async fn debug_output_has_no_users() {
    let backend = BackendStub::start().await;
    let cache = UserCache::new(backend.clerk());
    cache.get("user_1").await.unwrap();
    assert!(!format!("{cache:?}").contains("Ada"));
}
