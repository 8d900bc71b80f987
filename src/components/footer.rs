use leptos::prelude::*;
use leptos_clerk::use_clerk;

/// The foot of every page, which says when the app runs against the local Clerk.
#[component]
pub fn Footer() -> impl IntoView {
    let local = use_clerk().options().local;
    view! {
        <footer class="site-footer">
            <div class="bar">
                <p>"Rendered in Rust on the server, hydrated with WebAssembly in the browser."</p>
                {local
                    .then(|| {
                        view! {
                            <p class="tag" title="Accounts, codes and cards exist on this machine only">
                                "Local Clerk, not Clerk"
                            </p>
                        }
                    })}
            </div>
        </footer>
    }
}
