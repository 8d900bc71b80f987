use http::StatusCode;
use serde_json::json;

use super::*;

const PLENTY: NonZeroU32 = NonZeroU32::new(1_000).unwrap();

fn verified() -> VerifiedToken {
    serde_json::from_value(json!({"id": "ak_1", "subject": "user_1", "scopes": []})).unwrap()
}

fn failed(status: StatusCode) -> ApiError {
    ApiError::Status {
        status,
        code: None,
        message: None,
        retry_after: None,
        errors: Vec::new(),
        trace_id: None,
    }
}

/// Asks for a token, and returns whether the Backend API was called.
async fn is_asked(tokens: &MachineTokens, token: &str, now: Instant, answer: Result<(), StatusCode>) -> bool {
    let mut is_asked = false;
    let ask = async || {
        is_asked = true;
        answer.map(|()| verified()).map_err(failed)
    };
    tokens.answer(token, now, ask).await;
    is_asked
}

#[tokio::test]
async fn an_answer_is_used_for_ten_seconds() {
    let (tokens, start) = (MachineTokens::new(PLENTY), Instant::now());
    for answer in [Ok(()), Err(StatusCode::NOT_FOUND)] {
        let token = format!("ak_{answer:?}");
        assert!(is_asked(&tokens, &token, start, answer).await);
        assert!(!is_asked(&tokens, &token, start + KNOWN - Duration::from_millis(1), answer).await);
        assert!(is_asked(&tokens, &token, start + KNOWN, answer).await);
    }
}

#[tokio::test]
async fn what_the_backend_api_did_not_answer_is_asked_again() {
    let (tokens, start) = (MachineTokens::new(PLENTY), Instant::now());
    let unavailable = Err(StatusCode::SERVICE_UNAVAILABLE);
    assert!(is_asked(&tokens, "ak_1", start, unavailable).await);
    assert!(is_asked(&tokens, "ak_1", start, unavailable).await);
}

#[tokio::test]
async fn the_number_of_calls_is_limited() {
    let (tokens, start) = (MachineTokens::new(NonZeroU32::MIN), Instant::now());
    assert!(is_asked(&tokens, "ak_1", start, Ok(())).await);
    let answer = tokens.answer("ak_2", start, async || Ok(verified())).await;
    assert!(matches!(answer, Some(Err(error)) if error.retry_after().is_some()));
    assert!(!is_asked(&tokens, "ak_1", start, Ok(())).await);
}

#[tokio::test]
async fn the_number_of_tokens_is_bounded() {
    let (tokens, start) = (
        MachineTokens::new(NonZeroU32::new(1_000_000).unwrap()),
        Instant::now(),
    );
    for number in 0..3 * GENERATION {
        is_asked(&tokens, &format!("ak_{number}"), start, Ok(())).await;
    }
    let generations = tokens.lock();
    assert!(generations.current.len() + generations.previous.len() <= 2 * GENERATION);
}

#[tokio::test]
async fn a_text_that_is_too_long_is_not_asked_for() {
    let tokens = MachineTokens::new(PLENTY);
    assert!(!is_asked(&tokens, &"ak_".repeat(MAX_LENGTH), Instant::now(), Ok(())).await);
}
