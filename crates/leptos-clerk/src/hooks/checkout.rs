//! `use_checkout`. Experimental at Clerk.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    billing::{ForPayer, Plan},
    read::{flag, object, required, text},
};
use crate::{
    clerk_api_error::ClerkApiError,
    clerk_js::{Argument, invoke_checkout},
    components::PlanPeriod,
    json::Json,
    props::Props,
};

/// What is checked out, see [`use_checkout`].
///
/// ```
/// use leptos_clerk::{CheckoutOptions, ForPayer, PlanPeriod};
///
/// let options = CheckoutOptions::new("cplan_1", PlanPeriod::Month).payer(ForPayer::Organization);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct CheckoutOptions {
    plan_id: String,
    plan_period: PlanPeriod,
    payer: ForPayer,
}

impl CheckoutOptions {
    /// The plan with this ID, for the user.
    pub fn new(plan_id: impl Into<String>, plan_period: PlanPeriod) -> Self {
        Self {
            plan_id: plan_id.into(),
            plan_period,
            payer: ForPayer::User,
        }
    }

    /// Who pays.
    pub const fn payer(mut self, payer: ForPayer) -> Self {
        self.payer = payer;
        self
    }

    fn to_props(&self) -> Props {
        let mut props = Props::default();
        props.text("planId", Some(self.plan_id.clone()));
        props.word("planPeriod", Some(self.plan_period.as_str()));
        props.word("for", Some(self.payer.as_str()));
        props
    }
}

/// How far a checkout has come.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Checkout {
    /// `needs_initialization`, `needs_confirmation` or `completed`.
    pub status: String,
    /// The plan.
    pub plan: Option<Plan>,
    /// `month` or `annual`.
    pub plan_period: Option<String>,
    /// What is to be paid: Clerk's `BillingTotals`.
    pub totals: Value,
    /// Whether the plan changes at once, and not at the end of the paid period.
    pub is_immediate_plan_change: bool,
    /// Whether a payment method has to be added.
    pub needs_payment_method: bool,
    /// All of these data, as clerk-js names them.
    pub raw: Value,
}

impl Checkout {
    fn from_json(value: &Value) -> Self {
        Self {
            status: required(value, "status"),
            plan: object(value, "plan").map(Plan::from_json),
            plan_period: text(value, "planPeriod"),
            totals: value.get("totals").cloned().unwrap_or_default(),
            is_immediate_plan_change: flag(value, "isImmediatePlanChange"),
            needs_payment_method: flag(value, "needsPaymentMethod"),
            raw: value.clone(),
        }
    }
}

/// A checkout with a form of one's own, see [`use_checkout`]. Copy it freely.
#[derive(Clone, Copy, Debug)]
pub struct UseCheckout {
    options: StoredValue<CheckoutOptions>,
    checkout: RwSignal<Option<Checkout>>,
}

/// A checkout with a form of one's own, instead of [`CheckoutButton`](crate::CheckoutButton). Payment methods are added in Clerk's own
/// components; this hook pays with those that are there.
///
/// On the server there is none, and calls fail with `clerk_not_loaded`.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{CheckoutOptions, ClerkApiError, PlanPeriod, use_checkout};
///
/// #[component]
/// fn Upgrade(plan_id: String, payment_method_id: String) -> impl IntoView {
///     let checkout = use_checkout(CheckoutOptions::new(plan_id, PlanPeriod::Month));
///     let method = format!(r#"{{"paymentMethodId":"{payment_method_id}"}}"#);
///     let upgrade = Action::new(move |(): &()| {
///         let method = method.clone();
///         async move {
///             checkout.start().await?;
///             checkout.confirm(method).await?;
///             checkout.finalize().await
///         }
///     });
///     view! {
///         <button on:click=move |_| { upgrade.dispatch(()); }>"Upgrade"</button>
///         <p>{move || checkout.checkout().map(|checkout| checkout.status)}</p>
///         {move || upgrade.value().get().and_then(Result::err).map(|error| error.to_string())}
///     }
/// }
/// ```
#[must_use]
pub fn use_checkout(options: CheckoutOptions) -> UseCheckout {
    UseCheckout {
        options: StoredValue::new(options),
        checkout: RwSignal::new(None),
    }
}

impl UseCheckout {
    /// The checkout, once it was started. Reactive.
    #[must_use]
    pub fn checkout(self) -> Option<Checkout> {
        self.checkout.get()
    }

    /// Starts the checkout: Clerk says what is to be paid.
    ///
    /// # Errors
    ///
    /// There is no such plan, or nobody is signed in who could pay.
    pub fn start(self) -> impl Future<Output = Result<Checkout, ClerkApiError>> + Send + use<> {
        self.step("start", Argument::None)
    }

    /// Pays. `params` are those of clerk-js's `confirm`: `{"paymentMethodId":"…"}`, or, on a development instance,
    /// `{"gateway":"stripe","useTestCard":true}`.
    ///
    /// # Errors
    ///
    /// The checkout was not started, or the payment failed.
    pub fn confirm<J: Into<Json>>(
        self,
        params: J,
    ) -> impl Future<Output = Result<Checkout, ClerkApiError>> + Send + use<J> {
        self.step("confirm", params.into().into())
    }

    /// Completes the checkout: from then on the session has the features of the plan.
    ///
    /// # Errors
    ///
    /// The checkout was not confirmed.
    pub fn finalize(self) -> impl Future<Output = Result<Checkout, ClerkApiError>> + Send + use<> {
        self.step("finalize", Argument::None)
    }

    fn step(
        self,
        method: &'static str,
        argument: Argument,
    ) -> impl Future<Output = Result<Checkout, ClerkApiError>> + Send + use<> {
        let props = self.options.with_value(CheckoutOptions::to_props);
        let answer = invoke_checkout(&props, method, argument);
        async move {
            let checkout = Checkout::from_json(&answer.await?);
            // The component may be gone.
            self.checkout.try_set(Some(checkout.clone()));
            Ok(checkout)
        }
    }
}
