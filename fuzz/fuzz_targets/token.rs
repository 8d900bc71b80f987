//! Any text is rejected as a token, both in the header and in a cookie.
#![no_main]

use clerk_auth_fuzz::decide;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let bearer = [b"Bearer ", data].concat();
    let cookie = [b"__client_uat=1; __clerk_db_jwt=x; __session=", data].concat();
    for headers in [("authorization", bearer), ("cookie", cookie)] {
        for state in decide(&[(headers.0, &headers.1)]) {
            assert!(!state.auth.is_signed_in());
        }
    }
});
