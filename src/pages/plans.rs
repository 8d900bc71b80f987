use leptos::prelude::*;
use leptos_meta::Title;

use leptos_clerk::PricingTable;

/// The subscription plans, with checkout.
#[component]
pub fn Plans() -> impl IntoView {
    view! {
        <Title text="Plans" />
        <section class="page-head">
            <h1>"Plans"</h1>
            <p class="lead">"Start free. Move up when you need more, and back whenever you like."</p>
        </section>
        <PricingTable />
        <p class="without-scripts">"Choosing a plan needs JavaScript."</p>
    }
}
