use std::{
    future::{pending, ready},
    sync::atomic::{AtomicUsize, Ordering},
};

use futures_util::future::join_all;
use http::StatusCode;

use super::*;

fn nonces(lookups_per_second: u32) -> Nonces {
    Nonces::new(NonZeroU32::new(lookups_per_second).unwrap())
}

/// A Backend API that counts the lookups, and answers each with its number as the cookie, or with an error.
struct Api {
    calls: AtomicUsize,
    status: Option<StatusCode>,
}

impl Api {
    fn new(status: Option<StatusCode>) -> Self {
        Self {
            calls: AtomicUsize::new(0),
            status,
        }
    }

    async fn look_up(&self) -> Result<Vec<String>, ApiError> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        // Lets the other requests begin.
        tokio::task::yield_now().await;
        match self.status {
            None => Ok(vec![number.to_string()]),
            Some(status) => Err(ApiError::Status {
                status,
                code: None,
                message: None,
                retry_after: None,
                errors: Vec::new(),
                trace_id: None,
            }),
        }
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn concurrent_requests_share_one_lookup_whatever_its_result() {
    for status in [None, Some(StatusCode::NOT_FOUND), Some(StatusCode::BAD_GATEWAY)] {
        let (nonces, api, now) = (nonces(100), Api::new(status), Instant::now());
        let lookups = join_all((0..50).map(|_| nonces.cookies("n", now, || api.look_up()))).await;
        assert_eq!(api.calls(), 1, "{status:?}");
        assert!(lookups.iter().all(|lookup| match status {
            None => matches!(lookup, Ok(Some(cookies)) if cookies == &["0"]),
            Some(StatusCode::NOT_FOUND) => matches!(lookup, Ok(None)),
            Some(_) => lookup.is_err(),
        }));
    }
}

#[tokio::test]
async fn cookies_are_remembered_for_seconds_and_unknown_nonces_for_minutes() {
    let (nonces, start) = (nonces(100), Instant::now());
    let (known, unknown) = (Api::new(None), Api::new(Some(StatusCode::NOT_FOUND)));
    for (seconds, calls) in [(0, 1), (9, 1), (10, 2), (19, 2), (20, 3)] {
        let now = start + Duration::from_secs(seconds);
        nonces.cookies("known", now, || known.look_up()).await.unwrap();
        assert_eq!(known.calls(), calls, "{seconds}");
        nonces
            .cookies("unknown", now, || unknown.look_up())
            .await
            .unwrap();
        assert_eq!(unknown.calls(), 1, "{seconds}");
    }
    let later = start + UNKNOWN - Duration::from_secs(1);
    nonces
        .cookies("unknown", later, || unknown.look_up())
        .await
        .unwrap();
    assert_eq!(unknown.calls(), 1);
}

#[tokio::test]
async fn an_unavailable_backend_api_is_not_taken_for_an_answer() {
    for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE] {
        let (nonces, api, now) = (nonces(100), Api::new(Some(status)), Instant::now());
        assert!(nonces.cookies("n", now, || api.look_up()).await.is_err());
        let again = nonces.cookies("n", now, async || Ok(vec!["a=b".to_owned()]));
        assert_eq!(again.await.unwrap().unwrap(), ["a=b"]);
    }
}

#[tokio::test]
async fn a_cancelled_lookup_does_not_block_others() {
    let (nonces, now) = (nonces(100), Instant::now());
    let cancelled = tokio::time::timeout(Duration::ZERO, nonces.cookies("n", now, pending));
    assert!(cancelled.await.is_err());
    let again = nonces.cookies("n", now, || ready(Ok(Vec::new()))).await;
    assert!(again.unwrap().is_some());
}

#[tokio::test]
async fn the_number_of_lookups_is_limited() {
    let (nonces, now) = (nonces(5), Instant::now());
    let api = Api::new(Some(StatusCode::NOT_FOUND));
    let mut refused = 0;
    for number in 0..200 {
        let lookup = nonces.cookies(&number.to_string(), now, || api.look_up()).await;
        refused += usize::from(matches!(lookup, Err(error) if matches!(*error, ApiError::TooManyHandshakes)));
    }
    // Five at once, and five more for each second that the test took.
    let allowed = 5 * (2 + usize::try_from(now.elapsed().as_secs()).unwrap());
    assert!((5..=allowed).contains(&api.calls()), "{} calls", api.calls());
    assert_eq!(refused, 200 - api.calls());
    // What is known is not limited.
    let known = nonces.cookies("0", now, || api.look_up()).await;
    assert!(known.unwrap().is_none());
}

#[tokio::test]
async fn what_cannot_be_a_nonce_is_not_looked_up() {
    let (nonces, api, now) = (nonces(1_000), Api::new(None), Instant::now());
    let long = "a".repeat(MAX_LENGTH + 1);
    for junk in ["a b", "a;b", "é", "<script>", "a\0", "a%20b", "{}", long.as_str()] {
        let lookup = nonces.cookies(junk, now, || api.look_up()).await;
        assert!(lookup.unwrap().is_none(), "{junk:?}");
    }
    assert_eq!(api.calls(), 0);
    let formats = [
        "2AlNjGYLKd0kj0UyvUYwVGyGwc4",
        "9f86d081884c7d659a2feaa0c55ad015",
        "123e4567-e89b-12d3-a456-426614174000",
        "nonce_2AlNjGYLKd0kj0UyvUYwVGyGwc4",
        "a+b/c=",
        "e30.e30.c2ln",
        &long[1..],
    ];
    for nonce in formats {
        let lookup = nonces.cookies(nonce, now, || api.look_up()).await;
        assert!(lookup.unwrap().is_some(), "{nonce:?}");
    }
    assert_eq!(api.calls(), formats.len());
}

#[tokio::test]
async fn any_number_of_nonces_takes_limited_memory() {
    let (nonces, now) = (nonces(u32::MAX), Instant::now());
    for number in 0..3 * GENERATION {
        let nonce = number.to_string();
        nonces
            .cookies(&nonce, now, async || Ok(Vec::new()))
            .await
            .unwrap();
    }
    let generations = nonces.lock();
    assert!(generations.current.len() + generations.previous.len() <= 2 * GENERATION);
}

#[tokio::test]
async fn debug_output_has_no_secrets() {
    let (nonces, now) = (nonces(1), Instant::now());
    let secret = async || Ok(vec!["__session=secret".to_owned()]);
    nonces.cookies("secret-nonce", now, secret).await.unwrap();
    assert!(!format!("{nonces:?}").contains("secret"));
}
