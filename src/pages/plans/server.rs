use axum_clerk::{
    PublicPlans,
    clerk_auth::api::{BillingMoneyAmount, BillingPlan},
};
use leptos::prelude::*;
use leptos_clerk::{Auth, use_auth};
use maud::{Markup, html};

/// Renders the plans as far as they are known, with a mark at that of the visitor.
pub(super) fn cards() -> String {
    let plans = use_context::<PublicPlans>().and_then(|plans| plans.get());
    let current = use_auth().with_untracked(own_plan);
    let cards = html! {
        @match plans {
            Some(plans) => {
                ul { @for plan in plans.iter() { (card(plan, current.as_deref())) } }
            }
            None => p.notice { "The list of plans is not available at the moment. With JavaScript, Clerk's own follows." },
        }
    };
    cards.into_string()
}

fn card(plan: &BillingPlan, current: Option<&str>) -> Markup {
    html! {
        li.card {
            header {
                h2 { (plan.name) }
                @if current == Some(plan.slug.as_str()) { p.tag { "Your plan" } }
            }
            @if let Some(description) = &plan.description { p { (description) } }
            p.price {
                @match &plan.fee {
                    Some(fee) if fee.amount > 0 => { strong { (amount(fee)) } " a month" },
                    _ => strong { "Free" },
                }
                @if let Some(fee) = &plan.annual_monthly_fee {
                    br; (amount(fee)) " a month if paid by the year"
                }
            }
            @if !plan.features.is_empty() {
                ul { @for feature in &plan.features { li { (feature.name) } } }
            }
        }
    }
}

fn amount(money: &BillingMoneyAmount) -> String {
    format!("{}{}", money.currency_symbol, money.amount_formatted)
}

/// The slug of the visitor's own plan: `pro` in the `pla` claim `u:pro,o:team`.
fn own_plan(auth: &Auth) -> Option<String> {
    let claim = auth.signed_in()?.session_claims.get("pla")?.as_str()?;
    let own = claim.split(',').find_map(|plan| plan.strip_prefix("u:"));
    own.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_plan_of_an_organization_is_not_the_visitors() {
        let cases = [
            (json!("u:pro"), Some("pro")),
            (json!("o:team,u:pro"), Some("pro")),
            (json!("o:team"), None),
            (json!(null), None),
        ];
        for (claim, expected) in cases {
            let claims = json!({ "sub": "user_1", "sid": "sess_1", "sts": "active", "pla": claim });
            let auth = Auth::from_claims(claims).unwrap();
            assert_eq!(own_plan(&auth).as_deref(), expected, "{claim}");
        }
    }
}
