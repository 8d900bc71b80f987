//! Where this program knowingly decides otherwise than the official package, and why.

use crate::{instances::Instance, outcome::Outcome, requests::Case};

pub(crate) struct Deviation {
    pub(crate) name: &'static str,
    applies: fn(&Case, &Instance, &Outcome, &Outcome) -> bool,
}

/// The table of docs/authentication.md, as far as a request can show it.
pub(crate) const TABLE: [Deviation; 6] = [
    Deviation {
        // The official package resolves the path against the forwarded origin: `//evil.example` becomes
        // the host, and the handshake would return there.
        name: "a path never becomes a host",
        applies: |case, _, ours, _| {
            case.target.starts_with("//") && !ours.location.starts_with("http://evil")
        },
    },
    Deviation {
        // Claims that are no object make the official package throw, or are refused later.
        name: "claims have to be an object",
        applies: |case, _, _, _| has(case, &["claims-array", "claims-null"]),
    },
    Deviation {
        name: "JSON may be nested 128 deep",
        applies: |case, _, _, _| has(case, &["nested"]),
    },
    Deviation {
        // The official package throws, or redirects to any scheme.
        name: "a satellite's address that is no web address is ignored",
        applies: |case, instance, _, _| {
            let nonsense = [
                "__clerk_redirect_url=nonsense",
                "__clerk_redirect_url=javascript:",
            ];
            instance.is_development
                && !instance.is_satellite
                && nonsense.iter().any(|text| case.target.contains(text))
        },
    },
    Deviation {
        // The official package compares with exactly 3, so that 4 switches the protection off.
        name: "four redirects are a loop too",
        applies: |case, _, ours, theirs| {
            ours.status == "signed-out"
                && theirs.status == "handshake"
                && case
                    .headers
                    .iter()
                    .any(|(_, value)| value.contains("__clerk_redirect_count=4"))
        },
    },
    Deviation {
        // The official package calls the request signed in and throws when asked who it is.
        name: "claims that cannot be read are signed out",
        applies: |case, _, ours, theirs| {
            has(case, &["org-v2-broken"]) && ours.reason == "unexpected-error" && theirs.status == "signed-in"
        },
    },
];

fn has(case: &Case, kinds: &[&str]) -> bool {
    case.tokens.iter().any(|kind| kinds.contains(kind))
}

/// The deviation that explains the difference, as its place in the table.
pub(crate) fn explain(case: &Case, instance: &Instance, ours: &Outcome, theirs: &Outcome) -> Option<usize> {
    TABLE
        .iter()
        .position(|deviation| (deviation.applies)(case, instance, ours, theirs))
}
