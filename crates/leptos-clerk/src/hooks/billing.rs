//! `use_plans` and `use_subscription`. Billing is in beta at Clerk.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    fetched::{ClerkPaginatedResponse, Fetched, Identity, Request, fetched, identity, page},
    read::{flag, list, number, object, present, required, text},
};
use crate::{clerk_js::Path, props::Props, store::use_clerk};

pub(super) const BILLING: Path = &["billing"];

/// For whom plans are, and subscriptions: Clerk's `ForPayerType`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForPayer {
    /// The user.
    #[default]
    User,
    /// The active organization.
    Organization,
}

impl ForPayer {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Organization => "organization",
        }
    }
}

/// An amount of money.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BillingMoneyAmount {
    /// The amount in the smallest unit of the currency, such as cents.
    pub amount: i64,
    /// The amount to show, such as `12.00`, without the currency.
    pub amount_formatted: String,
    /// The currency, such as `USD`.
    pub currency: String,
    /// The symbol of the currency, such as `$`.
    pub currency_symbol: String,
}

impl BillingMoneyAmount {
    pub(super) fn from_json(value: &Value) -> Self {
        Self {
            amount: number(value, "amount").unwrap_or_default(),
            amount_formatted: required(value, "amountFormatted"),
            currency: required(value, "currency"),
            currency_symbol: required(value, "currencySymbol"),
        }
    }
}

/// A feature of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Feature {
    /// The ID.
    pub id: String,
    /// The slug, which [`AuthCheck::feature`](crate::AuthCheck::feature) takes.
    pub slug: String,
    /// The name.
    pub name: String,
    /// The description.
    pub description: Option<String>,
}

impl Feature {
    fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            slug: required(value, "slug"),
            name: required(value, "name"),
            description: text(value, "description"),
        }
    }
}

/// A plan that users or organizations can subscribe to.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// The ID, `cplan_…`.
    pub id: String,
    /// The slug, which [`AuthCheck::plan`](crate::AuthCheck::plan) takes.
    pub slug: String,
    /// The name.
    pub name: String,
    /// The description.
    pub description: Option<String>,
    /// Whether it is the plan of those who have chosen none.
    pub is_default: bool,
    /// The price of a month, if it is paid for each month.
    pub fee: Option<BillingMoneyAmount>,
    /// The price of a year, if it can be paid for each year.
    pub annual_fee: Option<BillingMoneyAmount>,
    /// The price of a month, if it is paid for each year.
    pub annual_monthly_fee: Option<BillingMoneyAmount>,
    /// The features.
    pub features: Vec<Feature>,
    /// All data of the resource, as clerk-js names them.
    pub raw: Value,
}

impl Plan {
    pub(super) fn from_json(value: &Value) -> Self {
        let money = |name| object(value, name).map(BillingMoneyAmount::from_json);
        Self {
            id: required(value, "id"),
            slug: required(value, "slug"),
            name: required(value, "name"),
            description: text(value, "description"),
            is_default: flag(value, "isDefault"),
            fee: money("fee"),
            annual_fee: money("annualFee"),
            annual_monthly_fee: money("annualMonthlyFee"),
            features: list(value, "features", Feature::from_json),
            raw: value.clone(),
        }
    }
}

/// The plans that can be subscribed to, publicly: also for visitors who are signed out.
///
/// On the server it is loading; a page that should have plans in its HTML gets them from Clerk's Backend API.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ForPayer, use_plans};
///
/// #[component]
/// fn Prices() -> impl IntoView {
///     let plans = use_plans(ForPayer::Organization);
///     let row = |plan: leptos_clerk::Plan| {
///         let price = plan.fee.map(|fee| fee.currency_symbol + &fee.amount_formatted);
///         view! { <li>{plan.name} " " {price}</li> }
///     };
///     view! { <ul>{move || plans.data().map(|plans| plans.data.into_iter().map(row).collect_view())}</ul> }
/// }
/// ```
#[must_use]
pub fn use_plans(payer: ForPayer) -> Fetched<ClerkPaginatedResponse<Plan>> {
    let request = move || {
        let mut props = Props::default();
        props.word("for", Some(payer.as_str()));
        Some(Request {
            path: BILLING,
            method: "getPlans",
            argument: props.into(),
        })
    };
    fetched(use_clerk(), request, |value| page(value, Plan::from_json))
}

/// What a user or organization is subscribed to.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Subscription {
    /// The ID.
    pub id: String,
    /// `active` or `past_due`.
    pub status: String,
    /// The plans.
    pub items: Vec<SubscriptionItem>,
    /// All data of the resource, as clerk-js names them.
    pub raw: Value,
}

/// One plan of a [`Subscription`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SubscriptionItem {
    /// The ID.
    pub id: String,
    /// The status, such as `active`, `upcoming` or `canceled`.
    pub status: String,
    /// The plan.
    pub plan: Plan,
    /// `month` or `annual`.
    pub plan_period: String,
    /// When the paid period began, in milliseconds since 1970.
    pub period_start: Option<i64>,
    /// When it ends, in milliseconds since 1970.
    pub period_end: Option<i64>,
    /// When it was cancelled, in milliseconds since 1970.
    pub canceled_at: Option<i64>,
}

impl Subscription {
    fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            status: required(value, "status"),
            items: list(value, "subscriptionItems", SubscriptionItem::from_json),
            raw: value.clone(),
        }
    }
}

impl SubscriptionItem {
    pub(super) fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            status: required(value, "status"),
            plan: object(value, "plan").map(Plan::from_json).unwrap_or_default(),
            plan_period: required(value, "planPeriod"),
            period_start: number(value, "periodStart"),
            period_end: number(value, "periodEnd"),
            canceled_at: number(value, "canceledAt"),
        }
    }
}

/// What the user or the active organization is subscribed to. Its data are `None` while there is no user or organization, and
/// `Some(None)` without a subscription.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ForPayer, use_subscription};
///
/// #[component]
/// fn MyPlan() -> impl IntoView {
///     let subscription = use_subscription(ForPayer::User);
///     move || {
///         let item = subscription.data()??.items.into_iter().next()?;
///         Some(view! { <p>"You are on the plan " {item.plan.name}</p> })
///     }
/// }
/// ```
#[must_use]
pub fn use_subscription(payer: ForPayer) -> Fetched<Option<Subscription>> {
    let clerk = use_clerk();
    let identity = identity(clerk);
    let request = move || {
        Some(Request {
            path: BILLING,
            method: "getSubscription",
            argument: payer_props(payer, identity, Props::default())?.into(),
        })
    };
    fetched(clerk, request, |value| present(value, Subscription::from_json))
}

/// Adds for whom something is fetched. `None` while there is no such user or organization. Reactive.
pub(super) fn payer_props(payer: ForPayer, identity: Identity, mut props: Props) -> Option<Props> {
    let (user, org) = identity.get();
    match payer {
        ForPayer::User => drop(user?),
        ForPayer::Organization => props.text("orgId", Some(org?)),
    }
    Some(props)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_subscription_is_read_with_its_plans() {
        let fee =
            json!({ "amount": 1200, "amountFormatted": "12.00", "currency": "USD", "currencySymbol": "$" });
        let plan = json!({
            "id": "cplan_1", "slug": "pro", "name": "Pro", "description": null, "isDefault": false,
            "fee": fee, "annualFee": null, "features": [{ "id": "feat_1", "slug": "projects", "name": "Projects" }],
        });
        let value = json!({
            "id": "sub_1", "status": "active",
            "subscriptionItems": [{ "id": "subi_1", "status": "active", "plan": plan, "planPeriod": "month", "periodEnd": 1000 }],
        });
        let subscription = present(&value, Subscription::from_json).unwrap();
        let item = &subscription.items[0];
        assert_eq!(item.plan.fee.as_ref().unwrap().amount, 1200);
        assert_eq!(item.plan.annual_fee, None);
        assert_eq!(item.plan.features[0].slug, "projects");
        assert_eq!((item.period_start, item.period_end), (None, Some(1000)));
        assert_eq!(present(&json!({}), Subscription::from_json), None);
    }
}
