//! Traces for OpenTelemetry, if a collector is configured.

use std::env;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::Subscriber;
use tracing_subscriber::{Layer, registry::LookupSpan};
use url::Url;

/// What sends traces to a collector, and the rest of them when it is dropped.
#[derive(Debug)]
pub struct Traces {
    provider: Option<SdkTracerProvider>,
    program: &'static str,
}

impl Traces {
    /// Sends traces of the program with this name by HTTP, if there is a collector. Further settings are OpenTelemetry's own
    /// variables, such as `OTEL_SERVICE_NAME`.
    pub fn start(collector: Option<&Url>, program: &'static str) -> Self {
        let provider = collector.and_then(|collector| provider(collector, program));
        Self { provider, program }
    }

    /// Returns what makes traces of spans.
    pub(crate) fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> Option<impl Layer<S> + use<S>> {
        let tracer = self.provider.as_ref()?.tracer(self.program);
        Some(tracing_opentelemetry::layer().with_tracer(tracer))
    }
}

fn provider(collector: &Url, program: &'static str) -> Option<SdkTracerProvider> {
    let endpoint = format!("{}/v1/traces", collector.as_str().trim_end_matches('/'));
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(endpoint)
        .build()
        .inspect_err(|error| eprintln!("traces cannot be sent: {error}"))
        .ok()?;
    let mut resource = Resource::builder();
    if env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name(program);
    }
    let provider = SdkTracerProvider::builder()
        .with_resource(resource.build())
        .with_batch_exporter(exporter)
        .build();
    Some(provider)
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.provider.as_ref().map(SdkTracerProvider::shutdown) {
            eprintln!("some traces could not be sent: {error}");
        }
    }
}
