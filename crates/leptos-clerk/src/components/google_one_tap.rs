use leptos::prelude::*;

use crate::{clerk_js, json::Json, props::Props, runtime::when_loaded, store::use_clerk};

/// Google's prompt to sign in with one tap, for signed-out visitors, on instances with a Google connection of their own.
///
/// A Content Security Policy has to allow the sources of <https://developers.google.com/identity/gsi/web/guides/get-google-api-clientid#content_security_policy>.
#[component]
pub fn GoogleOneTap(
    /// Whether a click beside the prompt closes it. Default: it does.
    #[prop(optional)]
    cancel_on_tap_outside: Option<bool>,
    /// Whether browsers with Intelligent Tracking Prevention show it too. Default: they do.
    #[prop(optional)]
    itp_support: Option<bool>,
    /// Whether to use the browser's Federated Credential Management. Default: it is used.
    #[prop(optional)]
    fed_cm_support: Option<bool>,
    /// Where to go after signing in. Default: nowhere.
    #[prop(optional, into)]
    sign_in_force_redirect_url: Option<String>,
    /// Where to go after signing up. Default: nowhere.
    #[prop(optional, into)]
    sign_up_force_redirect_url: Option<String>,
    /// Clerk's [`appearance`](https://clerk.com/docs/guides/customizing-clerk/appearance-prop/overview) of this component, as
    /// JSON.
    #[prop(optional, into)]
    appearance: Json,
    /// Further properties of [Clerk's component](https://clerk.com/docs/reference/components/authentication/google-one-tap). The
    /// props above win over it.
    #[prop(optional, into)]
    raw: Json,
) -> impl IntoView {
    let mut props = Props::new(raw, appearance);
    props.flag("cancelOnTapOutside", cancel_on_tap_outside);
    props.flag("itpSupport", itp_support);
    props.flag("fedCmSupport", fed_cm_support);
    props.text("signInForceRedirectUrl", sign_in_force_redirect_url);
    props.text("signUpForceRedirectUrl", sign_up_force_redirect_url);
    let is_open = StoredValue::new(false);
    when_loaded(use_clerk(), move || {
        is_open.set_value(clerk_js::open("openGoogleOneTap", &props));
    });
    on_cleanup(move || {
        if is_open.try_get_value() == Some(true) {
            clerk_js::open("closeGoogleOneTap", &Props::default());
        }
    });
}
