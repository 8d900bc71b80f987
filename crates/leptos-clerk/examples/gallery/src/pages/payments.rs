use leptos::prelude::*;
use leptos_clerk::{
    ForPayer, PaymentAttempt, PaymentMethod, Statement, use_payment_attempts, use_payment_methods, use_statements,
};

use super::billing::parameter;

/// What the user has paid, or the active organization: `?for=organization`.
pub fn all() -> AnyView {
    let payer = match &*parameter("for") {
        "organization" => ForPayer::Organization,
        _ => ForPayer::User,
    };
    let payments = use_payment_attempts(payer, r#"{"pageSize":20}"#);
    let methods = use_payment_methods(payer, "{}");
    let statements = use_statements(payer, "{}");
    let payment = |payment: PaymentAttempt| {
        let plan = payment.subscription_item.map(|item| item.plan.name).unwrap_or_default();
        let card = payment.payment_method.and_then(|method| method.last4).unwrap_or_default();
        let amount = payment.amount.amount_formatted;
        view! { <li>{format!("{} {amount} for {plan} with {card}", payment.status)}</li> }
    };
    let method = |method: PaymentMethod| {
        let (card, last4) = (method.card_type.unwrap_or_default(), method.last4.unwrap_or_default());
        view! { <li>{format!("{card} {last4} {}", method.status)}</li> }
    };
    let statement = |statement: Statement| {
        let payments = statement.groups.iter().map(|group| group.items.len()).sum::<usize>();
        let total = statement.grand_total.amount_formatted;
        view! { <li>{format!("{} {total} in {payments}", statement.status)}</li> }
    };
    view! {
        <ul id="payments">{move || payments.data().map(|page| page.data.into_iter().map(payment).collect_view())}</ul>
        <ul id="methods">{move || methods.data().map(|page| page.data.into_iter().map(method).collect_view())}</ul>
        <ul id="statements">
            {move || statements.data().map(|page| page.data.into_iter().map(statement).collect_view())}
        </ul>
        <p role="alert">{move || payments.error().map(|error| error.to_string())}</p>
    }
    .into_any()
}
