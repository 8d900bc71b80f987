//! The stub of a build without the feature `otel`, whose configuration has no collector.

use leptos_with_clerk::config::Config;
use tracing_subscriber::layer::Identity;

#[derive(Debug)]
pub(crate) struct Traces;

impl Traces {
    pub(crate) const fn start(_: &Config) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "as the other implementation")]
    pub(crate) fn layer(&self) -> Identity {
        Identity::new()
    }
}
