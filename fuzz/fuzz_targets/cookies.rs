//! Any `Cookie` header gets a decision, and none without a valid token signs anybody in.
#![no_main]

use clerk_auth_fuzz::decide;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for state in decide(&[("cookie", data)]) {
        assert!(!state.auth.is_signed_in());
    }
});
