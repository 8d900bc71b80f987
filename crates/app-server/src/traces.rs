//! Traces for OpenTelemetry, which a build sends only with the feature `otel`.

#[cfg_attr(feature = "otel", path = "traces/enabled.rs")]
#[cfg_attr(not(feature = "otel"), path = "traces/disabled.rs")]
mod implementation;

pub use self::implementation::Traces;
