//! Error pages.

use std::any::Any;

use axum::{
    body::Body,
    http::{self, HeaderValue, StatusCode, header},
    response::Response,
};
use axum_clerk::ClerkError;
use maud::{DOCTYPE, html};

const STYLE: &str = ":root{color-scheme:light dark}body{font:1.1rem/1.6 system-ui,sans-serif;max-width:36rem;\
                     margin:20vh auto;padding:0 1.5rem}";

/// Renders an error of the Clerk layer as a page or as JSON, whichever is asked for.
pub(crate) fn clerk_error(error: &ClerkError) -> http::Response<String> {
    if error.wants_document {
        page(error.status, &error.message)
    } else {
        error.to_json()
    }
}

/// Answers in place of a handler that panicked. The panic hook has logged the details.
pub(crate) fn panic_response(_: Box<dyn Any + Send>) -> Response {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    page(status, "The error has been logged. Please try again later.").map(Body::from)
}

fn page(status: StatusCode, message: &str) -> http::Response<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Something went wrong" }
                meta name="viewport" content="width=device-width, initial-scale=1";
                style { (STYLE) }
            }
            body {
                h1 { "Something went wrong" }
                p { (message) }
                p { a href="/" { "Back to the home page" } }
            }
        }
    };
    let mut response = http::Response::new(page.into_string());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_page_in_place_of_a_handler_that_panicked_has_no_details() {
        let response = panic_response(Box::new("a detail"));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["cache-control"], "no-store");
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let body = String::from_utf8_lossy(&body);
        assert!(
            body.contains("Something went wrong") && !body.contains("a detail"),
            "{body}"
        );
    }
}
