use leptos::prelude::*;

use leptos_clerk::use_clerk;

/// The foot of every page; says so where the local Clerk stands in for Clerk.
#[component]
pub fn Footer() -> impl IntoView {
    let local = use_clerk().options().local;
    view! {
        <footer class="site-footer">
            <div class="bar">
                <p>"Rendered in Rust on the server, alive in the browser through WebAssembly."</p>
                {local
                    .then(|| {
                        view! {
                            <p class="tag" title="Accounts, codes and cards live on this machine only">
                                "Local Clerk, not Clerk"
                            </p>
                        }
                    })}
            </div>
        </footer>
    }
}
