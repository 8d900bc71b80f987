#[cfg(not(feature = "ssr"))]
mod browser;
#[cfg(feature = "ssr")]
mod server;

use leptos::prelude::*;
use leptos_clerk::PricingTable;
use leptos_meta::Title;

#[cfg(not(feature = "ssr"))]
use browser::cards;
#[cfg(feature = "ssr")]
use server::cards;

use crate::components::Placeholder;

/// The subscription plans: first as the server knows them, then with checkout. Both have the same place in the page, so
/// that nothing moves.
#[component]
pub fn Plans() -> impl IntoView {
    view! {
        <Title text="Plans" />
        <section class="page-head">
            <h1>"Plans"</h1>
            <p class="lead">"Start for free. Upgrade when you need more, and downgrade whenever you like."</p>
        </section>
        <div class="plans">
            <div class="plan-cards" inner_html=cards()></div>
            <PricingTable fallback=Placeholder />
        </div>
        <p class="without-scripts">"Choosing a plan needs JavaScript."</p>
    }
}
