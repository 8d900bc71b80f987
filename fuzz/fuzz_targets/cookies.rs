//! Any `Cookie` header gets a decision, and without a token of ours nobody is signed in.
#![no_main]

use leptos_with_clerk_fuzz::decide;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for state in decide(&[("cookie", data)]) {
        assert!(!state.auth.is_signed_in());
    }
});
