//! Addresses of the sign-in and sign-up pages, which lead back to where the visitor was.

#[cfg(feature = "_browser")]
mod browser;
#[cfg(not(feature = "_browser"))]
mod server;

use leptos::prelude::*;
use leptos_router::{
    hooks::use_location,
    location::{Location, Url},
};

#[cfg(feature = "_browser")]
use browser::origin;
#[cfg(not(feature = "_browser"))]
use server::origin;

use crate::{
    components::InitialValues,
    store::{Clerk, LoadStatus, use_clerk},
};

/// One of the two forms.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    SignIn,
    SignUp,
}

/// The address of a form, with what it is told in the query.
#[derive(Clone)]
pub(crate) struct FormUrl {
    url: String,
    location: Location,
    /// The forms' own pages, from which nobody wants to return to them.
    forms: [String; 2],
    clerk: Clerk,
    redirect_url: Option<String>,
    parameters: Parameters,
}

/// What a form is told in the query: names and encoded values.
#[derive(Clone, Default)]
pub(crate) struct Parameters(Vec<(&'static str, String)>);

impl Parameters {
    pub(crate) fn add(&mut self, name: &'static str, value: &str) {
        self.0.push((name, Url::escape(value)));
    }

    pub(crate) fn add_values(&mut self, values: InitialValues) {
        for (_, name, value) in values.values {
            self.add(name, &value);
        }
    }
}

impl FormUrl {
    /// # Panics
    ///
    /// Outside of Leptos's `<Router>` and [`ClerkProvider`](crate::ClerkProvider).
    pub(crate) fn new(form: Form, parameters: Parameters) -> Self {
        let clerk = use_clerk();
        let options = clerk.options();
        let forms = [options.sign_in_url.clone(), options.sign_up_url.clone()];
        let url = forms[usize::from(form == Form::SignUp)].clone();
        Self {
            clerk,
            url,
            location: use_location(),
            forms,
            redirect_url: None,
            parameters,
        }
    }

    /// Sets where the form leads afterwards. Default: the page on which the visitor is.
    pub(crate) fn redirect_url(&mut self, url: Option<String>) {
        self.redirect_url = url;
    }

    /// Leads to the page below that of the form: `tasks`.
    #[cfg_attr(
        feature = "_browser",
        expect(dead_code, reason = "clerk-js knows these pages")
    )]
    pub(crate) fn below(&mut self, segment: &str) {
        self.url = [self.url.trim_end_matches('/'), "/", segment].concat();
    }

    /// The address for a link. Reactive: it follows the visitor's navigation.
    ///
    /// A form on another origin needs to know to which one to return. The browser adds that once clerk-js is loaded, since
    /// hydration keeps what the server rendered.
    pub(crate) fn link(&self) -> String {
        if is_path(&self.url) || self.clerk.status() == LoadStatus::Loading {
            self.with_origin("")
        } else {
            self.with_origin(&origin())
        }
    }

    /// The address to go to now.
    pub(crate) fn target(&self) -> String {
        if is_path(&self.url) {
            self.with_origin("")
        } else {
            self.with_origin(&origin())
        }
    }

    fn with_origin(&self, origin: &str) -> String {
        let mut url = self.url.clone();
        let return_to = self.redirect_url.clone().or_else(|| self.current(origin));
        if let Some(return_to) = return_to {
            append(&mut url, "redirect_url", &Url::escape(&return_to));
        }
        for (name, value) in &self.parameters.0 {
            append(&mut url, name, value);
        }
        url
    }

    /// The page that the visitor is on; on the page of a form, the one that it leads to.
    fn current(&self, origin: &str) -> Option<String> {
        let path = self.location.pathname.get();
        if self.forms.iter().any(|form| is_below(&path, form)) {
            return self.location.query.with(|query| query.get("redirect_url"));
        }
        let address = address(&path, &self.location.search.get());
        Some([origin, &*address].concat())
    }
}

/// Whether a URL is a path of this app.
pub(crate) fn is_path(url: &str) -> bool {
    url.starts_with('/') && !url.starts_with("//")
}

/// Whether a path is that of a page or below it.
fn is_below(path: &str, page: &str) -> bool {
    let page = page.trim_end_matches('/');
    let rest = path.strip_prefix(page).unwrap_or("-");
    !page.is_empty() && (rest.is_empty() || rest.starts_with('/'))
}

/// A path with its query, without the parameters that Clerk adds, some of which are tokens. It begins with one slash:
/// browsers take `//host` for another host.
pub(crate) fn address(path: &str, search: &str) -> String {
    let mut address = ["/", path.trim_start_matches('/')].concat();
    let mut separator = '?';
    for parameter in search.split('&') {
        if !parameter.is_empty() && !parameter.starts_with("__clerk") {
            address.push(separator);
            address.push_str(parameter);
            separator = '&';
        }
    }
    address
}

/// Adds a parameter, whose value is percent-encoded already.
pub(crate) fn append(url: &mut String, name: &str, value: &str) {
    let separator = if url.contains('?') { "&" } else { "?" };
    for piece in [separator, name, "=", value] {
        url.push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_added_to_the_query() {
        let append = |url: &str| {
            let mut url = url.to_owned();
            append(&mut url, "redirect_url", "%2Fprofile");
            url
        };
        assert_eq!(append("/sign-in"), "/sign-in?redirect_url=%2Fprofile");
        assert_eq!(
            append("https://accounts.example/sign-in?theme=dark"),
            "https://accounts.example/sign-in?theme=dark&redirect_url=%2Fprofile"
        );
    }

    #[test]
    fn an_address_keeps_the_query_but_not_the_tokens_of_clerk() {
        assert_eq!(address("/plans", ""), "/plans");
        assert_eq!(address("/plans", "a=b&c=%20"), "/plans?a=b&c=%20");
        assert_eq!(
            address("/plans", "__clerk_db_jwt=dvb_1&a=b&__clerk_handshake=x"),
            "/plans?a=b"
        );
        assert_eq!(address("//evil.example/", ""), "/evil.example/");
    }

    #[test]
    fn paths_of_this_app_have_one_slash_in_front() {
        assert!(is_path("/sign-in"));
        assert!(!is_path("https://accounts.example/sign-in"));
        assert!(!is_path("//accounts.example/sign-in"));
    }

    #[test]
    fn the_steps_of_a_form_are_below_it() {
        assert!(is_below("/sign-in", "/sign-in"));
        assert!(is_below("/sign-in/factor-one", "/sign-in/"));
        assert!(!is_below("/sign-in-help", "/sign-in"));
        assert!(!is_below("/plans", ""));
        assert!(!is_below("/", "https://accounts.example/sign-in"));
    }
}
