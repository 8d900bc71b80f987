//! Where this program deliberately decides otherwise than the official package, and what it decides instead.
//!
//! A deviation never means "anything goes": each one determines our outcome exactly, in one of two ways.
//!
//! - Some parts of a request are treated by this program as the official package treats another, harmless
//!   part. The official package is asked about the request's *twin*, in which the harmless part is
//!   substituted, and our outcome must equal its outcome for the twin.
//!   [`Case::twin`](crate::requests::Case::twin) makes the substitutions.
//! - Some outcomes of the official package correspond to another outcome of ours, see [`expected`].

use crate::{oracle::Answer, outcome::Outcome, requests::Case};

/// The table of docs/authentication.md, as far as a request can show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deviation {
    /// The official package resolves the path against the forwarded origin: `//evil.example` becomes the
    /// host, to which the handshake would return. Twin: `/evil.example`.
    PathNeverBecomesAHost,
    /// With claims that are not an object the official package throws, or rejects the token later for another
    /// reason. Twin: a token that cannot be decoded.
    ClaimsMustBeAnObject,
    /// The official package has no limit of 128 levels. Twin: a token that cannot be decoded.
    JsonDepthIsLimited,
    /// With a return URL of a satellite that is not an http(s) URL, the official package throws or redirects
    /// to any scheme. Twin: a parameter of another name.
    ReturnUrlMustBeHttp,
    /// The official package compares the counter with exactly 3, so that 4 disables the loop protection.
    /// Twin: 3.
    FourRedirectsAreALoop,
    /// The official package calls the request signed in, and throws when asked who is signed in.
    UnreadableClaimsAreSignedOut,
    /// The official package throws (500) if a handshake token in development cannot be verified.
    UntrustedHandshakeTokenIs400,
    /// The official package throws (500) if a satellite is configured as its own primary.
    SatelliteOnOwnOriginIs500,
}

impl Deviation {
    pub(crate) const ALL: [Self; 8] = [
        Self::PathNeverBecomesAHost,
        Self::ClaimsMustBeAnObject,
        Self::JsonDepthIsLimited,
        Self::ReturnUrlMustBeHttp,
        Self::FourRedirectsAreALoop,
        Self::UnreadableClaimsAreSignedOut,
        Self::UntrustedHandshakeTokenIs400,
        Self::SatelliteOnOwnOriginIs500,
    ];

    /// The deviation of a kind of token.
    pub(crate) fn of_token(kind: &str) -> Option<Self> {
        match kind {
            "claims-array" | "claims-null" => Some(Self::ClaimsMustBeAnObject),
            "nested" => Some(Self::JsonDepthIsLimited),
            _ => None,
        }
    }
}

/// What we have to decide, given the answer of the official package, and by which deviation if it is not the
/// same.
pub(crate) fn expected(answer: &Answer, case: &Case) -> (Outcome, Option<Deviation>) {
    let theirs = Outcome::theirs(answer, case);
    if let Some(error) = &answer.error {
        let known = THROWS.iter().find(|(text, ..)| error.contains(text));
        return match known {
            Some(&(_, deviation, status)) => (Outcome::error(status), Some(deviation)),
            // Never equal to an outcome of ours.
            None => (theirs, None),
        };
    }
    if answer.auth_error.is_some() {
        assert_eq!(theirs.status, "signed-in");
        let ours = theirs.signed_out("unexpected-error");
        return (ours, Some(Deviation::UnreadableClaimsAreSignedOut));
    }
    (theirs, None)
}

/// The errors that the official package throws, and the HTTP status of our response.
const THROWS: [(&str, Deviation, u16); 2] = [
    (
        "Clerk: Handshake token verification failed",
        Deviation::UntrustedHandshakeTokenIs400,
        400,
    ),
    (
        "The signInUrl needs to be on a different origin than your satellite application",
        Deviation::SatelliteOnOwnOriginIs500,
        500,
    ),
];
