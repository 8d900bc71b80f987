//! Identifiers in Clerk's spelling, random secrets, and the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The epoch of KSUIDs, in seconds.
const KSUID_EPOCH: i64 = 1_400_000_000;
const KSUID_LENGTH: usize = 27;

/// A new identifier such as `user_2AlNjGYLKd0kj0UyvUYwVGyGwc4`: a prefix and a KSUID (a time in
/// seconds, then random bits), which sorts by age.
pub(super) fn new(prefix: &str) -> String {
    let mut bytes = [0; 20];
    fill(&mut bytes);
    let seconds = u32::try_from(now() / 1000 - KSUID_EPOCH).unwrap_or(0);
    bytes[..4].copy_from_slice(&seconds.to_be_bytes());
    format!("{prefix}_{}", base62(bytes))
}

/// A new identifier of a prefix and 32 hexadecimal digits, as keys and tokens of machines have.
pub(super) fn hexadecimal(prefix: &str) -> String {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    format!("{prefix}_{:032x}", u128::from_be_bytes(bytes))
}

/// An unguessable string of 256 bits, safe in URLs and cookies.
pub(super) fn secret() -> String {
    let mut bytes = [0; 32];
    fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Random letters and digits.
pub(super) fn alphanumeric<const N: usize>() -> String {
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
pub(super) fn fill(bytes: &mut [u8]) {
    rand::fill(bytes).expect("the system's random source works");
}

/// Milliseconds since 1970, Clerk's unit of time in JSON.
pub(super) fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// Long division by 62, least significant digit last.
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
    fn base62_is_the_ksuid_spelling() {
        assert_eq!(base62([0; 20]), "0".repeat(27));
        assert_eq!(base62([0xff; 20]), "aWgEPTl1tmebfsQzFP4bxwgy80V");
    }

    #[test]
    fn identifiers_carry_their_prefix_and_differ() {
        let (one, two) = (new("user"), new("user"));
        assert!(one.starts_with("user_") && one.len() == 32);
        assert_ne!(one, two);
        assert_eq!(secret().len(), 43);
    }
}
