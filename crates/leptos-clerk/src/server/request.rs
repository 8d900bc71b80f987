//! Who makes the request, and whether they may.

use clerk_auth::{Auth, Check, Refusal, User, UserSource, UserUnavailable};
use http::request::Parts;
use leptos::{logging::error, reactive::owner::with_context};

use super::ClerkServerError;

/// Who makes the request that is being answered: `auth()` of `@clerk/nextjs`. On the server, in components that are being
/// rendered, in resources and in server functions.
///
/// # Errors
///
/// [`ClerkServerError::MissingLayer`] outside of a request, or if it did not pass through `ClerkLayer` of axum-clerk.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ClerkServerError, auth};
///
/// #[server]
/// async fn greeting() -> Result<String, ClerkServerError> {
///     Ok(match auth()?.user_id() {
///         Some(user_id) => format!("Hello, {user_id}"),
///         None => "Hello, stranger".to_owned(),
///     })
/// }
/// ```
pub fn auth() -> Result<Auth, ClerkServerError> {
    with_auth(|auth, _| auth.clone())
}

/// Returns the caller if every condition of the check holds: `auth.protect()` of `@clerk/nextjs`. On the server, in
/// components that are being rendered, in resources and in server functions; since it is called where something is done,
/// it holds on each of these ways.
///
/// A server function whose error is this one answers 401, 403, 404 or 503. A page that is being rendered gets the same
/// status as long as its first byte has not been sent, and redirects a signed-out visitor to the sign-in page; it is sent
/// late enough if it waits for the resource (`Resource::new_blocking`). To only ask, which does not change the response,
/// use [`auth`] and [`Auth::has`].
///
/// # Errors
///
/// Why the caller is refused, or [`ClerkServerError::MissingLayer`] as for [`auth`].
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{AuthCheck, ClerkServerError, Reverification, protect};
///
/// #[server]
/// async fn delete_team(team: String) -> Result<(), ClerkServerError> {
///     let check = AuthCheck::permission("org:team:manage").within(Reverification::strict());
///     let who = protect(check).await?;
///     leptos::logging::log!("{} deletes {team}", who.user_id);
///     Ok(())
/// }
/// ```
pub async fn protect<C: Check>(check: C) -> Result<C::Caller, ClerkServerError> {
    with_auth(|auth, parts| {
        auth.protect(&check).cloned().map_err(|denied| {
            if let Some(refusal) = parts.extensions.get::<Refusal>() {
                refusal.refuse(denied);
            }
            denied.into()
        })
    })?
}

/// The profile of the user who makes the request: `currentUser()` of `@clerk/nextjs`. `None` if nobody is signed in. On
/// the server, as [`auth`].
///
/// It is the [`User`] in the request's extensions, such as a snapshot of axum-clerk's `UserSnapshots`, and else fetched
/// from Clerk's Backend API, or from the cache that `ClerkLayer` was given.
///
/// # Errors
///
/// [`ClerkServerError::Unavailable`] if the user could not be fetched, and [`ClerkServerError::MissingLayer`] as for
/// [`auth`].
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ClerkServerError, current_user};
///
/// #[server]
/// async fn my_name() -> Result<Option<String>, ClerkServerError> {
///     let user = current_user().await?;
///     Ok(user.map(|user| user.display_name()))
/// }
/// ```
pub async fn current_user() -> Result<Option<User>, ClerkServerError> {
    let known = with_auth(|auth, parts| {
        let extensions = &parts.extensions;
        let Some(user_id) = auth.user_id() else {
            return Ok(None);
        };
        match (extensions.get::<User>(), extensions.get::<UserSource>()) {
            (Some(user), _) => Ok(Some(Err(user.clone()))),
            (None, Some(users)) => Ok(Some(Ok(users.user(user_id)))),
            (None, None) => Err(missing_layer()),
        }
    })??;
    match known {
        None => Ok(None),
        Some(Err(user)) => Ok(Some(user)),
        Some(Ok(fetch)) => fetch
            .await
            .map_err(|UserUnavailable { .. }| ClerkServerError::Unavailable),
    }
}

fn with_auth<T>(ask: impl FnOnce(&Auth, &Parts) -> T) -> Result<T, ClerkServerError> {
    with_context(|parts: &Parts| parts.extensions.get().map(|auth| ask(auth, parts)))
        .flatten()
        .ok_or_else(missing_layer)
}

fn missing_layer() -> ClerkServerError {
    error!(
        "Clerk: the request did not pass through a ClerkLayer: add `.layer(ClerkLayer::new(clerk))` to the router, and \
         handle server functions through leptos_axum."
    );
    ClerkServerError::MissingLayer
}
