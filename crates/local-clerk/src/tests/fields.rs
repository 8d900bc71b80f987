//! Fields are kept or refused, never ignored.

use http::Method;
use serde_json::{Value, json};

use super::{Local, PASSWORD};
use crate::Instance;

async fn user(local: &Local, body: &Value) -> Value {
    local.backend(Method::POST, "/v1/users", body).await.ok()
}

#[tokio::test]
async fn backend_refuses_what_it_would_ignore() {
    let local = Local::new(Instance::Development).await;
    let user = user(&local, &json!({ "email_address": ["joe@example.com"] })).await;
    let id = user["id"].as_str().unwrap();
    let path = format!("/v1/users/{id}");
    let organization = json!({ "name": "Acme", "slug": "acme" });
    local
        .backend(Method::POST, "/v1/organizations", &organization)
        .await
        .ok();
    let unknown = (422, "form_param_unknown");
    let kind = (422, "form_param_type_invalid");
    let value = (422, "form_param_value_invalid");
    let lacking = (400, "not_supported_by_local_clerk");
    let (post, patch) = (Method::POST, Method::PATCH);
    let address = format!("{path}/email_address");
    for (method, path, body, error, param) in [
        (
            &post,
            "/v1/users",
            json!({ "email": "a@example.com" }),
            unknown,
            "email",
        ),
        (&post, "/v1/users", json!({ "first_name": 1 }), kind, "first_name"),
        (
            &post,
            "/v1/users",
            json!({ "first_name": ["Jane"] }),
            kind,
            "first_name",
        ),
        (
            &post,
            "/v1/users",
            json!({ "email_address": [1] }),
            kind,
            "email_address",
        ),
        (
            &post,
            "/v1/users",
            json!({ "skip_legal_checks": "yes" }),
            kind,
            "skip_legal_checks",
        ),
        (
            &post,
            "/v1/users",
            json!({ "created_at": "yesterday" }),
            (422, "form_param_invalid_time"),
            "created_at",
        ),
        (
            &post,
            "/v1/users",
            json!({ "create_organizations_limit": 1.5 }),
            kind,
            "create_organizations_limit",
        ),
        (
            &post,
            "/v1/users",
            json!({ "email_address": ["a@example.com"], "email_address_identification_status": ["verified", "verified"] }),
            value,
            "email_address_identification_status",
        ),
        (&post, "/v1/users", json!({ "web3_wallet": ["0x1"] }), lacking, ""),
        (
            &post,
            "/v1/users",
            json!({ "password_hasher": "bcrypt" }),
            lacking,
            "",
        ),
        (&patch, &path, json!({ "profile_image_id": "img_1" }), lacking, ""),
        (&patch, &path, json!({ "banned": true }), unknown, "banned"),
        (
            &Method::PUT,
            &address,
            json!({ "email_address": "b@example.com", "identification_status": "reserved" }),
            lacking,
            "",
        ),
        (
            &Method::PUT,
            &address,
            json!({ "email_address": "b@example.com", "identification_status": "sure" }),
            value,
            "identification_status",
        ),
        (
            &post,
            "/v1/organizations",
            json!({ "name": "A", "role_set_key": "x" }),
            lacking,
            "",
        ),
        (
            &patch,
            "/v1/organizations/acme",
            json!({ "max_allowed_memberships": -1 }),
            value,
            "max_allowed_memberships",
        ),
        (
            &post,
            "/v1/sign_in_tokens",
            json!({ "user_id": id, "expires_in_seconds": 0 }),
            value,
            "expires_in_seconds",
        ),
        (
            &post,
            "/v1/sign_in_tokens",
            json!({ "user_id": id, "expires_in_seconds": "soon" }),
            kind,
            "expires_in_seconds",
        ),
        (
            &post,
            "/v1/invitations",
            json!({ "email_address": "c@example.com", "expires_in_days": 366 }),
            value,
            "expires_in_days",
        ),
        (
            &post,
            "/v1/invitations",
            json!({ "email_address": "c@example.com", "template_slug": "party" }),
            value,
            "template_slug",
        ),
        (
            &post,
            "/v1/invitations/bulk",
            json!([{ "email_address": "c@example.com" }, { "email_address": "d@example.com", "role": "x" }]),
            unknown,
            "role",
        ),
    ] {
        let refused = local.backend(method.clone(), path, &body).await;
        assert_eq!(refused.error(), error, "{method} {path} {body}");
        if !param.is_empty() {
            assert_eq!(
                refused.body["errors"][0]["meta"]["param_name"], param,
                "{path} {body}"
            );
        }
    }
    let unchanged = local.backend(Method::GET, &path, &Value::Null).await.ok();
    assert_eq!(unchanged, user);
}

#[tokio::test]
async fn pages_and_filters_are_not_replaced_by_others() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let value = (422, "form_param_value_invalid");
    for (path, error) in [
        ("/v1/users?limit=0", value),
        ("/v1/users?limit=501", value),
        ("/v1/users?limit=-1", value),
        ("/v1/users?offset=-1", value),
        ("/v1/users?limit=ten", (422, "form_param_type_invalid")),
        ("/v1/users?limit=1.5", (422, "form_param_type_invalid")),
        ("/v1/users?order_by=age", value),
        ("/v1/users?web3_wallet=0x1", (400, "not_supported_by_local_clerk")),
        ("/v1/users?provider_user_id=1", (422, "form_param_missing")),
        ("/v1/users?starting_after=user_x", (404, "resource_not_found")),
        (
            "/v1/users?created_at_before=today",
            (422, "form_param_type_invalid"),
        ),
        ("/v1/users?banned=maybe", (422, "form_param_type_invalid")),
        ("/v1/invitations?status=lost", value),
        ("/v1/invitations?order_by=status", value),
        ("/v1/machines?limit=0", value),
        ("/v1/m2m_tokens?subject=mch_x&limit=101", value),
    ] {
        let refused = local.backend(Method::GET, path, &Value::Null).await;
        assert_eq!(refused.error(), error, "{path}");
    }
    for path in [
        "/v1/me/organization_memberships?limit=0",
        "/v1/me/billing/statements?offset=-1",
        "/v1/me/billing/payment_methods?limit=501",
    ] {
        assert_eq!(browser.get(path).await.error(), value, "{path}");
    }
    let fields = [("name", "Acme"), ("color", "red")];
    let refused = browser.post("/v1/organizations", &fields).await;
    assert_eq!(refused.error(), (422, "form_param_unknown"));
    assert!(refused.body["meta"]["client"].is_object());
    browser.post("/v1/organizations", &fields[..1]).await.ok();
    let empty = browser.get("/v1/me/billing/payment_methods?offset=1").await.ok();
    assert_eq!(
        (&empty["response"]["data"], &empty["response"]["total_count"]),
        (&json!([]), &json!(1))
    );

    for _ in 0..3 {
        user(&local, &json!({ "skip_user_requirement": true })).await;
    }
    let ids = |list: Value| -> Vec<Value> {
        list.as_array()
            .unwrap()
            .iter()
            .map(|user| user["id"].clone())
            .collect()
    };
    let all = ids(local.backend(Method::GET, "/v1/users", &Value::Null).await.ok());
    let path = format!("/v1/users?limit=2&starting_after={}", all[0].as_str().unwrap());
    let page = ids(local.backend(Method::GET, &path, &Value::Null).await.ok());
    assert_eq!(page, all[1..3]);
    let both = local
        .backend(Method::GET, &format!("{path}&offset=1"), &Value::Null)
        .await;
    assert_eq!(both.error(), value);
    let nobody = "/v1/users?provider=google&provider_user_id=1";
    assert_eq!(
        local.backend(Method::GET, nobody, &Value::Null).await.ok(),
        json!([])
    );
}

#[tokio::test]
async fn what_a_backend_says_about_a_user_is_kept() {
    let local = Local::new(Instance::Development).await;
    let body = json!({
        "email_address": ["joe@example.com"],
        "email_address_identification_status": ["verified"],
        "password": "short",
        "skip_password_checks": true,
        "legal_accepted_at": "2012-10-20T07:15:20.902Z",
        "created_at": "2012-10-20T07:15:20.902Z",
        "delete_self_enabled": false,
        "create_organization_enabled": false,
        "create_organizations_limit": 1,
        "bypass_client_trust": true,
    });
    let joe = user(&local, &body).await;
    assert_eq!(
        (&joe["legal_accepted_at"], &joe["created_at"]),
        (&json!(1_350_717_320_902_i64), &json!(1_350_717_320_902_i64))
    );
    assert_eq!(
        [
            &joe["delete_self_enabled"],
            &joe["create_organization_enabled"],
            &joe["bypass_client_trust"]
        ],
        [false, false, true]
    );
    let mut browser = local.browser().await;
    let fields = [("identifier", "joe@example.com"), ("password", "short")];
    browser.post("/v1/client/sign_ins", &fields).await.ok();
    let deleted = browser.call(Method::DELETE, "/v1/me", &[]).await;
    assert_eq!(deleted.error(), (403, "authorization_invalid"));
    let acme = [("name", "Acme")];
    let refused = browser.post("/v1/organizations", &acme).await;
    assert_eq!(refused.error(), (403, "authorization_invalid"));

    let path = format!("/v1/users/{}", joe["id"].as_str().unwrap());
    let change = json!({ "create_organization_enabled": true, "delete_self_enabled": true,
        "created_at": "2013-01-01T00:00:00Z" });
    let joe = local.backend(Method::PATCH, &path, &change).await.ok();
    assert_eq!(joe["created_at"], 1_356_998_400_000_i64);
    browser.post("/v1/organizations", &acme).await.ok();
    let second = browser.post("/v1/organizations", &acme).await;
    assert_eq!(second.error(), (403, "authorization_invalid"));
    browser.call(Method::DELETE, "/v1/me", &[]).await.ok();
}

#[tokio::test]
async fn sign_up_keeps_the_consent_and_either_kind_of_contact() {
    let local =
        Local::with_seed("[settings]\nphone_number = \"optional\"\nemail_address = \"optional\"\n").await;
    let mut browser = local.browser().await;
    let fields = [
        ("email_address_or_phone_number", "+1 201 555 0100"),
        ("password", PASSWORD),
        ("legal_accepted", "true"),
    ];
    let sign_up = browser.post("/v1/client/sign_ups", &fields).await.ok()["response"].take();
    assert_eq!(sign_up["phone_number"], "+12015550100");
    assert!(sign_up["legal_accepted_at"].is_i64());
    let path = format!("/v1/client/sign_ups/{}", sign_up["id"].as_str().unwrap());
    let other = [
        ("email_address_or_phone_number", "joe@example.com"),
        ("phone_number", ""),
    ];
    let changed = browser.call(Method::PATCH, &path, &other).await.ok()["response"].take();
    assert_eq!(changed["email_address"], "joe@example.com");
    for (kind, field) in [("phone_code", "phone_number"), ("email_code", "email_address")] {
        let strategy = [("strategy", kind), ("code", "424242")];
        let prepare = format!("{path}/prepare_verification");
        browser.post(&prepare, &strategy[..1]).await.ok();
        let attempt = format!("{path}/attempt_verification");
        let done = browser.post(&attempt, &strategy).await.ok();
        assert_eq!(done["response"]["verifications"][field]["status"], "verified");
    }
    let me = browser.get("/v1/me").await.ok()["response"].take();
    assert_eq!(me["legal_accepted_at"], sign_up["legal_accepted_at"]);
    let wallet = [("web3_wallet", "0x1")];
    let refused = local.browser().await.post("/v1/client/sign_ups", &wallet).await;
    assert_eq!(refused.error(), (400, "not_supported_by_local_clerk"));
    let maybe = [("legal_accepted", "maybe")];
    let refused = local.browser().await.post("/v1/client/sign_ups", &maybe).await;
    assert_eq!(refused.error(), (422, "form_param_type_invalid"));
}

#[tokio::test]
async fn invitations_are_silent_if_asked_and_sorted_as_asked() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let acme = jane
        .post("/v1/organizations", &[("name", "Acme"), ("slug", "acme")])
        .await
        .ok();
    let path = "/v1/organizations/acme/invitations";
    for (address, notify) in [("b@example.com", false), ("a@example.com", true)] {
        let body =
            json!({ "email_address": address, "role": "org:member", "notify": notify, "expires_in_days": 1 });
        local.backend(Method::POST, path, &body).await.ok();
    }
    let quiet = [
        ("email_address", "c@example.com"),
        ("role", "org:member"),
        ("notify", "false"),
    ];
    jane.post(path, &quiet).await.ok();
    let messages = local.page().await.text;
    assert!(messages.contains("a@example.com"));
    assert!(!messages.contains("b@example.com") && !messages.contains("c@example.com"));
    let order = format!("{path}?order_by=%2Bemail_address");
    let sorted = local.backend(Method::GET, &order, &Value::Null).await.ok()["data"].take();
    let addresses = sorted.as_array().unwrap().iter();
    let addresses: Vec<&str> = addresses
        .map(|one| one["email_address"].as_str().unwrap())
        .collect();
    assert_eq!(addresses, ["a@example.com", "b@example.com", "c@example.com"]);

    let revoke = format!("{path}/{}/revoke", sorted[0]["id"].as_str().unwrap());
    let stranger = json!({ "requesting_user_id": "user_x" });
    let refused = local.backend(Method::POST, &revoke, &stranger).await;
    assert_eq!(refused.error(), (404, "resource_not_found"));
    local.backend(Method::POST, &revoke, &json!({})).await.ok();
    let query = "/v1/organizations/acme?include_missing_member_with_elevated_permissions=true";
    let asked = local.backend(Method::GET, query, &Value::Null).await.ok();
    assert_eq!(asked["missing_member_with_elevated_permissions"], false);
    assert_eq!(asked["id"], acme["response"]["id"]);
}

#[tokio::test]
async fn tokens_of_a_backend_last_as_long_as_asked() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let path = format!("/v1/sessions/{}", jane.session_id().await);
    let jwks = jane.jwks().await;
    for (body, lifetime) in [(json!({}), 60), (json!({ "expires_in_seconds": 600 }), 600)] {
        let token = local
            .backend(Method::POST, &format!("{path}/tokens"), &body)
            .await
            .ok();
        let (_, claims) = local.verify(token["jwt"].as_str().unwrap(), &jwks);
        assert_eq!(
            claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
            lifetime
        );
    }
    let short = json!({ "expires_in_seconds": 29 });
    let refused = local
        .backend(Method::POST, &format!("{path}/tokens"), &short)
        .await;
    assert_eq!(refused.error(), (422, "form_param_value_invalid"));
}
