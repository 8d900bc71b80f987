use leptos::prelude::*;
use leptos_clerk::{
    CheckoutButton, CtaPosition, PlanDetailsButton, PlanPeriod, PricingTable, SubscriptionDetailsButton,
};
use leptos_router::hooks::use_query_map;

use super::Loading;

/// The plans of the user, or of the active organization: `?for=organization`.
pub fn pricing_table() -> AnyView {
    let for_organization = parameter("for") == "organization";
    view! {
        <PricingTable
            for_organization
            highlighted_plan="pro"
            cta_position=CtaPosition::Top
            fallback=Loading
        />
    }
    .into_any()
}

/// The checkout of the plan with the ID in the query: `?plan=cplan_…`.
pub fn checkout() -> AnyView {
    let (is_complete, set_complete) = signal(false);
    let (is_closed, set_closed) = signal(false);
    view! {
        <CheckoutButton
            plan_id=parameter("plan")
            plan_period=PlanPeriod::Month
            on_subscription_complete=move || set_complete.set(true)
            on_close=move || set_closed.set(true)
        >
            "Upgrade"
        </CheckoutButton>
        <p>{move || is_complete.get().then_some("Complete.")}</p>
        <p>{move || is_closed.get().then_some("Closed.")}</p>
    }
    .into_any()
}

pub fn plan_details() -> AnyView {
    view! { <PlanDetailsButton plan_id=parameter("plan")>"Details"</PlanDetailsButton> }.into_any()
}

pub fn subscription_details() -> AnyView {
    view! { <SubscriptionDetailsButton>"Your subscription"</SubscriptionDetailsButton> }.into_any()
}

pub fn parameter(name: &str) -> String {
    let query = use_query_map();
    query.with_untracked(|query| query.get(name)).unwrap_or_default()
}
