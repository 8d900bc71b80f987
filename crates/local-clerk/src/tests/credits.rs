//! Credits, which a backend grants and checkouts use.

use http::Method;
use serde_json::{Value, json};

use super::{Answer, Browser, Local};
use crate::Instance;

async fn adjust(local: &Local, path: &str, action: &str, amount: i64, key: &str) -> Answer {
    let body = json!({ "action": action, "amount": amount, "idempotency_key": key, "note": "Sorry" });
    local.backend(Method::POST, path, &body).await
}

async fn balance(local: &Local, path: &str) -> Value {
    local.backend(Method::GET, path, &Value::Null).await.ok()["balance"]["amount"].take()
}

/// The path of the signed-in user's credits.
async fn credits_of(browser: &mut Browser<'_>) -> String {
    let user = browser.get("/v1/me").await.ok()["response"]["id"].take();
    format!("/v1/users/{}/billing/credits", user.as_str().unwrap())
}

#[tokio::test]
async fn a_backend_grants_credits_once_for_each_key() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let path = credits_of(&mut jane).await;
    assert_eq!(balance(&local, &path).await, Value::Null);
    let granted = adjust(&local, &path, "increase", 1500, "a").await.ok();
    assert_eq!(
        (
            &granted["amount"]["amount"],
            &granted["source_type"],
            &granted["note"]
        ),
        (&json!(1500), &json!("grant"), &json!("Sorry"))
    );
    let again = adjust(&local, &path, "increase", 1500, "a").await.ok();
    assert_eq!(again, granted);
    let taken = adjust(&local, &path, "decrease", 501, "b").await.ok();
    assert_eq!(taken["amount"]["amount_formatted"], "-5.01");
    assert_eq!(balance(&local, &path).await, 999);
    for (action, amount, code) in [
        ("decrease", 1000, "form_param_value_invalid"),
        ("increase", 0, "form_param_value_invalid"),
        ("double", 1, "form_param_value_invalid"),
    ] {
        let refused = adjust(&local, &path, action, amount, "c").await;
        assert_eq!(refused.error(), (422, code), "{action} {amount}");
    }
    let euros = json!({ "action": "increase", "amount": 1, "idempotency_key": "d", "currency": "EUR" });
    let refused = local.backend(Method::POST, &path, &euros).await;
    assert_eq!(refused.error(), (422, "form_param_value_invalid"));
    assert_eq!(balance(&local, &path).await, 999);
    let mine = jane.get("/v1/me/billing/credits").await.ok();
    assert_eq!(mine["response"]["balance"]["amount_formatted"], "9.99");

    let organization = json!({ "name": "Acme", "slug": "acme" });
    local
        .backend(Method::POST, "/v1/organizations", &organization)
        .await
        .ok();
    let path = "/v1/organizations/acme/billing/credits";
    adjust(&local, path, "increase", 1, "a").await.ok();
    assert_eq!(balance(&local, path).await, 1);
}

#[tokio::test]
async fn credits_pay_for_checkouts_first() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let path = credits_of(&mut jane).await;
    adjust(&local, &path, "increase", 1500, "a").await.ok();
    // Pro costs 12 dollars a month.
    for (due, applied, remaining) in [(0, 1200, 300), (900, 300, 0), (1200, 0, 0)] {
        let plan = [("plan_id", "cplan_local_pro"), ("plan_period", "month")];
        let checkout = jane.post("/v1/me/billing/checkouts", &plan).await.ok()["response"].take();
        let confirm = format!(
            "/v1/me/billing/checkouts/{}/confirm",
            checkout["id"].as_str().unwrap()
        );
        let confirmed = jane.call(Method::PATCH, &confirm, &[]).await.ok()["response"].take();
        for totals in [&checkout["totals"], &confirmed["totals"]] {
            assert_eq!(totals["grand_total"]["amount"], 1200);
            assert_eq!(totals["total_due_now"]["amount"], due);
            let payer = &totals["credits"]["payer"];
            assert_eq!(payer["applied_amount"]["amount"], applied);
            assert_eq!(payer["remaining_balance"]["amount"], remaining);
        }
        assert_eq!(balance(&local, &path).await, remaining);
    }
}
