//! Redirects that happen before anything is rendered: to the sign-in page, and to the one spelling
//! of a path.

use axum::{
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_clerk::{Auth, Redirect, Rejection};

use crate::app::PROTECTED;

/// Sends a signed-out visitor of a protected page to the sign-in page.
pub(crate) async fn protect(request: Request, next: Next) -> Response {
    let is_signed_in = request.extensions().get::<Auth>().is_some_and(Auth::is_signed_in);
    if is_signed_in || !PROTECTED.contains(request.uri().path()) {
        return next.run(request).await;
    }
    match request.extensions().get::<Redirect>() {
        Some(redirect) => (
            StatusCode::TEMPORARY_REDIRECT,
            [(header::LOCATION, redirect.sign_in_location())],
        )
            .into_response(),
        None => Rejection::MissingLayer.into_response(),
    }
}

/// Redirects `/plans/` to `/plans`, so that every page has one address.
pub(crate) async fn trim_trailing_slash(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let trimmed = uri.path().trim_end_matches('/');
    if trimmed.len() == uri.path().len() || trimmed.is_empty() {
        return next.run(request).await;
    }
    let trimmed = same_host(trimmed);
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    (
        StatusCode::PERMANENT_REDIRECT,
        [(header::LOCATION, format!("{trimmed}{query}"))],
    )
        .into_response()
}

/// The path with one slash in front: browsers take `//host` and `/\host` for another host.
fn same_host(path: &str) -> String {
    format!("/{}", path.trim_start_matches(['/', '\\']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_to_another_host() {
        for path in [
            "//evil.example",
            "/\\evil.example",
            "/\\/evil.example",
            "evil.example",
        ] {
            assert_eq!(same_host(path), "/evil.example", "{path}");
        }
        assert_eq!(same_host("/plans?to=//x"), "/plans?to=//x");
        assert_eq!(same_host("/"), "/");
    }
}
