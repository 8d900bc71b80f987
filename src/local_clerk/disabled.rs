//! The local Clerk of a build that has none.

use std::error::Error;

use axum_clerk::Options;
use leptos_with_clerk::config::{Config, LocalClerkConfig};

pub(crate) const AVAILABLE: bool = false;

/// Has no values, because it cannot be started.
pub(crate) enum LocalClerk {}

impl LocalClerk {
    pub(crate) fn complete(&self, _: Options) -> Result<Options, Box<dyn Error>> {
        match *self {}
    }

    pub(crate) async fn shutdown(self) {
        match self {}
    }
}

pub(crate) async fn start(_: &LocalClerkConfig, _: &Config) -> Result<LocalClerk, Box<dyn Error>> {
    Err("this build has no local Clerk".into())
}
