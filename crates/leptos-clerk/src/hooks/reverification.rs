//! `use_reverification`.

use std::{error::Error, fmt, pin::Pin};

use clerk_auth::ReverificationLevel;

use crate::{
    clerk_api_error::ClerkApiError,
    clerk_js::{Verification, reverify},
    server::ClerkServerError,
};

/// An error that can say that the visitor has to verify their identity again. Implement it for an error of your own to use it with
/// [`use_reverification`].
pub trait NeedsReverification {
    /// The factors that the visitor has to verify. `None` for any other error.
    fn needs_reverification(&self) -> Option<ReverificationLevel>;
}

impl NeedsReverification for ClerkServerError {
    fn needs_reverification(&self) -> Option<ReverificationLevel> {
        match self {
            Self::Reverification(reverification) => Some(reverification.level),
            _ => None,
        }
    }
}

impl NeedsReverification for ClerkApiError {
    /// Clerk's own API does not say which factors; its dialog asks for the second, or for the first if there is none.
    fn needs_reverification(&self) -> Option<ReverificationLevel> {
        (self.code == "session_reverification_required").then_some(ReverificationLevel::SecondFactor)
    }
}

/// Why an action with [`use_reverification`] has failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReverificationError<E> {
    /// The visitor has closed the dialog: `isReverificationCancelledError` of `@clerk/react`.
    Cancelled,
    /// What the action itself returned.
    Action(E),
}

impl<E: fmt::Display> fmt::Display for ReverificationError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("The verification was cancelled."),
            Self::Action(error) => error.fmt(f),
        }
    }
}

impl<E: Error + 'static> Error for ReverificationError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Cancelled => None,
            Self::Action(error) => error.source(),
        }
    }
}

type Reverified<T, E> = Pin<Box<dyn Future<Output = Result<T, ReverificationError<E>>> + Send>>;

/// Makes an action that needs a recent verification ask for it: when it fails with an error that
/// [says so](NeedsReverification), Clerk's dialog opens, and after the verification the action runs again, once.
///
/// The action takes one argument, which is cloned for the second run, and returns a future: a call of a server function that
/// [`protect`](https://docs.rs/leptos-clerk/latest/leptos_clerk/fn.protect.html)s with
/// [`AuthCheck::within`](crate::AuthCheck::within), or of clerk-js, such as
/// [`UseOrganization::call`](crate::UseOrganization::call). Where the dialog cannot open, such as for a visitor who is signed out, the
/// action's error is returned.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ClerkClient, ClerkServerError, Reverification, ReverificationError, use_reverification};
/// # use leptos_clerk::{AuthCheck, protect};
///
/// #[server(client = ClerkClient)]
/// async fn delete_team(team: String) -> Result<(), ClerkServerError> {
///     protect(AuthCheck::role("org:admin").within(Reverification::strict())).await?;
///     leptos::logging::log!("deletes {team}");
///     Ok(())
/// }
///
/// #[component]
/// fn DeleteTeam() -> impl IntoView {
///     let delete = use_reverification(delete_team);
///     let delete = Action::new(move |team: &String| delete(team.clone()));
///     let outcome = move || match delete.value().get()? {
///         Ok(()) => Some("Deleted.".to_owned()),
///         Err(ReverificationError::Cancelled) => None,
///         Err(ReverificationError::Action(error)) => Some(error.to_string()),
///     };
///     view! {
///         <button on:click=move |_| { delete.dispatch("acme".to_owned()); }>"Delete Acme"</button>
///         <p role="status">{outcome}</p>
///     }
/// }
/// ```
pub fn use_reverification<I, T, E, F, Fut>(
    action: F,
) -> impl Fn(I) -> Reverified<T, E> + Clone + Send + Sync + 'static
where
    I: Clone + Send + 'static,
    T: Send + 'static,
    E: NeedsReverification + Send + 'static,
    F: Fn(I) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
{
    move |input: I| -> Reverified<T, E> {
        let action = action.clone();
        Box::pin(async move {
            let error = match action(input.clone()).await {
                Ok(output) => return Ok(output),
                Err(error) => error,
            };
            let Some(level) = error.needs_reverification() else {
                return Err(ReverificationError::Action(error));
            };
            match reverify(level).await {
                Verification::Complete => action(input).await.map_err(ReverificationError::Action),
                Verification::Cancelled => Err(ReverificationError::Cancelled),
                Verification::NotStarted => Err(ReverificationError::Action(error)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use clerk_auth::Reverification;

    use super::*;

    #[test]
    fn errors_say_which_factors_they_need() {
        let strict = ClerkServerError::Reverification(Reverification::strict());
        assert_eq!(
            strict.needs_reverification(),
            Some(ReverificationLevel::SecondFactor)
        );
        assert_eq!(ClerkServerError::Forbidden.needs_reverification(), None);
        let api = ClerkApiError::new("session_reverification_required", "");
        assert_eq!(
            api.needs_reverification(),
            Some(ReverificationLevel::SecondFactor)
        );
        assert_eq!(ClerkApiError::new("unknown", "").needs_reverification(), None);
    }

    #[tokio::test]
    async fn without_a_dialog_the_error_of_the_action_is_returned() {
        let action = |error: Option<ClerkServerError>| async move { error.map_or(Ok(()), Err) };
        let action = use_reverification(action);
        assert_eq!(action(None).await, Ok(()));
        for error in [
            ClerkServerError::Forbidden,
            ClerkServerError::Reverification(Reverification::strict()),
        ] {
            let expected = Err(ReverificationError::Action(error.clone()));
            assert_eq!(action(Some(error)).await, expected);
        }
    }
}
