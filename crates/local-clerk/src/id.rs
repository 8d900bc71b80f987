//! Identifiers in Clerk's format, and random secrets.

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The epoch of KSUIDs, in seconds.
const KSUID_EPOCH: i64 = 1_400_000_000;
const KSUID_LENGTH: usize = 27;

/// Creates an identifier such as `user_2AlNjGYLKd0kj0UyvUYwVGyGwc4`: a prefix and a KSUID (a time in
/// seconds, then random bits), which sorts by age. `now` is in milliseconds.
pub(crate) fn new(prefix: &str, now: i64) -> String {
    let mut bytes = [0; 20];
    fill(&mut bytes);
    let seconds = u32::try_from(now / 1000 - KSUID_EPOCH).unwrap_or(0);
    bytes[..4].copy_from_slice(&seconds.to_be_bytes());
    format!("{prefix}_{}", base62(bytes))
}

/// Creates an identifier that is the same whenever it is that of the same text.
pub(crate) fn of(prefix: &str, text: &str) -> String {
    let mut bytes = [0; 20];
    bytes.copy_from_slice(&digest(&SHA256, text.as_bytes()).as_ref()[..20]);
    format!("{prefix}_{}", base62(bytes))
}

/// Creates an identifier with 32 hexadecimal digits, the format of keys and tokens of machines.
pub(crate) fn hexadecimal(prefix: &str) -> String {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    format!("{prefix}_{:032x}", u128::from_be_bytes(bytes))
}

/// Creates an unguessable string of 256 bits, safe in URLs and cookies.
pub(crate) fn secret() -> String {
    let mut bytes = [0; 32];
    fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Creates a string of random letters and digits.
pub(crate) fn alphanumeric<const N: usize>() -> String {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
        .iter()
        .map(|byte| char::from(BASE62[usize::from(*byte) % BASE62.len()]))
        .collect()
}

/// Fills a buffer with random bytes.
#[expect(
    clippy::expect_used,
    reason = "the system's random source fails only before it is seeded at boot"
)]
pub(crate) fn fill(bytes: &mut [u8]) {
    rand::fill(bytes).expect("the system's random source works");
}

/// Encodes a number in base 62 by long division, most significant digit first.
fn base62(mut number: [u8; 20]) -> String {
    let mut digits = [b'0'; KSUID_LENGTH];
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0u32;
        for byte in &mut number {
            let value = remainder << 8 | u32::from(*byte);
            *byte = (value / 62) as u8;
            remainder = value % 62;
        }
        *digit = BASE62[remainder as usize];
    }
    digits.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base62_matches_the_ksuid_reference() {
        assert_eq!(base62([0; 20]), "0".repeat(27));
        assert_eq!(base62([0xff; 20]), "aWgEPTl1tmebfsQzFP4bxwgy80V");
    }

    #[test]
    fn identifiers_have_their_prefix_and_are_unique() {
        let (one, two) = (new("user", 0), new("user", 0));
        assert!(one.starts_with("user_") && one.len() == 32);
        assert_ne!(one, two);
        assert_eq!(secret().len(), 43);
    }
}
