//! Components that lead elsewhere when they are rendered.

#[cfg(feature = "_browser")]
mod browser;
#[cfg(not(feature = "_browser"))]
mod server;

use leptos::prelude::*;

#[cfg(feature = "_browser")]
use browser::{go, go_to_tasks};
#[cfg(not(feature = "_browser"))]
use server::{go, go_to_tasks};

use crate::{
    clerk_js,
    components::InitialValues,
    form_url::{Form, FormUrl, Parameters},
    json::Json,
    props::Props,
    runtime::when_loaded,
    store::{is_pending, use_clerk},
};

/// Leads to the sign-in page, and back to the visitor's path and query afterwards.
///
/// On the server it is a redirect of the response (status 302), inside of a route and unless a part of the page was sent
/// already: not below a `<Suspense>`. Elsewhere the browser goes there, once the app runs. To protect a whole page,
/// [`ProtectPaths`](crate::ProtectPaths) is simpler.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{RedirectToSignIn, Show, When};
///
/// #[component]
/// fn Members() -> impl IntoView {
///     view! { <Show when=When::SignedIn fallback=|| view! { <RedirectToSignIn /> }>"Welcome!"</Show> }
/// }
/// ```
#[component]
pub fn RedirectToSignIn(
    /// Where to go afterwards unless one of the others says so. Default: the current path and query.
    #[prop(optional, into)]
    redirect_url: Option<String>,
    /// Where to go after signing in, whatever else is asked for.
    #[prop(optional, into)]
    sign_in_force_redirect_url: Option<String>,
    /// Where to go after signing in if nothing else is asked for.
    #[prop(optional, into)]
    sign_in_fallback_redirect_url: Option<String>,
    /// Where to go after signing up instead, whatever else is asked for.
    #[prop(optional, into)]
    sign_up_force_redirect_url: Option<String>,
    /// Where to go after signing up instead if nothing else is asked for.
    #[prop(optional, into)]
    sign_up_fallback_redirect_url: Option<String>,
    /// What the form is filled in with.
    #[prop(optional)]
    initial_values: InitialValues,
) -> impl IntoView {
    let mut parameters = Parameters::default();
    for (name, url) in [
        ("sign_in_force_redirect_url", sign_in_force_redirect_url),
        ("sign_in_fallback_redirect_url", sign_in_fallback_redirect_url),
        ("sign_up_force_redirect_url", sign_up_force_redirect_url),
        ("sign_up_fallback_redirect_url", sign_up_fallback_redirect_url),
    ] {
        if let Some(url) = url {
            parameters.add(name, &url);
        }
    }
    parameters.add_values(initial_values);
    let mut url = FormUrl::new(Form::SignIn, parameters);
    url.redirect_url(redirect_url);
    go(url);
}

/// Leads to the sign-up page, and back to the visitor's path and query afterwards, see [`RedirectToSignIn`].
#[component]
pub fn RedirectToSignUp(
    /// Where to go afterwards unless one of the others says so. Default: the current path and query.
    #[prop(optional, into)]
    redirect_url: Option<String>,
    /// Where to go after signing up, whatever else is asked for.
    #[prop(optional, into)]
    sign_up_force_redirect_url: Option<String>,
    /// Where to go after signing up if nothing else is asked for.
    #[prop(optional, into)]
    sign_up_fallback_redirect_url: Option<String>,
    /// Where to go after signing in instead, whatever else is asked for.
    #[prop(optional, into)]
    sign_in_force_redirect_url: Option<String>,
    /// Where to go after signing in instead if nothing else is asked for.
    #[prop(optional, into)]
    sign_in_fallback_redirect_url: Option<String>,
    /// What the form is filled in with.
    #[prop(optional)]
    initial_values: InitialValues,
) -> impl IntoView {
    let mut parameters = Parameters::default();
    for (name, url) in [
        ("sign_up_force_redirect_url", sign_up_force_redirect_url),
        ("sign_up_fallback_redirect_url", sign_up_fallback_redirect_url),
        ("sign_in_force_redirect_url", sign_in_force_redirect_url),
        ("sign_in_fallback_redirect_url", sign_in_fallback_redirect_url),
    ] {
        if let Some(url) = url {
            parameters.add(name, &url);
        }
    }
    parameters.add_values(initial_values);
    let mut url = FormUrl::new(Form::SignUp, parameters);
    url.redirect_url(redirect_url);
    go(url);
}

/// Leads users whose session has tasks left to do to those tasks, and nobody else.
///
/// On the server it is a redirect to the tasks below the sign-in page, see [`RedirectToSignIn`]; in the browser clerk-js knows the
/// page of each task.
#[component]
pub fn RedirectToTasks(
    /// Where to go once there are no more tasks. Default: the current path and query.
    #[prop(optional, into)]
    redirect_url: Option<String>,
) -> impl IntoView {
    if use_clerk().auth.with_untracked(is_pending) {
        go_to_tasks(redirect_url);
    }
}

/// Has clerk-js lead to one of the pages that the Clerk dashboard names.
fn call(method: &'static str) {
    when_loaded(use_clerk(), move || {
        clerk_js::open(method, &Props::default());
    });
}

/// Leads to the page of the user's profile that the Clerk dashboard names, once clerk-js is loaded. Deprecated at Clerk in
/// favour of the method of clerk-js.
#[component]
pub fn RedirectToUserProfile() -> impl IntoView {
    call("redirectToUserProfile");
}

/// Leads to the page of the organization's profile that the Clerk dashboard names, once clerk-js is loaded. Deprecated
/// at Clerk in favour of the method of clerk-js.
#[component]
pub fn RedirectToOrganizationProfile() -> impl IntoView {
    call("redirectToOrganizationProfile");
}

/// Leads to the page to create an organization that the Clerk dashboard names, once clerk-js is loaded. Deprecated at
/// Clerk in favour of the method of clerk-js.
#[component]
pub fn RedirectToCreateOrganization() -> impl IntoView {
    call("redirectToCreateOrganization");
}

/// Completes signing in or up by a social connection: the page to which Clerk leads back, such as `/sso-callback`, where
/// the app has forms of its own. Clerk's forms need none.
#[component]
pub fn AuthenticateWithRedirectCallback(
    /// The sign-in page, for what is left to do. Default: that of the options.
    #[prop(optional, into)]
    sign_in_url: Option<String>,
    /// The sign-up page, for what is left to do. Default: that of the options.
    #[prop(optional, into)]
    sign_up_url: Option<String>,
    /// The page that asks for what is missing to sign up.
    #[prop(optional, into)]
    continue_sign_up_url: Option<String>,
    /// The page that asks for a first factor.
    #[prop(optional, into)]
    first_factor_url: Option<String>,
    /// The page that asks for a second factor.
    #[prop(optional, into)]
    second_factor_url: Option<String>,
    /// The page that asks for a new password.
    #[prop(optional, into)]
    reset_password_url: Option<String>,
    /// Where to go after signing in, whatever else is asked for.
    #[prop(optional, into)]
    sign_in_force_redirect_url: Option<String>,
    /// Where to go after signing in if nothing else is asked for.
    #[prop(optional, into)]
    sign_in_fallback_redirect_url: Option<String>,
    /// Where to go after signing up, whatever else is asked for.
    #[prop(optional, into)]
    sign_up_force_redirect_url: Option<String>,
    /// Where to go after signing up if nothing else is asked for.
    #[prop(optional, into)]
    sign_up_fallback_redirect_url: Option<String>,
    /// Whether a sign-in without an account becomes a sign-up. Default: it does.
    #[prop(optional)]
    transferable: Option<bool>,
    /// Further parameters of `Clerk.handleRedirectCallback`. The props above win over it.
    #[prop(optional, into)]
    raw: Json,
) -> impl IntoView {
    let mut props = Props::new(raw, Json::default());
    for (name, url) in [
        ("signInUrl", sign_in_url),
        ("signUpUrl", sign_up_url),
        ("continueSignUpUrl", continue_sign_up_url),
        ("firstFactorUrl", first_factor_url),
        ("secondFactorUrl", second_factor_url),
        ("resetPasswordUrl", reset_password_url),
        ("signInForceRedirectUrl", sign_in_force_redirect_url),
        ("signInFallbackRedirectUrl", sign_in_fallback_redirect_url),
        ("signUpForceRedirectUrl", sign_up_force_redirect_url),
        ("signUpFallbackRedirectUrl", sign_up_fallback_redirect_url),
    ] {
        props.text(name, url);
    }
    props.flag("transferable", transferable);
    when_loaded(use_clerk(), move || {
        clerk_js::open("handleRedirectCallback", &props);
    });
}
