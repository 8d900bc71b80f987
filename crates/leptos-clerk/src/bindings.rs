//! Typed bindings to `window.Clerk`. Every call that can throw returns a `Result`.

// The code that wasm-bindgen generates is unsafe; this module holds nothing else.
#![allow(unsafe_code)]

use js_sys::Reflect;
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::HtmlDivElement;

#[wasm_bindgen]
extern "C" {
    /// The `Clerk` object of clerk-js.
    pub(super) type ClerkJs;

    #[wasm_bindgen(method, catch)]
    pub(super) async fn load(this: &ClerkJs, options: &JsValue) -> Result<JsValue, JsValue>;
    /// The current session: `undefined` or `null` when there is none.
    #[wasm_bindgen(method, getter)]
    pub(super) fn session(this: &ClerkJs) -> Option<SessionResource>;
    #[wasm_bindgen(method, catch, js_name = signOut)]
    pub(super) async fn sign_out(this: &ClerkJs) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = addListener)]
    pub(super) fn add_listener(
        this: &ClerkJs,
        listener: &Closure<dyn Fn(Resources)>,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = openSignIn)]
    pub(super) fn open_sign_in(this: &ClerkJs) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = openSignUp)]
    pub(super) fn open_sign_up(this: &ClerkJs) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = mountSignIn)]
    pub(super) fn mount_sign_in(
        this: &ClerkJs,
        node: &HtmlDivElement,
        props: &JsValue,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = unmountSignIn)]
    pub(super) fn unmount_sign_in(this: &ClerkJs, node: &HtmlDivElement) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = mountSignUp)]
    pub(super) fn mount_sign_up(
        this: &ClerkJs,
        node: &HtmlDivElement,
        props: &JsValue,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = unmountSignUp)]
    pub(super) fn unmount_sign_up(this: &ClerkJs, node: &HtmlDivElement) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = mountUserButton)]
    pub(super) fn mount_user_button(
        this: &ClerkJs,
        node: &HtmlDivElement,
        props: &JsValue,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = unmountUserButton)]
    pub(super) fn unmount_user_button(this: &ClerkJs, node: &HtmlDivElement) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = mountUserProfile)]
    pub(super) fn mount_user_profile(
        this: &ClerkJs,
        node: &HtmlDivElement,
        props: &JsValue,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = unmountUserProfile)]
    pub(super) fn unmount_user_profile(this: &ClerkJs, node: &HtmlDivElement) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = mountPricingTable)]
    pub(super) fn mount_pricing_table(
        this: &ClerkJs,
        node: &HtmlDivElement,
        props: &JsValue,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = unmountPricingTable)]
    pub(super) fn unmount_pricing_table(this: &ClerkJs, node: &HtmlDivElement) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = mountWaitlist)]
    pub(super) fn mount_waitlist(
        this: &ClerkJs,
        node: &HtmlDivElement,
        props: &JsValue,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = unmountWaitlist)]
    pub(super) fn unmount_waitlist(this: &ClerkJs, node: &HtmlDivElement) -> Result<(), JsValue>;

    /// What a listener is told: the current session and user. `undefined` while Clerk moves from
    /// one to another, `null` when there is none.
    pub(super) type Resources;
    #[wasm_bindgen(method, getter)]
    pub(super) fn session(this: &Resources) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(super) fn user(this: &Resources) -> Option<UserResource>;

    pub(super) type SessionResource;
    #[wasm_bindgen(method, getter)]
    pub(super) fn id(this: &SessionResource) -> String;
    #[wasm_bindgen(method, getter)]
    pub(super) fn status(this: &SessionResource) -> String;
    #[wasm_bindgen(method, catch, js_name = getToken)]
    pub(super) async fn get_token(this: &SessionResource) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, js_name = lastActiveToken)]
    pub(super) fn last_active_token(this: &SessionResource) -> Option<TokenResource>;

    pub(super) type TokenResource;
    #[wasm_bindgen(method, getter)]
    pub(super) fn jwt(this: &TokenResource) -> Option<Jwt>;

    pub(super) type Jwt;
    #[wasm_bindgen(method, getter)]
    pub(super) fn claims(this: &Jwt) -> JsValue;

    pub(super) type UserResource;
    #[wasm_bindgen(method, getter)]
    pub(super) fn id(this: &UserResource) -> String;
    #[wasm_bindgen(method, getter, js_name = firstName)]
    pub(super) fn first_name(this: &UserResource) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = lastName)]
    pub(super) fn last_name(this: &UserResource) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn username(this: &UserResource) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = imageUrl)]
    pub(super) fn image_url(this: &UserResource) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = primaryEmailAddress)]
    pub(super) fn primary_email_address(this: &UserResource) -> Option<EmailAddressResource>;

    pub(super) type EmailAddressResource;
    #[wasm_bindgen(method, getter, js_name = emailAddress)]
    pub(super) fn email_address(this: &EmailAddressResource) -> String;
}

/// A property of `window`, unless it is missing. Read afresh on every call: the scripts that set
/// these run at their own time.
fn global(name: &str) -> Option<JsValue> {
    let value = Reflect::get(&js_sys::global(), &name.into()).ok()?;
    value.is_truthy().then_some(value)
}

/// `window.Clerk`, once clerk-js has run.
pub(super) fn clerk() -> Option<ClerkJs> {
    global("Clerk").map(JsCast::unchecked_into)
}

/// The constructor that `@clerk/ui` leaves for `Clerk.load`.
pub(super) fn clerk_ui() -> Option<JsValue> {
    global("__internal_ClerkUICtor")
}
