//! What the local Clerk has replied in other tests.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Arc, Mutex},
};

use axum::{Json, Router};
use serde_json::Value;

use crate::{calls, operations, support::stub};

/// Names the file that the local Clerks of `make test` have recorded their replies in.
const RECORDED: &str = "BACKEND_API_REPLIES";

fn anonymous(operation: &str) -> String {
    let segments = operation
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

#[tokio::test]
#[ignore = "needs the replies that `make test` records"]
async fn every_recorded_reply_is_read() {
    let file = std::env::var(RECORDED).expect(RECORDED);
    let mut replies = BTreeMap::<String, Vec<Value>>::new();
    for line in fs::read_to_string(file).unwrap().lines() {
        let reply: Value = serde_json::from_str(line).unwrap();
        if reply["api"] == "backend" && reply["status"].as_u64().unwrap() < 300 {
            let path = reply["path"].as_str().unwrap().trim_start_matches("/v1");
            let operation = anonymous(&format!("{} {path}", reply["method"].as_str().unwrap()));
            replies.entry(operation).or_default().push(reply["body"].clone());
        }
    }
    let current = Arc::new(Mutex::new(Value::Null));
    let answer = Arc::clone(&current);
    let clerk = stub(Router::new().fallback(move || {
        let reply = answer.lock().unwrap().clone();
        async move { Json(reply) }
    }))
    .await;
    let (mut read, mut failed) = (0, Vec::new());
    for (name, operation) in operations::CALLS {
        // Its second call has another reply, see `contract`.
        if *name == "users.list" {
            continue;
        }
        for reply in replies.get(&anonymous(operation)).into_iter().flatten() {
            *current.lock().unwrap() = reply.clone();
            match calls::call(clerk.api(), name).await {
                Ok(()) => read += 1,
                Err(error) => failed.push(format!("{name}: {error}: {reply}")),
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(read > 100, "only {read} replies were recorded");
}
