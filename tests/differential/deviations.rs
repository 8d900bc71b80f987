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
    /// The official package sends the development browser token to any http(s) URL. Twin: a parameter of another
    /// name.
    ReturnOriginMustBeAllowed,
    /// The official package compares the counter with exactly 3, so that 4 disables the loop protection.
    /// Twin: 3.
    FourRedirectsAreALoop,
    /// The official package counts on from a negative number, and from 0 after other text. Twin: 3.
    OddCountIsALoop,
    /// The official package takes a machine token with padding for a session token. Twin: without padding.
    PaddingChangesNoDecision,
    /// The official package lets any opaque origin read the result of a handshake, whoever asks for it. Only requests
    /// of such an origin get these headers from us.
    CorsForOpaqueOriginsOnly,
    /// The official package reads the result of a handshake from the URL of a production instance. We redirect to the URL
    /// without it. Twin of requests that cannot be redirected: a parameter of another name.
    HandshakeInQueryIsRemoved,
    /// The official package signs out, throws or redirects for ever if a cookie with the result of a handshake is old. We
    /// delete it, and decide as if it were not there. Twin: a cookie of another name.
    UnusableCookieIsDeleted,
    /// The official package redirects to the same URL if a development instance has the result of a handshake in a cookie.
    CookieNeedsNoRedirect,
    /// The official package takes an unavailable Backend API for a negative answer. We change nothing in the browser.
    UnavailableIsNoAnswer,
    /// The official package resolves dot segments, as `Request` does. The program refuses them with 400.
    AmbiguousPathsAre400,
    /// The official package calls the request signed in, and throws when asked who is signed in.
    UnreadableClaimsAreSignedOut,
    /// The official package throws (500) if a handshake token in development cannot be verified.
    UntrustedHandshakeTokenIs400,
    /// The official package throws (500) if a satellite is configured as its own primary.
    SatelliteOnOwnOriginIs500,
}

impl Deviation {
    pub(crate) const ALL: [Self; 17] = [
        Self::PathNeverBecomesAHost,
        Self::ClaimsMustBeAnObject,
        Self::JsonDepthIsLimited,
        Self::ReturnUrlMustBeHttp,
        Self::ReturnOriginMustBeAllowed,
        Self::FourRedirectsAreALoop,
        Self::OddCountIsALoop,
        Self::PaddingChangesNoDecision,
        Self::CorsForOpaqueOriginsOnly,
        Self::HandshakeInQueryIsRemoved,
        Self::UnusableCookieIsDeleted,
        Self::CookieNeedsNoRedirect,
        Self::UnavailableIsNoAnswer,
        Self::AmbiguousPathsAre400,
        Self::UnreadableClaimsAreSignedOut,
        Self::UntrustedHandshakeTokenIs400,
        Self::SatelliteOnOwnOriginIs500,
    ];

    /// The deviation of a kind of token, and the kind of the token in the twin.
    pub(crate) fn of_token(kind: &str) -> Option<(Self, &'static str)> {
        match kind {
            "claims-array" | "claims-null" => Some((Self::ClaimsMustBeAnObject, "not-json")),
            "nested" => Some((Self::JsonDepthIsLimited, "not-json")),
            "mch-padded" => Some((Self::PaddingChangesNoDecision, "mch")),
            "typ-at-padded" => Some((Self::PaddingChangesNoDecision, "typ-at")),
            _ => None,
        }
    }
}

/// What we have to decide, given the answer of the official package, and by which deviation if it is not the
/// same.
pub(crate) fn expected(answer: &Answer, case: &Case) -> (Outcome, Option<Deviation>) {
    if ["/../", "/%2e%2e/"].iter().any(|dots| case.target.contains(dots)) {
        return (Outcome::error(400), Some(Deviation::AmbiguousPathsAre400));
    }
    let mut theirs = Outcome::theirs(answer, case);
    if let Some(error) = &answer.error {
        let known = THROWS.iter().find(|(text, ..)| error.contains(text));
        return match known {
            Some(&(_, deviation, status)) => (Outcome::error(status), Some(deviation)),
            // Never equal to an outcome of ours.
            None => (theirs, None),
        };
    }
    if case.has_foreign_handshake && case.follows_link() {
        return (Outcome::cleaned(case), Some(Deviation::HandshakeInQueryIsRemoved));
    }
    if case.is_unavailable(&theirs) {
        return (theirs.unavailable(case), Some(Deviation::UnavailableIsNoAnswer));
    }
    if let Some(cookie) = &case.handshake_cookie {
        if case.is_twin || !theirs.has_handshake_cookies() {
            theirs.delete_cookie(cookie, case);
        } else if !theirs.location.is_empty() {
            let mut answer = answer.clone();
            let is_of_redirect = |name: &str| matches!(name, "location" | "cache-control");
            answer.headers.retain(|(name, _)| !is_of_redirect(name));
            let (ours, _) = expected(&answer, case);
            return (ours, Some(Deviation::CookieNeedsNoRedirect));
        }
    }
    let cors = (case.header("origin") != "null" && theirs.remove_cors())
        .then_some(Deviation::CorsForOpaqueOriginsOnly);
    if answer.auth_error.is_some() {
        assert_eq!(theirs.status, "signed-in");
        let ours = theirs.signed_out("unexpected-error");
        return (ours, Some(Deviation::UnreadableClaimsAreSignedOut));
    }
    (theirs, cors)
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
