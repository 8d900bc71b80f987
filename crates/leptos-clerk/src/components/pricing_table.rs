use super::declare::clerk_component;

clerk_component! {
    /// The plans of the instance, with checkout.
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use leptos_clerk::{CtaPosition, PricingTable};
    ///
    /// #[component]
    /// fn TeamPlans() -> impl IntoView {
    ///     view! { <PricingTable for_organization=true highlighted_plan="team" cta_position=CtaPosition::Top /> }
    /// }
    /// ```
    PricingTable(PricingTableProps) at "pricing-table", documented at "billing/pricing-table";
    /// Whether to show the plans of the active organization instead of those of the user.
    for_organization: organization;
    /// The slug of the plan that is marked as popular.
    highlighted_plan: text("highlightedPlan");
    /// Where the button of each plan is. Default: at the bottom.
    cta_position: word("ctaPosition", CtaPosition);
    /// Whether the features of each plan are folded up.
    collapse_features: flag("collapseFeatures");
    /// Where to go after a checkout.
    new_subscription_redirect_url: text("newSubscriptionRedirectUrl");
    /// Properties of the checkout: its appearance.
    checkout_props: json("checkoutProps");
}
