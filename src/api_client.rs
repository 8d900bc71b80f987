//! Calls of this app's own API from the browser. The server has a twin of each function, so that components compile on
//! both sides.

use std::fmt;

use clerk_auth::ReverificationLevel;
use leptos_clerk::NeedsReverification;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(not(feature = "hydrate"))]
mod server;

#[cfg(feature = "hydrate")]
pub(crate) use browser::{Form, decision, get, refresh_session, submit, text};
#[cfg(not(feature = "hydrate"))]
pub(crate) use server::{Form, decision, get, refresh_session, submit, text};

/// Why a server function was not executed.
#[derive(Clone, Debug)]
pub(crate) struct CallError {
    message: String,
    needs_reverification: bool,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl NeedsReverification for CallError {
    fn needs_reverification(&self) -> Option<ReverificationLevel> {
        self.needs_reverification
            .then_some(ReverificationLevel::SecondFactor)
    }
}
