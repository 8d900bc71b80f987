//! What browsers report about the Content Security Policy.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::Value;
use url::Url;

/// How much of each value is kept, in bytes.
const MAX_LENGTH: usize = 200;

/// What the Content Security Policy has blocked, or would block, as the browser reports it to the
/// [`report_uri`](crate::CspSources::report_uri) of the policy.
///
/// Anybody can send reports, so a log of them needs a limit. The values are printable, without the query and the fragment
/// of a URL, where Clerk's tokens are, and at most 200 bytes long. The body may be as large as axum's
/// [`DefaultBodyLimit`](axum::extract::DefaultBodyLimit) allows.
///
/// ```
/// use axum::{Router, extract::DefaultBodyLimit, http::StatusCode, routing::post};
/// use axum_clerk::CspReport;
///
/// async fn receive(report: CspReport) -> StatusCode {
///     tracing::warn!(directive = report.directive, blocked = report.blocked, "blocked by the policy");
///     StatusCode::NO_CONTENT
/// }
///
/// let app: Router = Router::new().route("/csp-report", post(receive).layer(DefaultBodyLimit::max(16 * 1024)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CspReport {
    /// The directive that was violated, such as `script-src-elem`.
    pub directive: String,
    /// What was blocked: a URL, or a keyword such as `inline` and `eval`.
    pub blocked: String,
    /// The page.
    pub page: String,
    /// Whether the policy was enforced, or only reports.
    pub is_enforced: bool,
}

impl CspReport {
    /// Reads the format of `report-uri`. A value that is missing is empty.
    fn parse(body: &[u8]) -> Option<Self> {
        let json: Value = serde_json::from_slice(body).ok()?;
        let report = json.get("csp-report")?.as_object()?;
        let text = |name| report.get(name).and_then(Value::as_str).unwrap_or_default();
        let directive = Some(text("effective-directive")).filter(|name| !name.is_empty());
        Some(Self {
            directive: sanitize(directive.unwrap_or_else(|| text("violated-directive"))),
            blocked: sanitize(text("blocked-uri")),
            page: sanitize(text("document-uri")),
            is_enforced: text("disposition") != "report",
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for CspReport {
    type Rejection = CspReportRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, CspReportRejection> {
        let body = Bytes::from_request(request, state).await?;
        Self::parse(&body).ok_or(CspReportRejection::Malformed)
    }
}

/// Why a report is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CspReportRejection {
    /// The body could not be read, for example because it is too large: 400 or 413.
    #[error(transparent)]
    Body(#[from] BytesRejection),
    /// The body is not a report: 400.
    #[error("the body is not a report of a Content Security Policy")]
    Malformed,
}

impl IntoResponse for CspReportRejection {
    fn into_response(self) -> Response {
        match self {
            Self::Body(rejection) => rejection.into_response(),
            Self::Malformed => StatusCode::BAD_REQUEST.into_response(),
        }
    }
}

/// Removes query and fragment, and whatever a log should not contain.
fn sanitize(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let mut text = match Url::parse(text) {
        // Its payload may be anything, and a user name is none of the log's business.
        Ok(url) if url.cannot_be_a_base() || !url.username().is_empty() => format!("{}:", url.scheme()),
        _ => text.replace(|character: char| !character.is_ascii_graphic(), "\u{fffd}"),
    };
    text.truncate(text.floor_char_boundary(MAX_LENGTH));
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(report: &Value) -> Option<CspReport> {
        CspReport::parse(&serde_json::to_vec(report).unwrap())
    }

    #[test]
    fn a_report_of_a_browser_is_read() {
        let report = parse(&json!({ "csp-report": {
            "document-uri": "http://localhost:5001/sign-in?__clerk_ticket=eyJhbGciOi",
            "effective-directive": "script-src-elem",
            "violated-directive": "script-src",
            "disposition": "report",
            "blocked-uri": "https://evil.example/x.js?token=secret#eyJ",
        }}));
        let expected = CspReport {
            directive: "script-src-elem".to_owned(),
            blocked: "https://evil.example/x.js".to_owned(),
            page: "http://localhost:5001/sign-in".to_owned(),
            is_enforced: false,
        };
        assert_eq!(report, Some(expected));
        let older = parse(&json!({ "csp-report": { "violated-directive": "script-src 'self'" } })).unwrap();
        assert!(
            older.is_enforced && older.directive.starts_with("script-src"),
            "{older:?}"
        );
    }

    #[test]
    fn values_cannot_forge_log_lines_or_fill_the_log() {
        let report = parse(&json!({ "csp-report": {
            "document-uri": "a\nb\u{1b}[31mc\u{202e}d",
            "blocked-uri": "\u{e9}".repeat(1000),
            "effective-directive": "x".repeat(10_000),
        }}))
        .unwrap();
        for text in [&report.page, &report.blocked, &report.directive] {
            assert!(text.len() <= MAX_LENGTH, "{text}");
            assert!(!text.contains(['\n', '\u{1b}', '\u{202e}', '\u{e9}']), "{text}");
        }
        let blocked = |uri: &str| {
            parse(&json!({ "csp-report": { "blocked-uri": uri } }))
                .unwrap()
                .blocked
        };
        assert_eq!(blocked("data:text/html,secret"), "data:");
        assert_eq!(blocked("https://user:secret@a.example/"), "https:");
        assert_eq!(blocked("inline"), "inline");
    }

    #[test]
    fn what_is_not_a_report_is_refused() {
        for body in [
            "",
            "{}",
            "[]",
            "null",
            "{\"csp-report\": []}",
            "{\"csp-report\": 1}",
            "{",
            "\u{0}",
        ] {
            assert_eq!(CspReport::parse(body.as_bytes()), None, "{body}");
        }
    }
}
