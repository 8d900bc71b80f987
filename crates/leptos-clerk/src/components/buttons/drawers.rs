//! Buttons that open one of Clerk's drawers or dialogs.

use leptos::prelude::*;

use crate::{
    components::PlanPeriod,
    json::Json,
    props::Props,
    store::{LoadStatus, use_clerk},
};

/// A button that calls a method of clerk-js, disabled until clerk-js is ready.
fn drawer_button(method: &'static str, props: Props, class: String, children: Children) -> impl IntoView {
    let clerk = use_clerk();
    view! {
        <button
            type="button"
            class=class
            disabled=move || clerk.status() != LoadStatus::Ready
            on:click=move |_| {
                clerk.open(method, &props);
            }
        >
            {children()}
        </button>
    }
}

/// A button that opens the checkout of a plan, for signed-in users. Experimental at Clerk.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{CheckoutButton, PlanPeriod, Show, When};
///
/// #[component]
/// fn Upgrade() -> impl IntoView {
///     let (is_done, set_done) = signal(false);
///     view! {
///         <Show when=When::SignedIn>
///             <CheckoutButton
///                 plan_id="cplan_123"
///                 plan_period=PlanPeriod::Month
///                 on_subscription_complete=move || set_done.set(true)
///             >
///                 "Upgrade"
///             </CheckoutButton>
///         </Show>
///         {move || is_done.get().then_some("Thank you!")}
///     }
/// }
/// ```
#[component]
pub fn CheckoutButton(
    /// The ID of the plan, `cplan_…`.
    #[prop(into)]
    plan_id: String,
    /// How often it is paid for. Default: every month.
    #[prop(optional)]
    plan_period: Option<PlanPeriod>,
    /// Whether the active organization subscribes instead of the user.
    #[prop(optional)]
    for_organization: bool,
    /// The number of seats, for a plan that is paid for by seat.
    #[prop(optional)]
    seats_quantity: Option<u32>,
    /// The ID of the price, for a plan that has several.
    #[prop(optional, into)]
    price_id: Option<String>,
    /// Where "Continue" leads after the checkout.
    #[prop(optional, into)]
    new_subscription_redirect_url: Option<String>,
    /// What to run once the subscription is complete.
    #[prop(optional, into)]
    on_subscription_complete: Option<Callback<()>>,
    /// What to run when the drawer is closed.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    /// The CSS classes of the button.
    #[prop(optional, into)]
    class: String,
    /// Clerk's [`appearance`](https://clerk.com/docs/guides/customizing-clerk/appearance-prop/overview) of the drawer, as JSON.
    #[prop(optional, into)]
    appearance: Json,
    /// Further properties of the drawer: `checkoutProps` in `@clerk/react`. The props above win over it.
    #[prop(optional, into)]
    raw: Json,
    children: Children,
) -> impl IntoView {
    let mut props = Props::new(raw, appearance);
    props.text("planId", Some(plan_id));
    props.word(
        "planPeriod",
        Some(plan_period.unwrap_or(PlanPeriod::Month).as_str()),
    );
    props.word("for", for_organization.then_some("organization"));
    props.number("seatsQuantity", seats_quantity);
    props.text("priceId", price_id);
    props.text("newSubscriptionRedirectUrl", new_subscription_redirect_url);
    props.callback("onSubscriptionComplete", on_subscription_complete);
    props.callback("onClose", on_close);
    drawer_button("__internal_openCheckout", props, class, children)
}

/// A button that shows the details of a plan, from where it can be bought. Experimental at Clerk.
#[component]
pub fn PlanDetailsButton(
    /// The ID of the plan, `cplan_…`.
    #[prop(into)]
    plan_id: String,
    /// For which period the price is shown at first.
    #[prop(optional)]
    initial_plan_period: Option<PlanPeriod>,
    /// The CSS classes of the button.
    #[prop(optional, into)]
    class: String,
    /// Clerk's [`appearance`](https://clerk.com/docs/guides/customizing-clerk/appearance-prop/overview) of the drawer, as JSON.
    #[prop(optional, into)]
    appearance: Json,
    /// Further properties of the drawer: `planDetailsProps` in `@clerk/react`. The props above win over it.
    #[prop(optional, into)]
    raw: Json,
    children: Children,
) -> impl IntoView {
    let mut props = Props::new(raw, appearance);
    props.text("planId", Some(plan_id));
    props.word("initialPlanPeriod", initial_plan_period.map(PlanPeriod::as_str));
    drawer_button("__internal_openPlanDetails", props, class, children)
}

/// A button that shows the subscription, from where it can be cancelled, to signed-in users. Experimental at Clerk.
#[component]
pub fn SubscriptionDetailsButton(
    /// Whether to show that of the active organization instead of the user's.
    #[prop(optional)]
    for_organization: bool,
    /// What to run when the subscription was cancelled.
    #[prop(optional, into)]
    on_subscription_cancel: Option<Callback<()>>,
    /// The CSS classes of the button.
    #[prop(optional, into)]
    class: String,
    /// Clerk's [`appearance`](https://clerk.com/docs/guides/customizing-clerk/appearance-prop/overview) of the drawer, as JSON.
    #[prop(optional, into)]
    appearance: Json,
    /// Further properties of the drawer: `subscriptionDetailsProps` in `@clerk/react`. The props above win over it.
    #[prop(optional, into)]
    raw: Json,
    children: Children,
) -> impl IntoView {
    let mut props = Props::new(raw, appearance);
    props.word("for", for_organization.then_some("organization"));
    props.callback("onSubscriptionCancel", on_subscription_cancel);
    drawer_button("__internal_openSubscriptionDetails", props, class, children)
}

/// A button that opens the form to invite members to the active organization, for users who may manage its members.
#[component]
pub fn InviteMembersButton(
    /// The CSS classes of the button.
    #[prop(optional, into)]
    class: String,
    /// Clerk's [`appearance`](https://clerk.com/docs/guides/customizing-clerk/appearance-prop/overview) of the dialog, as JSON.
    #[prop(optional, into)]
    appearance: Json,
    /// Further properties of the dialog. The props above win over it.
    #[prop(optional, into)]
    raw: Json,
    children: Children,
) -> impl IntoView {
    drawer_button("openInviteMembers", Props::new(raw, appearance), class, children)
}
