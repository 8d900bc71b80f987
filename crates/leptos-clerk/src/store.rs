use std::sync::Arc;

use clerk_auth::{Auth, ClientOptions, SignedOut, User};
use leptos::prelude::*;

use crate::{
    clerk_api_error::ClerkApiError,
    clerk_js::{self, Argument},
    initial_state::InitialState,
    json::Json,
    localization::Localization,
    props::Props,
    runtime,
    session_params::{GetTokenOptions, HandleEmailLinkVerificationParams, SetActiveParams},
};

/// How far loading clerk-js has come in this page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadStatus {
    /// clerk-js is being loaded. The status on the server, always.
    #[default]
    Loading,
    /// clerk-js is loaded, and the store follows it.
    Ready,
    /// The scripts or the Frontend API could not be reached. [`Clerk::retry`] tries again.
    Failed,
}

/// The store: signals that follow clerk-js, and the calls of clerk-js that need no component. Cheap to copy; get it with
/// [`use_clerk`].
#[derive(Clone, Copy, Debug)]
pub struct Clerk {
    pub(crate) auth: RwSignal<Auth>,
    pub(crate) user: RwSignal<Option<User>>,
    pub(crate) settled: RwSignal<bool>,
    pub(crate) status: RwSignal<LoadStatus>,
    /// How often loading was tried again.
    pub(crate) attempt: RwSignal<u32>,
    pub(crate) options: StoredValue<Arc<ClientOptions>>,
}

impl Clerk {
    /// `settled` is whether the state says who is signed in, or clerk-js has yet to find out.
    pub(crate) fn new(state: InitialState, settled: bool) -> Self {
        Self {
            auth: RwSignal::new(state.auth),
            user: RwSignal::new(state.user),
            settled: RwSignal::new(settled),
            status: RwSignal::new(LoadStatus::Loading),
            attempt: RwSignal::new(0),
            options: StoredValue::new(state.options),
        }
    }

    /// The authentication object: what the server decided, then what clerk-js says. Reactive.
    #[must_use]
    pub fn auth(self) -> Auth {
        self.auth.get()
    }

    /// Whether a user is signed in. A pending session counts as signed out. Reactive.
    #[must_use]
    pub fn is_signed_in(self) -> bool {
        self.auth.with(Auth::is_signed_in)
    }

    /// Whether [`auth`](Self::auth) can be relied on: not while clerk-js switches from one session to another. In a
    /// client-rendered app, not before clerk-js has loaded either. Reactive.
    #[must_use]
    pub fn is_settled(self) -> bool {
        self.settled.get()
    }

    /// How far loading clerk-js has come. Reactive.
    #[must_use]
    pub fn status(self) -> LoadStatus {
        self.status.get()
    }

    /// The options that clerk-js is loaded with.
    #[must_use]
    pub fn options(self) -> Arc<ClientOptions> {
        self.options.get_value()
    }

    /// Signs out all sessions of this browser and goes to the `after_sign_out_url` of the provider. Does nothing on the
    /// server and before clerk-js is ready.
    pub fn sign_out(self) {
        clerk_js::sign_out(&Props::default());
    }

    /// A session token to send as `Authorization: Bearer`, fresh enough to be used at once. `None` while nobody is
    /// signed in.
    ///
    /// # Errors
    ///
    /// The token could not be fetched: there is no such template, the network is down (`clerk_offline`), or clerk-js is not
    /// loaded, as on the server (`clerk_not_loaded`).
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use leptos_clerk::{GetTokenOptions, use_clerk};
    ///
    /// #[component]
    /// fn Connect() -> impl IntoView {
    ///     let clerk = use_clerk();
    ///     let connect = Action::new(move |(): &()| async move {
    ///         let token = clerk.get_token(GetTokenOptions::new().template("database")).await?;
    ///         // Use the token, if there is one.
    ///         Ok::<_, leptos_clerk::ClerkApiError>(token.is_some())
    ///     });
    ///     view! { <button on:click=move |_| { connect.dispatch(()); }>"Connect"</button> }
    /// }
    /// ```
    pub async fn get_token(self, options: GetTokenOptions) -> Result<Option<String>, ClerkApiError> {
        if self.status.try_get_untracked() != Some(LoadStatus::Ready) {
            return Err(ClerkApiError::not_loaded());
        }
        let token = clerk_js::get_token(&options.0);
        drop(options);
        token.await
    }

    /// Switches to another session or organization, without a reload: the signals follow, and so does the server from the next
    /// request on.
    ///
    /// # Errors
    ///
    /// The visitor has no such session, or is no member of the organization; or clerk-js is not loaded, as on the server
    /// (`clerk_not_loaded`).
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use leptos_clerk::{SetActiveParams, use_clerk, use_organization_list};
    ///
    /// #[component]
    /// fn Switcher() -> impl IntoView {
    ///     let clerk = use_clerk();
    ///     let list = use_organization_list();
    ///     let switch = Action::new(move |id: &String| clerk.set_active(SetActiveParams::new().organization(id)));
    ///     let entries = move || {
    ///         let memberships = list.user_memberships();
    ///         memberships.into_iter().map(|membership| {
    ///             let id = membership.organization.id;
    ///             let switch = move |_| { switch.dispatch(id.clone()); };
    ///             view! { <button on:click=switch>{membership.organization.name}</button> }
    ///         }).collect_view()
    ///     };
    ///     view! { {entries} }
    /// }
    /// ```
    pub async fn set_active(self, params: SetActiveParams) -> Result<(), ClerkApiError> {
        clerk_js::invoke(&[], "setActive", params.into()).await.map(drop)
    }

    /// Completes a sign-in or sign-up on the page that a link in an e-mail leads to, and goes on from there. The link is sent with
    /// [`use_email_link`](crate::use_email_link).
    ///
    /// # Errors
    ///
    /// The link cannot be used: [`ClerkApiError::email_link_error_code`] says why. Or clerk-js is not loaded, as on the server
    /// (`clerk_not_loaded`).
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use leptos_clerk::{ClerkLoaded, HandleEmailLinkVerificationParams, use_clerk};
    ///
    /// #[component]
    /// fn VerifyEmail() -> impl IntoView {
    ///     view! { <ClerkLoaded><Verify /></ClerkLoaded> }
    /// }
    ///
    /// #[component]
    /// fn Verify() -> impl IntoView {
    ///     let clerk = use_clerk();
    ///     let (elsewhere, set_elsewhere) = signal(false);
    ///     let verified = LocalResource::new(move || {
    ///         let params = HandleEmailLinkVerificationParams::new()
    ///             .redirect_url("/sign-in")
    ///             .redirect_url_complete("/")
    ///             .on_verified_on_other_device(move || set_elsewhere.set(true));
    ///         clerk.handle_email_link_verification(params)
    ///     });
    ///     view! {
    ///         {move || elsewhere.get().then_some("Go on in the browser that you came from.")}
    ///         {move || verified.get().and_then(Result::err).map(|error| error.to_string())}
    ///     }
    /// }
    /// ```
    pub async fn handle_email_link_verification(
        self,
        params: HandleEmailLinkVerificationParams,
    ) -> Result<(), ClerkApiError> {
        clerk_js::invoke(&[], "handleEmailLinkVerification", params.into())
            .await
            .map(drop)
    }

    /// Fetches the signed-in user from Clerk again, after your server has changed them: `user.reload()` in Clerk's JavaScript SDKs.
    /// [`use_user`] follows.
    ///
    /// # Errors
    ///
    /// The user could not be fetched, nobody is signed in, or clerk-js is not loaded, as on the server (`clerk_not_loaded`).
    ///
    /// ```
    /// use leptos::{prelude::*, task::spawn_local};
    /// use leptos_clerk::{ClerkServerError, use_clerk};
    /// # #[server] async fn save_colour() -> Result<(), ClerkServerError> { Ok(()) }
    ///
    /// #[component]
    /// fn SaveColour() -> impl IntoView {
    ///     let clerk = use_clerk();
    ///     let save = move |_| {
    ///         spawn_local(async move {
    ///             if save_colour().await.is_ok() {
    ///                 let _ = clerk.reload_user().await;
    ///             }
    ///         });
    ///     };
    ///     view! { <button on:click=save>"Save"</button> }
    /// }
    /// ```
    pub async fn reload_user(self) -> Result<(), ClerkApiError> {
        clerk_js::invoke(&["user"], "reload", Argument::None).await?;
        runtime::follow_user(self);
        Ok(())
    }

    /// Whether organizations are turned on in the instance. `false` on the server and until clerk-js is ready, because only it
    /// knows. Reactive.
    #[must_use]
    pub fn organizations_enabled(self) -> bool {
        self.status() == LoadStatus::Ready && clerk_js::organizations_enabled()
    }

    /// Opens the sign-in form in a dialog over the page. Returns false while clerk-js is not ready.
    pub fn open_sign_in(self) -> bool {
        self.open("openSignIn", &Props::default())
    }

    /// Opens the sign-up form in a dialog over the page. Returns false while clerk-js is not ready.
    pub fn open_sign_up(self) -> bool {
        self.open("openSignUp", &Props::default())
    }

    /// Calls a method of clerk-js that opens something. Returns false while clerk-js is not ready, and where it refuses.
    pub(crate) fn open(self, method: &str, props: &Props) -> bool {
        self.status.get_untracked() == LoadStatus::Ready && clerk_js::open(method, props)
    }

    /// Changes the [`appearance`](https://clerk.com/docs/guides/customizing-clerk/appearance-prop/overview) of all components, such as for
    /// a theme that the visitor chose. Does nothing on the server and before clerk-js is ready.
    pub fn set_appearance(self, appearance: impl Into<Json>) {
        clerk_js::set_appearance(&appearance.into());
    }

    /// Changes the language of all components, and `lang` and `dir` of the document. Does nothing on the server and before
    /// clerk-js is ready.
    pub fn set_localization(self, localization: Localization) {
        clerk_js::set_localization(localization);
    }

    /// Loads clerk-js again after [`LoadStatus::Failed`].
    pub fn retry(self) {
        self.status.set(LoadStatus::Loading);
        self.attempt.update(|attempt| *attempt += 1);
    }
}

/// Whether a user is signed in whose session has tasks left to do.
pub(crate) const fn is_pending(auth: &Auth) -> bool {
    matches!(auth, Auth::SignedOut(SignedOut { is_pending: true, .. }))
}

/// The [`Clerk`] store of this app.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
#[must_use]
pub fn use_clerk() -> Clerk {
    expect_context::<Clerk>()
}

/// The authentication object as a signal: what the server decided, then what clerk-js says.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{Auth, use_auth};
///
/// #[component]
/// fn Greeting() -> impl IntoView {
///     let auth = use_auth();
///     move || match auth.with(|auth| auth.user_id().map(str::to_owned)) {
///         Some(id) => format!("Hello, {id}"),
///         None => "Hello, stranger".to_owned(),
///     }
/// }
/// ```
#[must_use]
pub fn use_auth() -> Signal<Auth> {
    use_clerk().auth.into()
}

/// The signed-in user's name, e-mail address, picture and public metadata as a signal.
///
/// On the server it is the [`User`] in the request's extensions. An application that puts none there gets `None` until
/// clerk-js has loaded.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
#[must_use]
pub fn use_user() -> Signal<Option<User>> {
    use_clerk().user.into()
}
