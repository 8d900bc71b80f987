//! The answers to callers who are refused.

use clerk_auth::{Auth, Denied, Redirect};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header, request::Parts};
use url::Url;

use super::ClerkLayer;
use crate::{
    ClerkError, Rejection, cache_control::forbid_storing, kept_forms::FormRefused,
    same_origin::is_same_origin,
};

/// The header by which the server functions of Leptos mark an error.
static SERVER_FN_ERROR: HeaderName = HeaderName::from_static("serverfnerror");

/// How a visitor who is refused gets to the sign-in page.
#[derive(Clone, Copy)]
pub(super) struct SignIn<'a> {
    pub(super) redirect: &'a Redirect,
    /// Whether the browser has sent a form, rather than opened a page.
    pub(super) is_for_form: bool,
    /// Whether a page of the application itself has sent it.
    pub(super) is_for_own_form: bool,
    pub(super) wants_document: bool,
}

pub(super) fn is_form(parts: &Parts) -> bool {
    !matches!(parts.method, Method::GET | Method::HEAD)
}

/// Whether a page of the application has sent a request. Unlike [`is_same_origin`], not if the browser does not say so: a form
/// that is offered again must not be another site's.
pub(super) fn is_from_own_page(headers: &HeaderMap, own: &Url) -> bool {
    let says_so = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    says_so && is_same_origin(headers, &own.origin().ascii_serialization())
}

pub(super) fn referrer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::REFERER)?.to_str().ok()
}

impl ClerkLayer {
    /// Refuses calls of server functions that are not public.
    #[cfg(feature = "leptos")]
    pub(super) fn refuse_server_fn(&self, path: &str, auth: &Auth) -> Option<Rejection> {
        self.server_fns.refuse(path, auth)
    }

    #[cfg(not(feature = "leptos"))]
    pub(super) const fn refuse_server_fn(&self, _: &str, _: &Auth) -> Option<Rejection> {
        None
    }

    /// Applies what code below has refused to a response that it has rendered nonetheless.
    pub(super) fn refuse<R: Default + From<String>>(
        &self,
        mut response: Response<R>,
        denied: Denied,
        sign_in: SignIn<'_>,
    ) -> Response<R> {
        let is_server_fn_error = response.headers().contains_key(&SERVER_FN_ERROR);
        // Leptos sends a form that was posted without JavaScript back to its page, with the error.
        if response.status().is_redirection() {
            return response;
        }
        if is_server_fn_error || sign_in.wants_document && response.status().is_success() {
            if !is_server_fn_error && denied == Denied::SignedOut {
                return self.reject(Rejection::SignedOut, sign_in);
            }
            Rejection::from(denied).apply_to(&mut response);
        }
        response
    }

    pub(super) fn reject<R: Default + From<String>>(
        &self,
        rejection: Rejection,
        sign_in: SignIn<'_>,
    ) -> Response<R> {
        if !sign_in.wants_document {
            return rejection.response();
        }
        let location = match rejection {
            Rejection::SignedOut => HeaderValue::try_from(sign_in.redirect.sign_in_location()).ok(),
            _ => None,
        };
        let Some(location) = location else {
            return self.render(rejection.error(), true);
        };
        let mut response = temporary_redirect();
        if sign_in.is_for_form {
            // The sign-in page must not be posted to.
            *response.status_mut() = StatusCode::SEE_OTHER;
        }
        if sign_in.is_for_own_form {
            let sign_in = location.clone();
            response.extensions_mut().insert(FormRefused { sign_in });
        }
        response.headers_mut().insert(header::LOCATION, location);
        response
    }

    pub(super) fn render<R: From<String>>(&self, error: ClerkError, wants_document: bool) -> Response<R> {
        let error = ClerkError {
            wants_document,
            ..error
        };
        let mut response = (self.error_hook)(&error);
        forbid_storing(response.headers_mut());
        error.add_retry_after(response.headers_mut());
        response.map(R::from)
    }
}

pub(super) fn temporary_redirect<R: Default>() -> Response<R> {
    let mut response = Response::new(R::default());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    response
}
