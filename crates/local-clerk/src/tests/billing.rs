use http::Method;
use serde_json::{Value, json};

use super::Local;
use crate::Instance;

#[tokio::test]
async fn checkout_adds_the_plan_to_the_token() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let plans = browser.get("/v1/billing/plans?payer_type=user").await.ok();
    let names: Vec<&str> = plans["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|plan| plan["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Free", "Pro", "Team"]);
    let pro = plans["data"][1]["id"].as_str().unwrap().to_owned();

    let fields = [("plan_id", pro.as_str()), ("plan_period", "annual")];
    let checkout = browser.post("/v1/me/billing/checkouts", &fields).await.ok();
    assert_eq!(checkout["response"]["totals"]["grand_total"]["amount"], 12_000);
    assert_eq!(checkout["response"]["needs_payment_method"], true);
    let path = format!(
        "/v1/me/billing/checkouts/{}/confirm",
        checkout["response"]["id"].as_str().unwrap()
    );
    let methods = browser.get("/v1/me/billing/payment_methods").await.ok();
    let card = methods["response"]["data"][0]["id"].as_str().unwrap().to_owned();

    let stolen = browser
        .call(Method::PATCH, &path, &[("payment_method_id", "cpm_other")])
        .await;
    assert_eq!(stolen.error(), (404, "resource_not_found"));
    let paid = browser
        .call(Method::PATCH, &path, &[("payment_method_id", &card)])
        .await
        .ok();
    assert_eq!(paid["response"]["status"], "completed");
    let twice = browser.call(Method::PATCH, &path, &[]).await;
    assert_eq!(twice.error(), (400, "checkout_already_completed"));

    let (_, claims) = local.verify(&browser.token().await, &browser.jwks().await);
    assert_eq!(claims["pla"], "u:pro");
    assert_eq!(claims["fea"], "u:projects,u:export,u:analytics");
    let statements = browser.get("/v1/me/billing/statements").await.ok();
    assert_eq!(statements["response"]["total_count"], 1);
    let all = local
        .backend(Method::GET, "/v1/billing/statements", &Value::Null)
        .await
        .ok();
    let statement = &all["data"][0];
    assert_eq!(statement["id"], statements["response"]["data"][0]["id"]);
    assert_eq!(statement["payer"]["email"], "jane@example.com");
    let one = format!("/v1/billing/statements/{}", statement["id"].as_str().unwrap());
    assert_eq!(
        &local.backend(Method::GET, &one, &Value::Null).await.ok(),
        statement
    );
    let attempts = format!("{one}/payment_attempts");
    let attempts = local.backend(Method::GET, &attempts, &Value::Null).await.ok();
    assert_eq!(attempts["total_count"], 1);
    assert_eq!(attempts["data"][0]["amount"]["amount"], 12_000);
    let unknown = local
        .backend(Method::GET, "/v1/billing/statements/cstmt_x", &Value::Null)
        .await;
    assert_eq!(unknown.error(), (404, "resource_not_found"));

    let subscription = browser.get("/v1/me/billing/subscription").await.ok();
    assert_eq!(
        subscription["response"]["next_payment"]["amount"]["amount"],
        12_000
    );
    let item = &subscription["response"]["subscription_items"][0];
    let cancel = format!(
        "/v1/me/billing/subscription_items/{}",
        item["id"].as_str().unwrap()
    );
    browser.call(Method::DELETE, &cancel, &[]).await.ok();
    let subscription = browser.get("/v1/me/billing/subscription").await.ok();
    assert!(subscription["response"]["next_payment"].is_null());
    let items = &subscription["response"]["subscription_items"];
    assert!(items[0]["canceled_at"].is_i64());
    assert_eq!(
        (&items[1]["status"], &items[1]["plan"]["slug"]),
        (&"upcoming".into(), &"free_user".into())
    );
}

#[tokio::test]
async fn billing_is_limited_to_the_own_account() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let mut joe = local.signed_up("joe@example.com").await;
    let checkout = jane
        .post("/v1/me/billing/checkouts", &[("plan_id", "cplan_local_pro")])
        .await
        .ok();
    let path = format!(
        "/v1/me/billing/checkouts/{}",
        checkout["response"]["id"].as_str().unwrap()
    );
    assert_eq!(joe.get(&path).await.error(), (404, "resource_not_found"));
    let unknown = joe
        .post("/v1/me/billing/checkouts", &[("plan_id", "cplan_x")])
        .await;
    assert_eq!(unknown.error(), (404, "resource_not_found"));
    let mut nobody = local.browser().await;
    assert_eq!(
        nobody.get("/v1/me/billing/subscription").await.error(),
        (401, "authentication_invalid")
    );
    nobody.get("/v1/billing/plans").await.ok();
}

#[tokio::test]
async fn statements_and_payment_attempts_list_a_payment() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let mut joe = local.signed_up("joe@example.com").await;
    let plan = jane.get("/v1/billing/plans/cplan_local_team").await.ok();
    assert_eq!(plan["slug"], "team");
    let fields = [("plan_id", "cplan_local_team"), ("plan_period", "month")];
    let checkout = jane.post("/v1/me/billing/checkouts", &fields).await.ok()["response"].clone();
    let path = format!("/v1/me/billing/checkouts/{}", checkout["id"].as_str().unwrap());
    assert_eq!(
        jane.get(&path).await.ok()["response"]["status"],
        "needs_confirmation"
    );
    let promotion = jane.call(Method::PATCH, &path, &[("promo_code", "HALF")]).await;
    assert_eq!(promotion.error(), (422, "promo_code_invalid"));
    jane.call(Method::PATCH, &format!("{path}/confirm"), &[])
        .await
        .ok();
    assert_eq!(jane.get(&path).await.ok()["response"]["status"], "completed");

    let attempts = jane.get("/v1/me/billing/payment_attempts").await.ok();
    assert_eq!(attempts["total_count"], 1);
    let attempt = format!(
        "/v1/me/billing/payment_attempts/{}",
        attempts["data"][0]["id"].as_str().unwrap()
    );
    let found = jane.get(&attempt).await.ok();
    assert_eq!(
        (&found["amount"]["amount"], &found["status"]),
        (&4_900.into(), &"paid".into())
    );
    let statements = jane.get("/v1/me/billing/statements").await.ok();
    let statement = format!(
        "/v1/me/billing/statements/{}",
        statements["response"]["data"][0]["id"].as_str().unwrap()
    );
    let found = jane.get(&statement).await.ok();
    assert_eq!(found["response"]["totals"]["grand_total"]["amount"], 4_900);
    for path in [&attempt, &statement] {
        assert_eq!(joe.get(path).await.error(), (404, "resource_not_found"));
    }
    assert!(jane.get("/v1/me/billing/credits").await.ok()["response"]["balance"].is_null());
    let history = jane.get("/v1/me/billing/credits/history").await.ok();
    assert_eq!(history["response"]["total_count"], 0);
    let items = jane.get("/v1/me/billing/subscription_items").await.ok();
    assert_eq!(items["response"]["data"][0]["plan"]["slug"], "team");
}

#[tokio::test]
async fn test_card_cannot_be_removed_and_no_other_added() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let cards = jane.get("/v1/me/billing/payment_methods").await.ok();
    let card = cards["response"]["data"][0]["id"].as_str().unwrap().to_owned();
    let fields = [("payment_method_id", card.as_str())];
    let path = "/v1/me/billing/payers/default_payment_method";
    let chosen = jane.call(Method::PUT, path, &fields).await.ok();
    assert_eq!(chosen["response"]["id"], card.as_str());
    for path in ["", "/initialize"] {
        let path = format!("/v1/me/billing/payment_methods{path}");
        let refused = jane.post(&path, &[("gateway", "stripe")]).await;
        assert!(refused.error().0 >= 400, "{path}");
    }
    let path = format!("/v1/me/billing/payment_methods/{card}");
    let removed = jane.call(Method::DELETE, &path, &[]).await;
    assert_eq!(removed.error(), (400, "not_supported_by_local_clerk"));
}

const WITH_ORGANIZATION_PLANS: &str = r#"
[features]
projects = { name = "Projects" }
seats = { name = "Seats" }

[[plans]]
slug = "free_user"
name = "Free"
features = ["projects"]

[[plans]]
slug = "free_org"
name = "Free"
payer = "organization"

[[plans]]
slug = "team"
name = "Team"
payer = "organization"
monthly = 9900
features = ["projects", "seats"]
"#;

#[tokio::test]
async fn organization_subscribes_for_its_members() {
    let local = Local::with_seed(WITH_ORGANIZATION_PLANS).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let created = jane.post("/v1/organizations", &[("name", "Acme")]).await.ok();
    let id = created["response"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/organizations/{id}/billing");
    let plans = jane.get("/v1/billing/plans?payer_type=org").await.ok();
    assert_eq!(plans["total_count"], 2);
    let subscription = jane.get(&format!("{path}/subscription")).await.ok();
    let items = &subscription["response"]["subscription_items"];
    assert_eq!(items[0]["plan"]["slug"], "free_org");

    let users_plan = [("plan_id", "free_user")];
    let refused = jane.post(&format!("{path}/checkouts"), &users_plan).await;
    assert_eq!(refused.error(), (404, "resource_not_found"));
    let refused = jane
        .post("/v1/me/billing/checkouts", &[("plan_id", "team")])
        .await;
    assert_eq!(refused.error(), (404, "resource_not_found"));
    let checkout = jane
        .post(&format!("{path}/checkouts"), &[("plan_id", "team")])
        .await
        .ok();
    let checkout = &checkout["response"];
    assert_eq!(checkout["payer"]["organization_name"], "Acme");
    assert_eq!(checkout["totals"]["grand_total"]["amount"], 9_900);
    let checkout = checkout["id"].as_str().unwrap().to_owned();
    let mine = jane.get(&format!("/v1/me/billing/checkouts/{checkout}")).await;
    assert_eq!(
        mine.error(),
        (404, "resource_not_found"),
        "it is not the user's own"
    );

    let mut joe = local.signed_up("joe@example.com").await;
    let joe_id = joe.get("/v1/me").await.ok()["response"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let own = joe.get(&format!("{path}/subscription")).await;
    assert_eq!(own.error(), (404, "resource_not_found"));
    let member = [("user_id", joe_id.as_str()), ("role", "org:member")];
    jane.post(&format!("/v1/organizations/{id}/memberships"), &member)
        .await
        .ok();
    joe.get(&format!("{path}/subscription")).await.ok();
    let confirm = format!("{path}/checkouts/{checkout}/confirm");
    let refused = joe.call(Method::PATCH, &confirm, &[]).await;
    assert_eq!(refused.error(), (403, "missing_organization_permission"));

    let methods = jane.get(&format!("{path}/payment_methods")).await.ok();
    let card = methods["response"]["data"][0]["id"].as_str().unwrap().to_owned();
    let started = jane.get(&format!("{path}/checkouts/{checkout}")).await.ok();
    assert_eq!(started["response"]["status"], "needs_confirmation");
    let paid = jane
        .call(Method::PATCH, &confirm, &[("payment_method_id", &card)])
        .await
        .ok();
    assert_eq!(paid["response"]["status"], "completed");
    let statements = jane.get(&format!("{path}/statements")).await.ok();
    let statement = statements["response"]["data"][0]["id"].as_str().unwrap();
    jane.get(&format!("{path}/statements/{statement}")).await.ok();
    let attempts = jane.get(&format!("{path}/payment_attempts")).await.ok();
    assert_eq!(attempts["total_count"], 1);
    let attempt = attempts["data"][0]["id"].as_str().unwrap();
    let attempt = jane.get(&format!("{path}/payment_attempts/{attempt}")).await.ok();
    assert_eq!(attempt["amount"]["amount"], 9_900);
    assert!(jane.get(&format!("{path}/credits")).await.ok()["response"]["balance"].is_null());
    let history = jane.get(&format!("{path}/credits/history")).await.ok();
    assert_eq!(history["response"]["data"], json!([]));
    let items = jane.get(&format!("{path}/subscription_items")).await.ok();
    assert_eq!(items["response"]["data"][0]["plan"]["slug"], "team");

    let tokens = format!("/v1/client/sessions/{}/tokens", joe.session_id().await);
    let token = joe.post(&tokens, &[("organization_id", &id)]).await.ok();
    let jwks = joe.jwks().await;
    let (_, claims) = local.verify(token["jwt"].as_str().unwrap(), &jwks);
    assert_eq!(claims["pla"], "u:free_user,o:team");
    assert_eq!(claims["fea"], "u:projects,o:projects,o:seats");
    let (_, claims) = local.verify(&joe.token().await, &jwks);
    assert_eq!(claims["pla"], "u:free_user");

    let subscription = jane.get(&format!("{path}/subscription")).await.ok();
    let item = &subscription["response"]["subscription_items"][0];
    let cancel = format!("{path}/subscription_items/{}", item["id"].as_str().unwrap());
    let canceled = jane.call(Method::DELETE, &cancel, &[]).await.ok();
    assert!(canceled["response"]["canceled_at"].is_i64());

    let default = format!("{path}/payers/default_payment_method");
    let chosen = [("payment_method_id", card.as_str())];
    jane.call(Method::PUT, &default, &chosen).await.ok();
    let unknown = [("payment_method_id", "cpm_other")];
    let refused = jane.call(Method::PUT, &default, &unknown).await;
    assert_eq!(refused.error(), (404, "resource_not_found"));
}

#[tokio::test]
async fn prices_are_those_of_the_plans() {
    let local = Local::new(Instance::Development).await;
    let prices = local
        .backend(Method::GET, "/v1/billing/prices", &Value::Null)
        .await
        .ok();
    let all = prices["data"].as_array().unwrap().iter();
    let all: Vec<_> = all
        .map(|price| {
            (
                price["amount"].as_i64().unwrap(),
                price["supported_billing_periods"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(all, [(0, "month"), (1200, "both"), (4900, "both")]);
    let path = format!(
        "/v1/billing/prices?plan_id={}",
        prices["data"][1]["plan_id"].as_str().unwrap()
    );
    let pro = local.backend(Method::GET, &path, &Value::Null).await.ok();
    assert_eq!(
        (&pro["total_count"], &pro["data"][0]),
        (&1.into(), &prices["data"][1])
    );
    let unknown = local
        .backend(Method::GET, "/v1/billing/prices?plan_id=cplan_x", &Value::Null)
        .await;
    assert_eq!(unknown.error(), (404, "resource_not_found"));
}
