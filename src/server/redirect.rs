//! Redirects that happen before anything is rendered: to the sign-in page, and to the one spelling
//! of a path.

use axum::{
    extract::{Request, State},
    http::{StatusCode, header, request::Parts, uri::PathAndQuery},
    middleware::Next,
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use super::state::AppState;
use crate::{auth::Auth, clerk::Redirect};

/// Sends a signed-out visitor of a protected page to the sign-in page.
pub(crate) async fn protect(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let signed_in = request.extensions().get::<Auth>().is_some_and(Auth::is_signed_in);
    if signed_in || !is_protected(request.uri().path(), state.protected) {
        return next.run(request).await;
    }
    to_sign_in(&state, &request.into_parts().0)
}

/// A redirect to the sign-in page, from which the visitor comes back to the requested page.
pub(crate) fn to_sign_in(state: &AppState, parts: &Parts) -> Response {
    let built = parts
        .extensions
        .get::<Redirect>()
        .map(Redirect::to_sign_in_and_back);
    let location = match built {
        // A page of the app comes back by path, so that no header can change where to.
        Some(Ok(url)) if state.client.sign_in_url.starts_with('/') => {
            let back = same_host(parts.uri.path_and_query().map_or("/", PathAndQuery::as_str));
            let others = url.query_pairs().filter(|(name, _)| name != "redirect_url");
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(others)
                .append_pair("redirect_url", &back)
                .finish();
            format!("{}?{query}", url.path())
        }
        Some(Ok(url)) => url.into(),
        _ => state.client.sign_in_url.clone(),
    };
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response()
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

/// Whether a path is one of `protected` or below, in whichever way it is spelt: the pages' own router
/// is more lenient about slashes than axum's.
fn is_protected(path: &str, protected: &[&str]) -> bool {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let segments = || decoded.split('/').filter(|segment| !segment.is_empty());
    protected.iter().any(|protected| {
        let mut path = segments();
        protected
            .split('/')
            .filter(|segment| !segment.is_empty())
            .all(|segment| path.next() == Some(segment))
    })
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

    #[test]
    fn a_page_is_protected_in_every_spelling() {
        for path in [
            "/profile",
            "/profile/",
            "//profile",
            "/profile/security",
            "/%70rofile",
            "/profile//",
        ] {
            assert!(is_protected(path, &["/profile"]), "{path}");
        }
        for path in ["/", "/profiles", "/plans/profile", "/sign-in"] {
            assert!(!is_protected(path, &["/profile"]), "{path}");
        }
    }
}
