//! `use_payment_attempts`, `use_payment_methods` and `use_statements`. Billing is in beta at Clerk.

use serde_json::Value;

use super::{
    billing::{BILLING, BillingMoneyAmount, ForPayer, SubscriptionItem, payer_props},
    fetched::{ClerkPaginatedResponse, Fetched, Request, fetched, identity, page},
    read::{flag, list, number, object, required, text},
};
use crate::{clerk_js::Path, json::Json, props::Props, store::use_clerk};

/// A card or another way to pay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentMethod {
    /// The ID, which [`UseCheckout::confirm`](crate::UseCheckout::confirm) takes.
    pub id: String,
    /// The last four digits of the number of a card.
    pub last4: Option<String>,
    /// The brand of a card, such as `visa`.
    pub card_type: Option<String>,
    /// The wallet that the card is in, such as `apple_pay`.
    pub wallet_type: Option<String>,
    /// The month in which a card expires, from 1 to 12.
    pub expiry_month: Option<i64>,
    /// The year in which a card expires, with four digits.
    pub expiry_year: Option<i64>,
    /// Whether subscriptions are paid with it.
    pub is_default: bool,
    /// Whether the payer may remove it.
    pub is_removable: bool,
    /// `active`, `expired` or `disconnected`.
    pub status: String,
}

impl PaymentMethod {
    fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            last4: text(value, "last4"),
            card_type: text(value, "cardType"),
            wallet_type: text(value, "walletType"),
            expiry_month: number(value, "expiryMonth"),
            expiry_year: number(value, "expiryYear"),
            is_default: flag(value, "isDefault"),
            is_removable: flag(value, "isRemovable"),
            status: required(value, "status"),
        }
    }
}

/// A payment, whether it succeeded or not: Clerk's `BillingPaymentResource`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PaymentAttempt {
    /// The ID.
    pub id: String,
    /// `pending`, `paid` or `failed`.
    pub status: String,
    /// The amount.
    pub amount: BillingMoneyAmount,
    /// `checkout`, or `recurring` for the periods after the first.
    pub charge_type: String,
    /// What it was paid with.
    pub payment_method: Option<PaymentMethod>,
    /// What was paid for.
    pub subscription_item: Option<SubscriptionItem>,
    /// When it succeeded, in milliseconds since 1970.
    pub paid_at: Option<i64>,
    /// When it failed, in milliseconds since 1970.
    pub failed_at: Option<i64>,
    /// All data of the resource, as clerk-js names them.
    pub raw: Value,
}

impl PaymentAttempt {
    fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            status: required(value, "status"),
            amount: object(value, "amount")
                .map(BillingMoneyAmount::from_json)
                .unwrap_or_default(),
            charge_type: required(value, "chargeType"),
            payment_method: object(value, "paymentMethod").map(PaymentMethod::from_json),
            subscription_item: object(value, "subscriptionItem").map(SubscriptionItem::from_json),
            paid_at: number(value, "paidAt"),
            failed_at: number(value, "failedAt"),
            raw: value.clone(),
        }
    }
}

/// A statement: the payments of one period.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Statement {
    /// The ID.
    pub id: String,
    /// `open` while payments are added, then `closed`.
    pub status: String,
    /// When it was made or last changed, in milliseconds since 1970.
    pub timestamp: Option<i64>,
    /// What was to be paid in all.
    pub grand_total: BillingMoneyAmount,
    /// The payments, by day.
    pub groups: Vec<StatementGroup>,
    /// All data of the resource, as clerk-js names them.
    pub raw: Value,
}

/// The payments of a [`Statement`] on one day.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct StatementGroup {
    /// When it was made or last changed, in milliseconds since 1970.
    pub timestamp: Option<i64>,
    /// The payments.
    pub items: Vec<PaymentAttempt>,
}

impl Statement {
    fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            status: required(value, "status"),
            timestamp: number(value, "timestamp"),
            grand_total: object(value, "totals")
                .and_then(|totals| object(totals, "grandTotal"))
                .map(BillingMoneyAmount::from_json)
                .unwrap_or_default(),
            groups: list(value, "groups", StatementGroup::from_json),
            raw: value.clone(),
        }
    }
}

impl StatementGroup {
    fn from_json(value: &Value) -> Self {
        Self {
            timestamp: number(value, "timestamp"),
            items: list(value, "items", PaymentAttempt::from_json),
        }
    }
}

/// The payments of the user or the active organization, newest first. `params` are those of clerk-js's `getPaymentAttempts`, such as
/// `{"pageSize":20,"initialPage":2}`.
///
/// On the server it is loading. Its data are `None` while there is no user or organization.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ForPayer, PaymentAttempt, use_payment_attempts};
///
/// #[component]
/// fn Payments() -> impl IntoView {
///     let payments = use_payment_attempts(ForPayer::User, r#"{"pageSize":20}"#);
///     let row = |payment: PaymentAttempt| {
///         let amount = payment.amount.currency_symbol + &payment.amount.amount_formatted;
///         view! { <li>{amount} " " {payment.status}</li> }
///     };
///     view! { <ul>{move || payments.data().map(|page| page.data.into_iter().map(row).collect_view())}</ul> }
/// }
/// ```
#[must_use]
pub fn use_payment_attempts(
    payer: ForPayer,
    params: impl Into<Json>,
) -> Fetched<ClerkPaginatedResponse<PaymentAttempt>> {
    pages(payer, BILLING, "getPaymentAttempts", params.into(), |value| {
        page(value, PaymentAttempt::from_json)
    })
}

/// The payment methods of the user or the active organization. `params` are those of clerk-js's `getPaymentMethods`, such as
/// `{"pageSize":20}`.
///
/// On the server it is loading. Its data are `None` while there is no user or organization.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ForPayer, PaymentMethod, use_payment_methods};
///
/// #[component]
/// fn Cards() -> impl IntoView {
///     let methods = use_payment_methods(ForPayer::User, "{}");
///     let row = |method: PaymentMethod| {
///         view! { <li>{method.card_type} " ending in " {method.last4} {method.is_default.then_some(" (default)")}</li> }
///     };
///     view! { <ul>{move || methods.data().map(|page| page.data.into_iter().map(row).collect_view())}</ul> }
/// }
/// ```
#[must_use]
pub fn use_payment_methods(
    payer: ForPayer,
    params: impl Into<Json>,
) -> Fetched<ClerkPaginatedResponse<PaymentMethod>> {
    pages(payer, &["user"], "getPaymentMethods", params.into(), |value| {
        page(value, PaymentMethod::from_json)
    })
}

/// The statements of the user or the active organization, newest first. `params` are those of clerk-js's `getStatements`, such as
/// `{"pageSize":12}`.
///
/// On the server it is loading. Its data are `None` while there is no user or organization.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ForPayer, Statement, use_statements};
///
/// #[component]
/// fn Statements() -> impl IntoView {
///     let statements = use_statements(ForPayer::Organization, "{}");
///     let row = |statement: Statement| {
///         let total = statement.grand_total.currency_symbol + &statement.grand_total.amount_formatted;
///         view! { <li>{statement.id} ": " {total}</li> }
///     };
///     view! { <ul>{move || statements.data().map(|page| page.data.into_iter().map(row).collect_view())}</ul> }
/// }
/// ```
#[must_use]
pub fn use_statements(
    payer: ForPayer,
    params: impl Into<Json>,
) -> Fetched<ClerkPaginatedResponse<Statement>> {
    pages(payer, BILLING, "getStatements", params.into(), |value| {
        page(value, Statement::from_json)
    })
}

/// Pages of what belongs to the payer.
fn pages<T: Send + Sync + 'static>(
    payer: ForPayer,
    path: Path,
    method: &'static str,
    params: Json,
    read: fn(&Value) -> T,
) -> Fetched<T> {
    let clerk = use_clerk();
    let identity = identity(clerk);
    let request = move || {
        let props = Props::new(params.clone(), Json::default());
        let argument = payer_props(payer, identity, props)?.into();
        Some(Request {
            path,
            method,
            argument,
        })
    };
    fetched(clerk, request, read)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_statement_is_read_with_its_payments() {
        let amount =
            json!({ "amount": 1200, "amountFormatted": "12.00", "currency": "usd", "currencySymbol": "$" });
        let payment = json!({
            "id": "cpayment_1", "status": "paid", "amount": amount, "chargeType": "checkout", "paidAt": 2000,
            "failedAt": null,
            "paymentMethod": {
                "id": "pm_1", "last4": "4242", "cardType": "visa", "expiryMonth": 12, "expiryYear": 2099, "isDefault": true,
                "status": "active",
            },
            "subscriptionItem": { "id": "subi_1", "plan": { "id": "cplan_1", "name": "Pro" } },
        });
        let value = json!({
            "id": "cstmt_1", "status": "closed", "timestamp": 1000, "totals": { "grandTotal": amount },
            "groups": [{ "timestamp": 1000, "items": [payment] }],
        });
        let statement = Statement::from_json(&value);
        assert_eq!(statement.grand_total.amount, 1200);
        assert_eq!(statement.timestamp, Some(1000));
        let payment = &statement.groups[0].items[0];
        assert_eq!((payment.paid_at, payment.failed_at), (Some(2000), None));
        assert_eq!(payment.amount, statement.grand_total);
        assert_eq!(payment.subscription_item.as_ref().unwrap().plan.name, "Pro");
        let method = payment.payment_method.as_ref().unwrap();
        assert_eq!(method.last4.as_deref(), Some("4242"));
        assert_eq!((method.expiry_month, method.expiry_year), (Some(12), Some(2099)));
        assert!(method.is_default && !method.is_removable);
    }
}
