//! [`ClerkClient`]: how the browser calls server functions.

#[cfg(feature = "_browser")]
mod browser;
#[cfg(not(feature = "_browser"))]
mod server;

use futures_util::{Sink, Stream};
use leptos::server_fn::{
    Bytes,
    client::{Client, browser::BrowserClient},
    error::FromServerFnError,
    request::browser::BrowserRequest,
    response::browser::BrowserResponse,
};

#[cfg(feature = "_browser")]
use browser::send;
#[cfg(not(feature = "_browser"))]
use server::send;

/// Calls server functions as Leptos's own client does, but repeats a call that is refused because the session cookie was
/// stale: with a fresh session token in the `Authorization` header, once.
///
/// The cookie lasts for a minute. While the page is open, clerk-js renews it; after the machine has slept, or while
/// clerk-js was suspended in a background tab, the first call can still carry the old one. A call that is answered with
/// 401 has not run, so that it can be repeated. Where nobody is signed in, the answer stays what it is.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{AuthCheck, ClerkClient, ClerkServerError, protect};
///
/// #[server(client = ClerkClient)]
/// async fn rename_team(name: String) -> Result<(), ClerkServerError> {
///     let who = protect(AuthCheck::permission("org:team:manage")).await?;
///     leptos::logging::log!("{} renames the team to {name}", who.user_id);
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ClerkClient;

impl<E, I, O> Client<E, I, O> for ClerkClient
where
    E: FromServerFnError + Send,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: BrowserRequest) -> impl Future<Output = Result<BrowserResponse, E>> + Send {
        send(request)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl Sink<Bytes> + Send + 'static,
            ),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}
