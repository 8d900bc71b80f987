use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, Suite};

const ROLES: &str = "/v1/organization_roles";
const PERMISSIONS: &str = "/v1/organization_permissions";

async fn create(suite: &Suite, path: &str, body: Value) -> String {
    let made = suite.backend(Method::POST, path, body).await.ok();
    format!("{path}/{}", made["id"].as_str().unwrap())
}

async fn role_keys(suite: &Suite) -> Vec<String> {
    let roles = suite.backend(Method::GET, ROLES, Value::Null).await.ok();
    let roles = roles["data"].as_array().unwrap().iter();
    roles
        .map(|role| role["key"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn changes_of_roles_and_permissions_are_events() {
    let suite = Suite::start().await;
    let endpoint = json!({
        "url": "http://localhost:9/hook",
        "events": ["role.*", "permission.*", "organizationMembership.updated"],
        "paused": true,
    });
    suite.add_webhook(endpoint).await;
    let permission = json!({ "name": "Write posts", "key": "org:posts:write" });
    let permission = create(&suite, PERMISSIONS, permission).await;
    let role = create(&suite, ROLES, json!({ "name": "Editor", "key": "org:editor" })).await;
    let id = permission.rsplit_once('/').unwrap().1;
    let link = format!("{role}/permissions/{id}");
    suite.backend(Method::POST, &link, Value::Null).await.ok();
    // The role loses the permission.
    suite.backend(Method::DELETE, &permission, Value::Null).await.ok();
    let user = suite.create_user("bob@example.com").await;
    let organization = json!({ "name": "Acme", "slug": "acme", "created_by": user["id"] });
    suite
        .backend(Method::POST, "/v1/organizations", organization)
        .await
        .ok();
    let membership = format!(
        "/v1/organizations/acme/memberships/{}",
        user["id"].as_str().unwrap()
    );
    suite
        .backend(Method::PATCH, &membership, json!({ "role": "org:editor" }))
        .await
        .ok();
    suite
        .backend(Method::PATCH, &role, json!({ "key": "org:writer" }))
        .await
        .ok();
    suite
        .backend(Method::PATCH, &membership, json!({ "role": "org:admin" }))
        .await
        .ok();
    suite.backend(Method::DELETE, &role, Value::Null).await.ok();

    let deliveries = suite.get("/deliveries").await;
    let mut types: Vec<_> = deliveries["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["type"].as_str().unwrap())
        .collect();
    types.reverse();
    assert_eq!(
        types,
        [
            "permission.created",
            "role.created",
            "role.updated",
            "permission.deleted",
            "role.updated",
            "organizationMembership.updated",
            "organizationMembership.updated",
            "role.updated",
            "organizationMembership.updated",
            "role.deleted",
        ]
    );
}

#[tokio::test]
async fn a_seed_that_is_added_has_roles() {
    let suite = Suite::start().await;
    let add =
        async |seed: &'static str| Answer::of(suite.request(Method::POST, "/_emulate/seed").body(seed)).await;
    let seed = r#"
[[permissions]]
key = "org:posts:write"
name = "Write posts"

[[roles]]
key = "org:editor"
name = "Editor"
permissions = ["org:posts:write"]

[[organizations]]
name = "Acme"
slug = "acme"
members = [{ user = "ada@example.com", role = "org:admin" }]
"#;
    add(seed).await.ok();
    assert_eq!(role_keys(&suite).await, ["org:editor", "org:admin", "org:member"]);
    for (seed, param) in [
        ("[[roles]]\nkey = \"org:editor\"\nname = \"E\"\n", "roles.key"),
        ("[[roles]]\nkey = \"org:admin\"\nname = \"A\"\n", "roles.key"),
        (
            "[[permissions]]\nkey = \"org:posts:write\"\nname = \"W\"\n",
            "permissions.key",
        ),
    ] {
        assert_eq!(
            add(seed).await.error(),
            (422, "form_param_value_invalid", param),
            "{seed}"
        );
    }
    suite.post("/reset", Value::Null).await;
    assert_eq!(role_keys(&suite).await, ["org:admin", "org:member"]);
}

#[tokio::test]
async fn state_of_a_version_without_roles_has_the_default_ones() {
    let suite = Suite::start().await;
    create(&suite, ROLES, json!({ "name": "Editor", "key": "org:editor" })).await;
    let mut export = suite.get("/export").await;
    suite.post("/import", export.clone()).await;
    assert_eq!(role_keys(&suite).await, ["org:editor", "org:admin", "org:member"]);
    let documents = export["documents"].as_array_mut().unwrap();
    documents.retain(|document| document["kind"] != "role");
    suite.post("/import", export).await;
    assert_eq!(role_keys(&suite).await, ["org:admin", "org:member"]);
}
