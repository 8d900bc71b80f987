//! A correctly signed handshake token may carry any `Set-Cookie` values; each becomes one header or none.
#![no_main]

use clerk_auth_fuzz::{decide, sign};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

/// Two that delete a cookie that cannot be used, and one that counts redirects.
const MOST_OF_OURS: usize = 3;

fuzz_target!(|data: &[u8]| {
    let set_cookies: Vec<_> = data.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
    let cookie = format!("__clerk_handshake={}", sign(&json!({"handshake": set_cookies})));
    for state in decide(&[("cookie", cookie.as_bytes())]) {
        assert!(!state.auth.is_signed_in());
        assert!(state.headers.get_all("set-cookie").iter().count() <= set_cookies.len().max(MOST_OF_OURS));
    }
});
