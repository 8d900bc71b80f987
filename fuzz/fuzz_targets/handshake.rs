//! A handshake token that is well signed may carry any directives; each becomes one header or none.
#![no_main]

use leptos_with_clerk_fuzz::{decide, sign};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|data: &[u8]| {
    let directives: Vec<_> = data.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
    let cookie = format!("__clerk_handshake={}", sign(&json!({"handshake": directives})));
    for state in decide(&[("cookie", cookie.as_bytes())]) {
        assert!(!state.auth.is_signed_in());
        assert!(state.headers.get_all("set-cookie").iter().count() <= directives.len().max(1));
    }
});
