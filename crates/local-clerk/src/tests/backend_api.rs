use axum::{body::Body, extract::Request};
use http::{Method, header};
use serde_json::{Value, json};

use super::{APP, Local};
use crate::Instance;

#[tokio::test]
async fn requires_the_secret_key() {
    let local = Local::new(Instance::Development).await;
    for authorization in ["", "Bearer", "Bearer sk_test_wrong", "Basic sk_test_wrong"] {
        let request = Request::get("/v1/users")
            .header(header::HOST, "127.0.0.1:5002")
            .header(header::AUTHORIZATION, authorization);
        let answer = local.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.error(), (401, "clerk_key_invalid"), "{authorization}");
    }
}

#[tokio::test]
async fn finds_updates_and_deletes_users() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("jane@example.com").await;
    let found = local
        .backend(
            Method::GET,
            "/v1/users?email_address=JANE@example.com&limit=5",
            &Value::Null,
        )
        .await
        .ok();
    assert_eq!(found.as_array().unwrap().len(), 1);
    let direct = Request::get("/__clerk/v1/environment").header(header::HOST, "127.0.0.1:5002");
    local.send(direct.body(Body::empty()).unwrap()).await.ok();
    let path = format!("/v1/users/{}", found[0]["id"].as_str().unwrap());
    let patch = json!({ "private_metadata": { "plan": "x" }, "public_metadata": { "a": 1 } });
    local
        .backend(Method::PATCH, &format!("{path}/metadata"), &patch)
        .await
        .ok();
    let user = local.backend(Method::GET, &path, &Value::Null).await.ok();
    assert_eq!(user["private_metadata"], json!({ "plan": "x" }));
    assert!(
        user["image_url"].as_str().unwrap().starts_with(APP),
        "pages show it, so the page's origin serves it"
    );

    let body =
        json!({ "email_address": ["joe@example.com"], "password": "a long enough one", "first_name": "Joe" });
    let joe = local.backend(Method::POST, "/v1/users", &body).await.ok();
    assert_eq!(
        local.backend(Method::POST, "/v1/users", &body).await.error(),
        (422, "form_identifier_exists")
    );
    let count = local
        .backend(Method::GET, "/v1/users/count?query=joe", &Value::Null)
        .await
        .ok();
    assert_eq!(count["total_count"], 1);
    let newest = local
        .backend(Method::GET, "/v1/users?limit=1&offset=0", &Value::Null)
        .await
        .ok();
    assert_eq!(newest[0]["id"], joe["id"]);
    let bad_order = local
        .backend(Method::GET, "/v1/users?order_by=shoe_size", &Value::Null)
        .await;
    assert_eq!(bad_order.error(), (422, "form_param_value_invalid"));

    local.backend(Method::DELETE, &path, &Value::Null).await.ok();
    let gone = local.backend(Method::GET, &path, &Value::Null).await;
    assert_eq!(gone.error(), (404, "resource_not_found"));
}

#[tokio::test]
async fn banned_user_is_signed_out_and_cannot_sign_in() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let id = browser.get("/v1/me").await.ok()["response"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    local
        .backend(Method::POST, &format!("/v1/users/{id}/ban"), &Value::Null)
        .await
        .ok();
    assert_eq!(
        browser.get("/v1/me").await.error(),
        (401, "authentication_invalid")
    );
    let again = browser
        .post("/v1/client/sign_ins", &[("identifier", "jane@example.com")])
        .await;
    assert_eq!(again.error(), (403, "user_banned"));
}

#[tokio::test]
async fn lists_and_revokes_sessions_and_creates_tokens() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let id = browser.session_id().await;
    let session = local
        .backend(Method::GET, &format!("/v1/sessions/{id}"), &Value::Null)
        .await
        .ok();
    let listed = format!(
        "/v1/sessions?user_id={}&status=active",
        session["user_id"].as_str().unwrap()
    );
    assert_eq!(
        local
            .backend(Method::GET, &listed, &Value::Null)
            .await
            .ok()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let jwks = browser.jwks().await;
    let created = local
        .backend(Method::POST, &format!("/v1/sessions/{id}/tokens"), &json!({}))
        .await
        .ok();
    local.verify(created["jwt"].as_str().unwrap(), &jwks);
    let revoked = local
        .backend(Method::POST, &format!("/v1/sessions/{id}/revoke"), &Value::Null)
        .await
        .ok();
    assert_eq!(revoked["status"], "revoked");
    assert_eq!(
        browser.get("/v1/me").await.error(),
        (401, "authentication_invalid")
    );
}

#[tokio::test]
async fn ticket_signs_in_once() {
    let local = Local::new(Instance::Development).await;
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    let body = json!({ "user_id": users[0]["id"] });
    let token = local
        .backend(Method::POST, "/v1/sign_in_tokens", &body)
        .await
        .ok();
    assert_eq!(token["status"], "pending");
    let ticket = [
        ("strategy", "ticket"),
        ("ticket", token["token"].as_str().unwrap()),
    ];
    let mut browser = local.browser().await;
    let signed_in = browser.post("/v1/client/sign_ins", &ticket).await.ok();
    assert_eq!(signed_in["response"]["status"], "complete");
    let mut other = local.browser().await;
    let used = other.post("/v1/client/sign_ins", &ticket).await;
    assert_eq!(used.error(), (400, "sign_in_token_already_used_code"));
    let unknown = other
        .post("/v1/client/sign_ins", &[("strategy", "ticket"), ("ticket", "x")])
        .await;
    assert_eq!(unknown.error(), (400, "ticket_invalid_code"));
    local
        .backend(Method::POST, "/v1/testing_tokens", &Value::Null)
        .await
        .ok();
}

#[tokio::test]
async fn actor_token_impersonates_a_user() {
    let local = Local::new(Instance::Development).await;
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    let body =
        json!({ "user_id": users[0]["id"], "actor": { "sub": "user_support" }, "expires_in_seconds": 60 });
    let token = local.backend(Method::POST, "/v1/actor_tokens", &body).await.ok();
    assert_eq!(token["object"], "actor_token");
    let mut browser = local.browser().await;
    let ticket = [
        ("strategy", "ticket"),
        ("ticket", token["token"].as_str().unwrap()),
    ];
    browser.post("/v1/client/sign_ins", &ticket).await.ok();
    let (_, claims) = local.verify(&browser.token().await, &browser.jwks().await);
    assert_eq!(claims["act"], json!({ "sub": "user_support" }));
    let nobody = json!({ "user_id": users[0]["id"], "actor": {} });
    let refused = local.backend(Method::POST, "/v1/actor_tokens", &nobody).await;
    assert_eq!(refused.error(), (422, "form_param_missing"));
}

#[tokio::test]
async fn backend_api_manages_email_addresses_and_clients() {
    let local = Local::new(Instance::Development).await;
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    let body = json!({ "user_id": users[0]["id"], "email_address": "more@example.com", "verified": true });
    let created = local
        .backend(Method::POST, "/v1/email_addresses", &body)
        .await
        .ok();
    assert_eq!(created["verification"]["strategy"], "admin");
    assert_eq!(
        local
            .backend(Method::POST, "/v1/email_addresses", &body)
            .await
            .error(),
        (422, "form_identifier_exists")
    );
    let path = format!("/v1/email_addresses/{}", created["id"].as_str().unwrap());
    local
        .backend(Method::PATCH, &path, &json!({ "primary": true }))
        .await
        .ok();
    local.backend(Method::GET, &path, &Value::Null).await.ok();
    local.backend(Method::DELETE, &path, &Value::Null).await.ok();
    assert_eq!(
        local.backend(Method::GET, &path, &Value::Null).await.error(),
        (404, "resource_not_found")
    );
    let user = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    assert_eq!(
        user[0]["primary_email_address_id"],
        users[0]["primary_email_address_id"]
    );

    let mut browser = local.signed_up("jane@example.com").await;
    let session = format!("/v1/sessions/{}", browser.session_id().await);
    let session = local.backend(Method::GET, &session, &Value::Null).await.ok();
    let client = format!("/v1/clients/{}", session["client_id"].as_str().unwrap());
    let client = local.backend(Method::GET, &client, &Value::Null).await.ok();
    assert_eq!(client["sessions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn user_is_told_of_another_primary_address_if_asked() {
    let local = Local::new(Instance::Development).await;
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    let id = &users[0]["id"];
    let subject = "Your primary e-mail address has changed";
    let more =
        json!({ "user_id": id, "email_address": "more@example.com", "verified": true, "primary": true });
    local
        .backend(Method::POST, "/v1/email_addresses", &more)
        .await
        .ok();
    assert!(!local.page().await.text.contains(subject));
    let path = format!("/v1/users/{}/email_address", id.as_str().unwrap());
    let other = json!({ "email_address": "other@example.com", "notify_primary_email_address_changed": true });
    local.backend(Method::PUT, &path, &other).await.ok();
    let page = local.page().await.text;
    assert!(page.contains(subject) && page.contains("more@example.com"));
}

#[tokio::test]
async fn members_are_sorted_by_their_fields() {
    let local = Local::new(Instance::Development).await;
    local
        .backend(
            Method::POST,
            "/v1/organizations",
            &json!({ "name": "Acme", "slug": "acme" }),
        )
        .await
        .ok();
    let path = "/v1/organizations/acme/memberships";
    for (first_name, address) in [
        ("bea", "c@example.com"),
        ("Ada", "b@example.com"),
        ("Cleo", "a@example.com"),
    ] {
        let user = json!({ "first_name": first_name, "email_address": [address] });
        let user = local.backend(Method::POST, "/v1/users", &user).await.ok();
        let member = json!({ "user_id": user["id"], "role": "org:member" });
        local.backend(Method::POST, path, &member).await.ok();
    }
    for (order, expected) in [
        ("first_name", ["Ada", "bea", "Cleo"]),
        ("-email_address", ["bea", "Ada", "Cleo"]),
        ("created_at", ["bea", "Ada", "Cleo"]),
    ] {
        let query = format!("{path}?order_by={order}");
        let list = local.backend(Method::GET, &query, &Value::Null).await.ok();
        let members = list["data"].as_array().unwrap().iter();
        let names: Vec<_> = members
            .map(|one| one["public_user_data"]["first_name"].as_str().unwrap())
            .collect();
        assert_eq!(names, expected, "{order}");
    }
}

#[tokio::test]
async fn session_tokens_are_verified() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let (token, id) = (browser.token().await, browser.session_id().await);
    let path = format!("/v1/sessions/{id}/verify");
    let verify = async |token: &str| {
        local
            .backend(Method::POST, &path, &json!({ "token": token }))
            .await
    };
    assert_eq!(verify(&token).await.ok()["id"], id.as_str());
    let other = local.signed_up("joe@example.com").await.token().await;
    let (message, signature) = token.rsplit_once('.').unwrap();
    let unsigned = format!("{}.{signature}", message.replace('e', "f"));
    for wrong in ["nonsense", &unsigned, &other] {
        assert_eq!(
            verify(wrong).await.error(),
            (400, "invalid_session_token"),
            "{wrong}"
        );
    }
    let missing = local.backend(Method::POST, &path, &json!({})).await;
    assert_eq!(missing.error(), (422, "form_param_missing"));
}

#[tokio::test]
async fn instance_has_one_domain() {
    let local = Local::new(Instance::Development).await;
    let domains = local.backend(Method::GET, "/v1/domains", &Value::Null).await.ok();
    assert_eq!(
        (&domains["total_count"], &domains["data"][0]["is_satellite"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(domains["data"][0]["name"], "local.clerk.accounts.dev");
    for (path, field) in [
        ("/v1/instance/communication", "blocked_country_codes"),
        ("/v1/instance/protect", "rules_enabled"),
    ] {
        assert!(!local.backend(Method::GET, path, &Value::Null).await.ok()[field].is_null());
    }
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    let wallet = format!(
        "/v1/users/{}/web3_wallets/idn_unknown",
        users[0]["id"].as_str().unwrap()
    );
    let wallet = local.backend(Method::DELETE, &wallet, &Value::Null).await;
    assert_eq!(wallet.error(), (404, "resource_not_found"));
}
