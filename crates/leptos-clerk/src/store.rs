use leptos::prelude::*;

use clerk_auth::{Auth, ClientOptions, User};

use super::{InitialState, platform};

/// How far clerk-js has come in this page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoadStatus {
    #[default]
    Loading,
    Ready,
    /// The scripts or the Frontend API could not be reached.
    Failed,
}

/// The signals that follow clerk-js. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Clerk {
    pub(super) auth: RwSignal<Auth>,
    pub(super) user: RwSignal<Option<User>>,
    pub(super) settled: RwSignal<bool>,
    pub(super) status: RwSignal<LoadStatus>,
    /// How often loading was tried again.
    pub(super) attempt: RwSignal<u32>,
    pub(super) options: StoredValue<ClientOptions>,
}

impl Clerk {
    fn new(state: InitialState) -> Self {
        Self {
            auth: RwSignal::new(state.auth),
            user: RwSignal::new(state.user),
            settled: RwSignal::new(true),
            status: RwSignal::new(LoadStatus::Loading),
            attempt: RwSignal::new(0),
            options: StoredValue::new(state.options),
        }
    }

    /// Who is asking, in step with clerk-js.
    #[must_use]
    pub fn auth(self) -> Auth {
        self.auth.get()
    }

    /// Whether somebody is signed in. A pending session counts as signed out.
    #[must_use]
    pub fn is_signed_in(self) -> bool {
        self.auth.with(Auth::is_signed_in)
    }

    /// False while clerk-js moves from one session to another and neither holds.
    #[must_use]
    pub fn is_settled(self) -> bool {
        self.settled.get()
    }

    #[must_use]
    pub fn status(self) -> LoadStatus {
        self.status.get()
    }

    #[must_use]
    pub fn options(self) -> ClientOptions {
        self.options.get_value()
    }

    /// Signs out of this browser and goes to the home page.
    pub fn sign_out(self) {
        platform::sign_out();
    }

    /// A session token to send as `Authorization: Bearer`, fresh enough to be used at once. None while
    /// nobody is signed in, and on the server.
    pub async fn get_token(self) -> Option<String> {
        platform::get_token().await
    }

    /// Opens the sign-in form over the page. Returns false while clerk-js is not ready.
    pub fn open_sign_in(self) -> bool {
        self.status.get_untracked() == LoadStatus::Ready && platform::open_sign_in()
    }

    /// Opens the sign-up form over the page. Returns false while clerk-js is not ready.
    pub fn open_sign_up(self) -> bool {
        self.status.get_untracked() == LoadStatus::Ready && platform::open_sign_up()
    }

    /// Tries again after [`LoadStatus::Failed`].
    pub fn retry(self) {
        self.status.set(LoadStatus::Loading);
        self.attempt.update(|attempt| *attempt += 1);
    }
}

/// Puts the [`Clerk`] store into context. Call it once, at the root of the app.
pub fn provide_clerk() {
    provide_context(Clerk::new(InitialState::from_context()));
}

/// The [`Clerk`] store of this app.
///
/// # Panics
/// When no component above called [`provide_clerk`].
#[must_use]
pub fn use_clerk() -> Clerk {
    expect_context::<Clerk>()
}

/// Who is asking, as a signal.
#[must_use]
pub fn use_auth() -> Signal<Auth> {
    use_clerk().auth.into()
}

/// The signed-in user's name, address and picture, as a signal.
#[must_use]
pub fn use_user() -> Signal<Option<User>> {
    use_clerk().user.into()
}
