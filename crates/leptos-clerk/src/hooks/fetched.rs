//! Data that a hook has clerk-js fetch.

#[cfg(feature = "_browser")]
mod browser;
#[cfg(not(feature = "_browser"))]
mod server;

use std::{fmt, rc::Rc};

use leptos::prelude::*;
use serde_json::Value;

#[cfg(feature = "_browser")]
use browser::start;
#[cfg(not(feature = "_browser"))]
use server::start;

use super::read;
use crate::{
    clerk_api_error::ClerkApiError,
    clerk_js::{Argument, Path},
    store::Clerk,
};

/// Data that clerk-js fetches once it has loaded, and again for another user or organization. Copy it freely; all of its
/// methods are reactive.
///
/// On the server and during hydration it is loading.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ForPayer, use_plans};
///
/// #[component]
/// fn Plans() -> impl IntoView {
///     let plans = use_plans(ForPayer::User);
///     let names = move || {
///         let plans = plans.data().map(|plans| plans.data).unwrap_or_default();
///         plans.into_iter().map(|plan| view! { <li>{plan.name}</li> }).collect_view()
///     };
///     view! {
///         <ul aria-busy=move || plans.is_loading().to_string()>{names}</ul>
///         {move || plans.error().map(|error| view! {
///             <p role="alert">{error.to_string()}</p>
///             <button on:click=move |_| plans.revalidate()>"Try again"</button>
///         })}
///     }
/// }
/// ```
pub struct Fetched<T: Send + Sync + 'static> {
    data: RwSignal<Option<T>>,
    error: RwSignal<Option<ClerkApiError>>,
    phase: RwSignal<Phase>,
    version: RwSignal<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing can be asked yet.
    Waiting,
    Fetching,
    Done,
}

impl<T: Send + Sync + 'static> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Fetched<T> {}

impl<T: Send + Sync + 'static> fmt::Debug for Fetched<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetched").finish_non_exhaustive()
    }
}

impl<T: Send + Sync + 'static> Fetched<T> {
    /// The data, which stay while they are fetched again. `None` until they are there, and where there is nothing to fetch, such as
    /// for nobody.
    #[must_use]
    pub fn data(self) -> Option<T>
    where
        T: Clone,
    {
        self.data.get()
    }

    /// Why the last fetch failed.
    #[must_use]
    pub fn error(self) -> Option<ClerkApiError> {
        self.error.get()
    }

    /// Whether there is neither data nor an error yet.
    #[must_use]
    pub fn is_loading(self) -> bool {
        self.phase.get() != Phase::Done && self.data.with(Option::is_none)
    }

    /// Whether data are being fetched, for the first time or again.
    #[must_use]
    pub fn is_fetching(self) -> bool {
        self.phase.get() == Phase::Fetching
    }

    /// Fetches the data again.
    pub fn revalidate(self) {
        self.version.update(|version| *version = version.wrapping_add(1));
    }
}

/// A method of clerk-js that fetches something.
#[cfg_attr(
    not(feature = "_browser"),
    expect(dead_code, reason = "only the browser fetches")
)]
pub(super) struct Request {
    pub(super) path: Path,
    pub(super) method: &'static str,
    pub(super) argument: Argument,
}

/// How far a fetch has come.
#[cfg_attr(
    not(feature = "_browser"),
    expect(dead_code, reason = "only the browser fetches")
)]
enum Step {
    Begun,
    Nothing,
    Answered(Result<Value, ClerkApiError>),
}

/// Fetches once clerk-js has loaded, and whenever a signal changes that the request reads. A request of `None`: there is nothing
/// to fetch.
pub(super) fn fetched<T>(
    clerk: Clerk,
    request: impl Fn() -> Option<Request> + 'static,
    read: fn(&Value) -> T,
) -> Fetched<T>
where
    T: Send + Sync + 'static,
{
    let fetched = Fetched {
        data: RwSignal::new(None),
        error: RwSignal::new(None),
        phase: RwSignal::new(Phase::Waiting),
        version: RwSignal::new(0),
    };
    let step = move |step: Step| match step {
        Step::Begun => fetched.phase.set(Phase::Fetching),
        Step::Nothing => {
            fetched.data.set(None);
            fetched.error.set(None);
            fetched.phase.set(Phase::Done);
        }
        Step::Answered(answer) => {
            match answer {
                Ok(value) => {
                    fetched.data.set(Some(read(&value)));
                    fetched.error.set(None);
                }
                Err(error) => fetched.error.set(Some(error)),
            }
            fetched.phase.set(Phase::Done);
        }
    };
    start(clerk, fetched.version, Box::new(request), Rc::new(step));
    fetched
}

/// One page of a list: Clerk's `ClerkPaginatedResponse`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClerkPaginatedResponse<T> {
    /// The entries of this page.
    pub data: Vec<T>,
    /// How many entries all pages have.
    pub total_count: u64,
}

/// Reads one page.
pub(super) fn page<T>(value: &Value, element: impl Fn(&Value) -> T) -> ClerkPaginatedResponse<T> {
    ClerkPaginatedResponse {
        data: read::list(value, "data", element),
        total_count: value
            .get("total_count")
            .and_then(Value::as_u64)
            .unwrap_or_default(),
    }
}

/// The IDs of the user and of the active organization.
pub(super) type Identity = Memo<(Option<String>, Option<String>)>;

/// Who is asking. Unlike the authentication object, this does not change with each token.
pub(super) fn identity(clerk: Clerk) -> Identity {
    Memo::new(move |_| {
        clerk.auth.with(|auth| {
            let org = auth.org().map(|org| org.id.clone());
            (auth.user_id().map(str::to_owned), org)
        })
    })
}
