//! Typed bindings to `window.Clerk`. Every call that can throw returns a `Result`. Methods that are called by name,
//! such as `mountSignIn`, have none.

// The code that wasm-bindgen generates is unsafe; this module holds nothing else.
#![allow(unsafe_code)]

use js_sys::Reflect;
use wasm_bindgen::{JsCast, prelude::*};

#[wasm_bindgen]
extern "C" {
    /// The `Clerk` object of clerk-js.
    pub(crate) type ClerkJs;

    #[cfg(feature = "csr")]
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn load(this: &ClerkJs, options: &JsValue) -> Result<JsValue, JsValue>;
    /// The current session: `undefined` or `null` when there is none.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn session(this: &ClerkJs) -> Option<SessionResource>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn user(this: &ClerkJs) -> Option<UserResource>;
    #[wasm_bindgen(method, catch, js_name = signOut)]
    pub(crate) async fn sign_out(this: &ClerkJs, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = addListener)]
    pub(crate) fn add_listener(
        this: &ClerkJs,
        listener: &Closure<dyn Fn(Resources)>,
    ) -> Result<JsValue, JsValue>;

    /// What the inline script of `ClerkScripts` provides.
    #[cfg(not(feature = "csr"))]
    pub(crate) type Boot;
    /// Resolves once clerk-js is loaded. Attempt 0 is the load that the inline script started itself.
    #[cfg(not(feature = "csr"))]
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn load(this: &Boot, attempt: u32) -> Result<JsValue, JsValue>;
    /// Mounts the components that are not mounted, and from then on navigates by loading pages.
    #[cfg(not(feature = "csr"))]
    #[wasm_bindgen(method, catch)]
    pub(crate) fn abandon(this: &Boot) -> Result<(), JsValue>;

    /// The argument of listeners: the current session and user, each `null` when there is none and `undefined` while
    /// Clerk switches from one to another.
    pub(crate) type Resources;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn session(this: &Resources) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn user(this: &Resources) -> Option<UserResource>;

    pub(crate) type SessionResource;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn id(this: &SessionResource) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &SessionResource) -> String;
    #[wasm_bindgen(method, catch, js_name = getToken)]
    pub(crate) async fn get_token(this: &SessionResource, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, js_name = lastActiveToken)]
    pub(crate) fn last_active_token(this: &SessionResource) -> Option<TokenResource>;

    pub(crate) type TokenResource;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn jwt(this: &TokenResource) -> Option<Jwt>;

    pub(crate) type Jwt;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn claims(this: &Jwt) -> JsValue;

    pub(crate) type UserResource;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn id(this: &UserResource) -> String;
    #[wasm_bindgen(method, getter, js_name = firstName)]
    pub(crate) fn first_name(this: &UserResource) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = lastName)]
    pub(crate) fn last_name(this: &UserResource) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn username(this: &UserResource) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = imageUrl)]
    pub(crate) fn image_url(this: &UserResource) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = publicMetadata)]
    pub(crate) fn public_metadata(this: &UserResource) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = primaryEmailAddress)]
    pub(crate) fn primary_email_address(this: &UserResource) -> Option<EmailAddressResource>;

    /// The browser's own. That of web-sys would be a feature of it, with which everything above it is compiled again.
    pub(crate) type MutationObserver;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(callback: &JsValue) -> MutationObserver;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn observe(
        this: &MutationObserver,
        element: &JsValue,
        options: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    pub(crate) fn disconnect(this: &MutationObserver);

    pub(crate) type EmailAddressResource;
    #[wasm_bindgen(method, getter, js_name = emailAddress)]
    pub(crate) fn email_address(this: &EmailAddressResource) -> String;
}

/// Reads a property of `window` afresh: the scripts that set these may run at any time.
fn global(name: &str) -> Option<JsValue> {
    let value = Reflect::get(&js_sys::global(), &name.into()).ok()?;
    value.is_truthy().then_some(value)
}

/// `window.Clerk`, once clerk-js has run.
pub(crate) fn clerk() -> Option<ClerkJs> {
    global("Clerk").map(JsCast::unchecked_into)
}

/// What the inline script of `ClerkScripts` provides, if the page has it.
#[cfg(not(feature = "csr"))]
pub(crate) fn boot() -> Option<Boot> {
    global("leptosClerk").map(JsCast::unchecked_into)
}

/// The constructor that `@clerk/ui` provides for `Clerk.load`.
#[cfg(feature = "csr")]
pub(crate) fn clerk_ui() -> Option<JsValue> {
    global("__internal_ClerkUICtor")
}
