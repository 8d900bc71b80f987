mod when;

use leptos::{children::ViewFn, either::Either, prelude::*};

use crate::store::{is_pending, use_auth};

pub use when::When;

/// Shows its children to the visitors that [`When`] describes, and `fallback` to all others: decided by the server, then
/// followed in the browser.
///
/// It only decides what is shown: data must be protected where it is served.
///
/// An explicit import has precedence over that of Leptos's own `Show`, which its prelude brings: `use leptos_clerk::Show;` below
/// `use leptos::prelude::*;`. A file that needs both writes `<leptos_clerk::Show>`.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{Auth, AuthCheck, Show, SignInButton, When};
///
/// #[component]
/// fn Team() -> impl IntoView {
///     let sign_in = || view! { <SignInButton>"Sign in"</SignInButton> };
///     view! {
///         <Show when=When::SignedIn fallback=sign_in>"Welcome!"</Show>
///         <Show when=When::permission("org:team:manage")>"You may manage the team."</Show>
///         <Show when=AuthCheck::role("org:admin").and_plan("pro")>"You administrate a pro team."</Show>
///         <Show when=|auth: &Auth| auth.org().is_some()>"You act for a team."</Show>
///     }
/// }
/// ```
#[component]
pub fn Show<C>(
    /// To whom the children are shown.
    #[prop(into)]
    when: When,
    /// What others see. Default: nothing.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// Whether users whose session has tasks left to do count as signed out. Otherwise they count as signed in, but have no
    /// role, permission, feature or plan yet.
    #[prop(default = true)]
    treat_pending_as_signed_out: bool,
    children: TypedChildrenFn<C>,
) -> impl IntoView
where
    C: IntoView + 'static,
{
    let auth = use_auth();
    let children = children.into_inner();
    let is_met = Memo::new(move |_| {
        auth.with(|auth| when.is_met(auth, !treat_pending_as_signed_out && is_pending(auth)))
    });
    move || {
        if is_met.get() {
            Either::Left(children())
        } else {
            Either::Right(fallback.run())
        }
    }
}
