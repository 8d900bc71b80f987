//! The local Clerk that a development build runs alongside the app.
//!
//! It accepts a code that everyone knows, so a build without debug assertions contains it only if the feature
//! `local-clerk-in-release` says so. All other builds have a stub in its place.

#[cfg_attr(
    all(
        feature = "local-clerk",
        any(debug_assertions, feature = "local-clerk-in-release")
    ),
    path = "local_clerk/enabled.rs"
)]
#[cfg_attr(
    not(all(
        feature = "local-clerk",
        any(debug_assertions, feature = "local-clerk-in-release")
    )),
    path = "local_clerk/disabled.rs"
)]
mod implementation;

pub(crate) use self::implementation::{AVAILABLE, start};
