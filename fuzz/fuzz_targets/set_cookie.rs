//! The `Set-Cookie` directives of a correctly signed handshake token are sent as they are or not at all, and only one that
//! sets a session cookie to a valid token signs anybody in. A percent sign in the data stands for such a token.
#![no_main]

use std::sync::LazyLock;

use clerk_auth_fuzz::{decide, session_token, sign};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

static TOKEN: LazyLock<String> = LazyLock::new(session_token);

fuzz_target!(|data: &[u8]| {
    let directives: Vec<String> = String::from_utf8_lossy(data)
        .split('\0')
        .map(|directive| directive.replace('%', &TOKEN))
        .collect();
    let cookie = format!(
        "__client_uat=1; __clerk_handshake={}",
        sign(&json!({"handshake": directives}))
    );
    for state in decide(&[("cookie", cookie.as_bytes())]) {
        let sets_session = directives
            .iter()
            .any(|directive| directive.starts_with("__session") && directive.contains(&*TOKEN));
        assert!(!state.auth.is_signed_in() || sets_session, "{directives:?}");
        for sent in state.headers.get_all("set-cookie") {
            // Header values are Latin-1, as in the Fetch API.
            let text: String = sent.as_bytes().iter().copied().map(char::from).collect();
            let is_given = directives.contains(&text);
            // Its own only delete cookies of the protocol.
            assert!(
                is_given || sent.as_bytes().starts_with(b"__clerk_"),
                "{sent:?} {directives:?}"
            );
        }
    }
});
