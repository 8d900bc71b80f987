use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    location::Url,
};

use leptos_clerk::use_clerk;

/// Shows its children to signed-in visitors only and sends the others to the sign-in page, from
/// which they come back. This guards navigation in the browser; the server guards its own answers
/// by [`PROTECTED`](crate::app::PROTECTED).
#[component]
pub fn Protected(children: ChildrenFn) -> impl IntoView {
    let clerk = use_clerk();
    let location = use_location();
    let navigate = use_navigate();
    let allowed = Memo::new(move |_| clerk.is_signed_in());
    Effect::new(move |_| {
        if clerk.is_settled() && !allowed.get() {
            let back = location.pathname.get_untracked();
            let to = format!(
                "{}?redirect_url={}",
                clerk.options().sign_in_url,
                Url::escape(&back)
            );
            navigate(
                &to,
                NavigateOptions {
                    replace: true,
                    ..NavigateOptions::default()
                },
            );
        }
    });
    view! { <Show when=move || allowed.get()>{children()}</Show> }
}
