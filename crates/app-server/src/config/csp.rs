//! The Content Security Policy.

use axum_clerk::CspSources;

use super::Reader;

/// What a deployment changes in the Content Security Policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CspConfig {
    /// Sources that it allows in addition, for [`CspSources::add`].
    pub extra: String,
    /// Whether it only reports what it would block.
    pub report_only: bool,
}

impl CspConfig {
    /// Reads `CSP_EXTRA` and `CSP_REPORT_ONLY`.
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let extra = reader.text("CSP_EXTRA").unwrap_or_default();
        if let Err(error) = CspSources::default().add(extra) {
            let example = "write it as in `img-src https://images.example; connect-src https://api.example`";
            reader.error("CSP_EXTRA", format_args!("cannot be used, {error}"), example);
        }
        let report_only = reader.parse("CSP_REPORT_ONLY", "`true` or `false`");
        Self {
            extra: extra.to_owned(),
            report_only: report_only.unwrap_or_default(),
        }
    }
}
