use leptos::prelude::*;
use leptos_clerk::PricingTable;
use leptos_meta::Title;

use crate::components::Placeholder;

/// The subscription plans, with checkout.
#[component]
pub fn Plans() -> impl IntoView {
    view! {
        <Title text="Plans" />
        <section class="page-head">
            <h1>"Plans"</h1>
            <p class="lead">"Start for free. Upgrade when you need more, and downgrade whenever you like."</p>
        </section>
        <PricingTable fallback=Placeholder />
        <p class="without-scripts">"Choosing a plan needs JavaScript."</p>
    }
}
