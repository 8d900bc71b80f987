use http::Method;
use serde_json::{Value, json};

use super::{
    Local, PASSWORD,
    oauth::{START, STRATEGY, allow, round_trip},
};
use crate::Instance;

#[tokio::test]
async fn connects_reauthorizes_and_removes_external_accounts() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let created = jane.post("/v1/me/external_accounts", &START).await.ok();
    let account = &created["response"];
    assert_eq!(account["verification"]["status"], "unverified");
    let url = account["verification"]["external_verification_redirect_url"].clone();
    round_trip(&mut jane, &url, &[("decision", "deny")]).await;
    let me = jane.get("/v1/me").await.ok();
    let denied = &me["response"]["external_accounts"][0]["verification"]["error"]["code"];
    assert_eq!(denied, "oauth_access_denied");

    let created = jane.post("/v1/me/external_accounts", &START).await.ok();
    let url = created["response"]["verification"]["external_verification_redirect_url"].clone();
    let target = round_trip(&mut jane, &url, &allow("work@example.com")).await;
    assert_eq!(target, "http://localhost:5001/profile");
    let me = jane.get("/v1/me").await.ok()["response"].clone();
    let accounts = me["external_accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 1, "the denied connection was removed");
    assert_eq!(accounts[0]["verification"]["status"], "verified");
    assert_eq!(me["email_addresses"][1]["email_address"], "work@example.com");

    let path = format!("/v1/me/external_accounts/{}", accounts[0]["id"].as_str().unwrap());
    let again = jane
        .call(Method::PATCH, &format!("{path}/reauthorize"), &START[1..])
        .await
        .ok();
    assert_eq!(
        again["response"]["verification"]["status"], "verified",
        "it stays verified"
    );
    let url = again["response"]["verification"]["external_verification_redirect_url"].clone();
    round_trip(&mut jane, &url, &allow("work@example.com")).await;

    let user_path = format!("/v1/users/{}", me["id"].as_str().unwrap());
    let tokens = format!("{user_path}/oauth_access_tokens/{STRATEGY}");
    let listed = local.backend(Method::GET, &tokens, &Value::Null).await.ok();
    assert_eq!(listed[0]["object"], "oauth_access_token");
    assert_eq!(listed[0]["external_account_id"], accounts[0]["id"]);
    jane.call(Method::DELETE, &format!("{path}/tokens"), &[])
        .await
        .ok();
    let listed = local.backend(Method::GET, &tokens, &Value::Null).await.ok();
    assert_eq!(listed, json!([]));

    let mut joe = local.signed_up("joe@example.com").await;
    let created = joe.post("/v1/me/external_accounts", &START).await.ok();
    let url = created["response"]["verification"]["external_verification_redirect_url"].clone();
    round_trip(&mut joe, &url, &allow("work@example.com")).await;
    let claimed = joe.get("/v1/me").await.ok()["response"]["external_accounts"][0].clone();
    assert_eq!(claimed["verification"]["status"], "failed");
    assert_eq!(
        claimed["verification"]["error"]["code"],
        "oauth_identification_claimed"
    );

    let joe_id = joe.get("/v1/me").await.ok()["response"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let claimed = claimed["id"].as_str().unwrap();
    let of_joe = format!("/v1/users/{joe_id}/external_accounts/{claimed}");
    local.backend(Method::DELETE, &of_joe, &Value::Null).await.ok();

    let removed = jane.call(Method::DELETE, &path, &[]).await.ok();
    assert_eq!(removed["response"]["deleted"], true);
    assert_eq!(
        jane.call(Method::DELETE, &path, &[]).await.error(),
        (404, "resource_not_found")
    );
    let gone = local
        .backend(
            Method::DELETE,
            &format!("{user_path}/external_accounts/eac_x"),
            &Value::Null,
        )
        .await;
    assert_eq!(gone.error(), (404, "resource_not_found"));
    let password = [("identifier", "work@example.com"), ("password", PASSWORD)];
    let mut other = local.browser().await;
    assert_eq!(
        other.post("/v1/client/sign_ins", &password).await.ok()["response"]["status"],
        "complete",
        "the address is kept"
    );
}
