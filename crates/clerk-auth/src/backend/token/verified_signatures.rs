//! Signatures that have been verified, so that the next request with the same token costs a digest instead of an RSA
//! operation. Everything else about a token is checked each time: a cached signature keeps no token alive.

use std::{
    collections::HashSet,
    mem,
    sync::{Mutex, PoisonError},
};

use aws_lc_rs::digest::{Context, SHA256};

/// A SHA-256 digest, so that no tokens are kept.
pub(super) type Digest = [u8; 32];

/// The number of signatures in one generation. A session uses one token a minute.
const GENERATION: usize = 5_000;

/// A bounded set of signatures. Only valid ones may enter it, so strangers cannot fill it.
#[derive(Debug, Default)]
pub(super) struct VerifiedSignatures(Mutex<Generations>);

/// Two generations: once the current one is full, it replaces the previous one.
#[derive(Debug, Default)]
struct Generations {
    current: HashSet<Digest>,
    previous: HashSet<Digest>,
}

impl VerifiedSignatures {
    pub(super) fn contains(&self, digest: &Digest) -> bool {
        let generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.current.contains(digest) || generations.previous.contains(digest)
    }

    pub(super) fn insert(&self, digest: Digest) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if generations.current.len() >= GENERATION {
            generations.previous = mem::take(&mut generations.current);
        }
        generations.current.insert(digest);
    }
}

/// Computes the digest of a token's parts. None of them contains a dot but the signed text, which has exactly one, so
/// different tokens are different texts.
pub(super) fn digest(parts: [&str; 3]) -> Digest {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part.as_bytes());
        context.update(b".");
    }
    let mut digest = Digest::default();
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nth(index: usize) -> Digest {
        digest(["RS256", &index.to_string(), "signature"])
    }

    #[test]
    fn the_latest_signatures_are_kept_and_the_set_is_bounded() {
        let verified = VerifiedSignatures::default();
        let last = 5 * GENERATION;
        for index in 0..last {
            verified.insert(nth(index));
        }
        assert!(!verified.contains(&nth(0)));
        assert!((last - GENERATION..last).all(|index| verified.contains(&nth(index))));
        let generations = verified.0.lock().unwrap();
        assert!(generations.current.len() + generations.previous.len() <= 2 * GENERATION);
    }

    #[test]
    fn every_part_counts() {
        let original = digest(["RS256", "a.b", "c"]);
        for other in [
            ["RS512", "a.b", "c"],
            ["RS256", "a.x", "c"],
            ["RS256", "a.b", "x"],
        ] {
            assert_ne!(digest(other), original);
        }
    }
}
