//! Traces for OpenTelemetry, if a collector is configured.

use std::env;

use leptos_with_clerk::config::Config;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::Subscriber;
use tracing_subscriber::{Layer, registry::LookupSpan};

/// Sends the rest of the traces when it is dropped.
#[derive(Debug)]
pub(crate) struct Traces(Option<SdkTracerProvider>);

impl Traces {
    /// Sends traces by HTTP. Further settings are OpenTelemetry's own variables, such as `OTEL_SERVICE_NAME`.
    pub(crate) fn start(config: &Config) -> Self {
        let Some(endpoint) = &config.otlp_endpoint else {
            return Self(None);
        };
        let endpoint = format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/'));
        let exporter = match SpanExporter::builder()
            .with_http()
            .with_endpoint(endpoint)
            .build()
        {
            Ok(exporter) => exporter,
            Err(error) => {
                eprintln!("traces cannot be sent: {error}");
                return Self(None);
            }
        };
        let mut resource = Resource::builder();
        if env::var_os("OTEL_SERVICE_NAME").is_none() {
            resource = resource.with_service_name(env!("CARGO_PKG_NAME"));
        }
        let provider = SdkTracerProvider::builder()
            .with_resource(resource.build())
            .with_batch_exporter(exporter)
            .build();
        Self(Some(provider))
    }

    /// Returns what makes traces of spans.
    pub(crate) fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> Option<impl Layer<S> + use<S>> {
        let tracer = self.0.as_ref()?.tracer(env!("CARGO_PKG_NAME"));
        Some(tracing_opentelemetry::layer().with_tracer(tracer))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.0.as_ref().map(SdkTracerProvider::shutdown) {
            eprintln!("some traces could not be sent: {error}");
        }
    }
}
