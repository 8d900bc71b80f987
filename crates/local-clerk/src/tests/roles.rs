//! Custom roles and permissions of organizations.

mod granted;

use http::Method;
use serde_json::{Value, json};

use super::{Answer, Browser, Local};
use crate::Instance;

const ROLES: &str = "/v1/organization_roles";
const PERMISSIONS: &str = "/v1/organization_permissions";

const SEED: &str = r#"
[[permissions]]
key = "org:invoices:read"
name = "Read invoices"

[[permissions]]
key = "org:invoices:pay"
name = "Pay invoices"

[[permissions]]
key = "org:reports:read"
name = "Read reports"
description = "Every Monday"

[[roles]]
key = "org:recruiter"
name = "Recruiter"
permissions = ["org:sys_memberships:read", "org:sys_memberships:manage"]

[[roles]]
key = "org:accountant"
name = "Accountant"
description = "Pays"
permissions = ["org:reports:read", "org:invoices:pay", "org:invoices:read", "org:sys_billing:manage"]

[[users]]
email_addresses = ["ada@example.com"]
password = "correct horse battery"

[[users]]
email_addresses = ["rita@example.com"]
password = "correct horse battery"

[[organizations]]
name = "Acme"
slug = "acme"
members = [
    { user = "ada@example.com", role = "org:admin" },
    { user = "rita@example.com", role = "org:recruiter" },
]
"#;

async fn get(local: &Local, path: &str) -> Value {
    local.backend(Method::GET, path, &Value::Null).await.ok()
}

async fn post(local: &Local, path: &str, body: Value) -> Answer {
    local.backend(Method::POST, path, &body).await
}

async fn patch(local: &Local, path: &str, body: Value) -> Answer {
    local.backend(Method::PATCH, path, &body).await
}

async fn delete(local: &Local, path: &str) -> Answer {
    local.backend(Method::DELETE, path, &Value::Null).await
}

/// The path of the role or permission with this key.
async fn path_of(local: &Local, list: &str, key: &str) -> String {
    let found = get(local, &format!("{list}?limit=100&query={key}")).await;
    let mut all = found["data"].as_array().unwrap().iter();
    let one = all.find(|one| one["key"] == key).unwrap();
    format!("{list}/{}", one["id"].as_str().unwrap())
}

fn keys(list: &Value) -> Vec<&str> {
    let all = list.as_array().unwrap().iter();
    all.map(|one| one["key"].as_str().unwrap()).collect()
}

async fn sign_in<'l>(local: &'l Local, address: &str) -> Browser<'l> {
    let mut browser = local.browser().await;
    let fields = [("identifier", address), ("password", "correct horse battery")];
    browser.post("/v1/client/sign_ins", &fields).await.ok();
    browser
}

async fn give_role(local: &Local, organization: &str, member: &mut Browser<'_>, role: &str) -> Answer {
    let user = member.get("/v1/me").await.ok()["response"]["id"].take();
    let path = format!(
        "/v1/organizations/{organization}/memberships/{}",
        user.as_str().unwrap()
    );
    patch(local, &path, json!({ "role": role })).await
}

#[tokio::test]
async fn backend_creates_changes_and_deletes_roles() {
    let local = Local::with_seed(SEED).await;
    let permission = json!({ "name": "Write posts", "key": "org:posts:write", "description": "All of them" });
    let permission = post(&local, PERMISSIONS, permission).await.ok();
    assert_eq!(
        (&permission["type"], &permission["description"]),
        (&json!("user"), &json!("All of them"))
    );
    let id = &permission["id"];
    let body = json!({ "name": "Editor", "key": "org:editor", "permissions": [id, id] });
    let role = post(&local, ROLES, body).await.ok();
    assert_eq!(keys(&role["permissions"]), ["org:posts:write"]);
    assert_eq!(role["is_creator_eligible"], false);
    let path = format!("{ROLES}/{}", role["id"].as_str().unwrap());
    assert_eq!(get(&local, &path).await, role);

    let read = path_of(&local, PERMISSIONS, "org:sys_memberships:read").await;
    let link = format!("{path}/permissions/{}", read.rsplit_once('/').unwrap().1);
    let assigned = post(&local, &link, Value::Null).await.ok();
    assert_eq!(
        keys(&assigned["permissions"]),
        ["org:sys_memberships:read", "org:posts:write"]
    );
    let again = post(&local, &link, Value::Null).await;
    assert_eq!(
        again.error(),
        (409, "organization_role_permission_association_exists")
    );
    delete(&local, &link).await.ok();
    let gone = delete(&local, &link).await;
    assert_eq!(
        gone.error(),
        (404, "organization_role_permission_association_not_found")
    );

    let mut rita = sign_in(&local, "rita@example.com").await;
    give_role(&local, "acme", &mut rita, "org:editor").await.ok();
    let change = json!({ "name": "Writer", "key": "org:writer", "description": "Writes" });
    let changed = patch(&local, &path, change).await.ok();
    assert_eq!(
        (&changed["key"], &changed["description"]),
        (&json!("org:writer"), &json!("Writes"))
    );
    let membership = &get(&local, "/v1/organizations/acme/memberships?role=org:writer").await["data"][0];
    assert_eq!(
        (&membership["role_name"], &membership["permissions"]),
        (&json!("Writer"), &json!(["org:posts:write"]))
    );
    let permission = format!("{PERMISSIONS}/{}", id.as_str().unwrap());
    let renamed = patch(
        &local,
        &permission,
        json!({ "key": "org:posts:publish", "description": "" }),
    )
    .await
    .ok();
    assert_eq!(
        (&renamed["name"], &renamed["description"]),
        (&json!("Write posts"), &json!(""))
    );
    assert_eq!(
        keys(&get(&local, &path).await["permissions"]),
        ["org:posts:publish"]
    );
    delete(&local, &permission).await.ok();
    assert_eq!(get(&local, &path).await["permissions"], json!([]));

    let used = delete(&local, &path).await;
    assert_eq!(used.error(), (422, "organization_role_assigned_members"));
    give_role(&local, "acme", &mut rita, "org:recruiter").await.ok();
    let invite = json!({ "email_address": "new@example.com", "role": "org:writer" });
    let invitations = "/v1/organizations/acme/invitations";
    let invitation = post(&local, invitations, invite).await.ok();
    let used = delete(&local, &path).await;
    assert_eq!(used.error(), (422, "organization_role_exists_in_invitations"));
    let revoke = format!("{invitations}/{}/revoke", invitation["id"].as_str().unwrap());
    post(&local, &revoke, Value::Null).await.ok();
    assert_eq!(delete(&local, &path).await.ok()["object"], "role");
    assert_eq!(delete(&local, &path).await.error(), (404, "resource_not_found"));
    assert_eq!(
        get(&local, invitations).await["data"][0]["role_name"],
        "org:writer"
    );
}

#[tokio::test]
async fn invalid_roles_and_permissions_are_refused() {
    let local = Local::with_seed(SEED).await;
    for (list, key, expected) in [
        (ROLES, "editor", (422, "form_param_format_invalid")),
        (ROLES, "org:", (422, "form_param_format_invalid")),
        (ROLES, "org:Editor", (422, "form_param_format_invalid")),
        (ROLES, "org:member", (422, "form_identifier_exists")),
        (PERMISSIONS, "org:posts", (422, "form_param_format_invalid")),
        (
            PERMISSIONS,
            "org:posts:write:all",
            (422, "form_param_format_invalid"),
        ),
        (
            PERMISSIONS,
            "org:sys_posts:write",
            (422, "form_param_format_invalid"),
        ),
        (PERMISSIONS, "org:invoices:pay", (422, "form_identifier_exists")),
    ] {
        let refused = post(&local, list, json!({ "name": "X", "key": key })).await;
        assert_eq!(refused.error(), expected, "{list} {key}");
    }
    let (accountant, recruiter) = (
        path_of(&local, ROLES, "org:accountant").await,
        path_of(&local, ROLES, "org:recruiter").await,
    );
    let admin = path_of(&local, ROLES, "org:admin").await;
    for (path, body, expected) in [
        (
            &accountant,
            json!({ "key": "org:recruiter" }),
            (422, "form_identifier_exists"),
        ),
        (
            &accountant,
            json!({ "permissions": ["perm_unknown"] }),
            (404, "resource_not_found"),
        ),
        (
            &admin,
            json!({ "permissions": [] }),
            (422, "organization_missing_creator_role_permissions"),
        ),
    ] {
        assert_eq!(patch(&local, path, body).await.error(), expected, "{path}");
    }
    let outside = json!({ "name": "X", "key": "org:x", "include_in_initial_role_set": false });
    assert_eq!(
        post(&local, ROLES, outside).await.error(),
        (400, "not_supported_by_local_clerk")
    );
    for path in [admin, recruiter, path_of(&local, ROLES, "org:member").await] {
        assert_eq!(delete(&local, &path).await.status, 422, "{path}");
    }
    let system = path_of(&local, PERMISSIONS, "org:sys_billing:read").await;
    for refused in [
        delete(&local, &system).await,
        patch(&local, &system, json!({ "name": "X" })).await,
    ] {
        assert_eq!(
            refused.error(),
            (403, "organization_system_permission_not_modifiable")
        );
    }
    for number in 0..6 {
        let role = json!({ "name": "X", "key": format!("org:role_{number}") });
        post(&local, ROLES, role).await.ok();
    }
    let eleventh = post(&local, ROLES, json!({ "name": "X", "key": "org:eleventh" })).await;
    assert_eq!(
        eleventh.error(),
        (403, "organization_instance_roles_quota_exceeded")
    );
    let sorted = get(&local, &format!("{ROLES}?order_by=key&limit=3")).await;
    assert_eq!(
        keys(&sorted["data"]),
        ["org:accountant", "org:admin", "org:member"]
    );
}

#[tokio::test]
async fn the_role_set_determines_the_roles_of_creators_and_new_members() {
    let local = Local::with_seed(SEED).await;
    let needed = [
        "org:sys_memberships:manage",
        "org:sys_memberships:read",
        "org:sys_profile:delete",
    ];
    let mut ids = Vec::new();
    for key in needed {
        let path = path_of(&local, PERMISSIONS, key).await;
        ids.push(path.rsplit_once('/').unwrap().1.to_owned());
    }
    let body = json!({ "name": "Owner", "key": "org:owner", "permissions": ids });
    let owner = post(&local, ROLES, body).await.ok();
    assert_eq!(owner["is_creator_eligible"], true);
    let sets = get(&local, "/v1/role_sets").await;
    let set = &sets["data"][0];
    assert_eq!(
        (&set["creator_role"]["key"], &set["type"]),
        (&json!("org:admin"), &json!("initial"))
    );
    assert_eq!(set["roles"].as_array().unwrap().len(), 5);
    let path = "/v1/role_sets/role_set:default";
    let refused = patch(&local, path, json!({ "creator_role_key": "org:accountant" })).await;
    assert_eq!(
        refused.error(),
        (422, "organization_missing_creator_role_permissions")
    );
    let change =
        json!({ "creator_role_key": "org:owner", "default_role_key": "org:accountant", "name": "Ours" });
    let changed = patch(&local, path, change).await.ok();
    assert_eq!(
        (&changed["default_role"]["key"], &changed["name"]),
        (&json!("org:accountant"), &json!("Ours"))
    );
    assert_eq!(get(&local, path).await, changed);
    let unknown = local
        .backend(Method::GET, "/v1/role_sets/role_set:other", &Value::Null)
        .await;
    assert_eq!(unknown.error(), (404, "resource_not_found"));

    let mut jane = local.signed_up("jane@example.com").await;
    jane.post("/v1/organizations", &[("name", "Jane's"), ("slug", "janes")])
        .await
        .ok();
    let members = get(&local, "/v1/organizations/janes/memberships").await;
    assert_eq!(members["data"][0]["role"], "org:owner");
    let environment = jane.get("/v1/environment").await.ok()["organization_settings"].take();
    assert_eq!(
        (
            &environment["creator_role"],
            &environment["domains"]["default_role"]
        ),
        (&json!("org:owner"), &json!("org:accountant"))
    );
    let owner_path = format!("{ROLES}/{}", owner["id"].as_str().unwrap());
    let used = delete(&local, &owner_path).await;
    assert_eq!(used.error(), (422, "organization_role_default_creator_role"));
    // The last owner cannot leave, although nobody is an admin.
    let leave = format!(
        "/v1/me/organization_memberships/{}",
        members["data"][0]["organization"]["id"].as_str().unwrap()
    );
    let refused = jane.call(Method::DELETE, &leave, &[]).await;
    assert_eq!(refused.error(), (400, "organization_minimum_permissions_needed"));

    patch(&local, &owner_path, json!({ "key": "org:boss" }))
        .await
        .ok();
    let settings = get(&local, "/v1/instance/organization_settings").await;
    assert_eq!(
        (&settings["creator_role"], &settings["domains_default_role"]),
        (&json!("org:boss"), &json!("org:accountant"))
    );
    let admin = path_of(&local, ROLES, "org:admin").await;
    let admin = admin.rsplit_once('/').unwrap().1;
    let back = json!({ "creator_role_id": admin, "domains_default_role_id": admin });
    let settings = patch(&local, "/v1/instance/organization_settings", back)
        .await
        .ok();
    assert_eq!(settings["creator_role"], "org:admin");
    let member = path_of(&local, ROLES, "org:member").await;
    delete(&local, &member).await.ok();
}

#[tokio::test]
async fn a_seed_can_change_a_default_role() {
    let local = Local::with_seed(
        r#"
[[permissions]]
key = "org:posts:write"
name = "Write posts"

[[roles]]
key = "org:member"
name = "Writer"
permissions = ["org:posts:write"]
"#,
    )
    .await;
    let roles = get(&local, ROLES).await;
    assert_eq!(keys(&roles["data"]), ["org:member", "org:admin"]);
    let writer = &roles["data"][0];
    assert_eq!(
        (&writer["name"], writer["id"].as_str()),
        (&json!("Writer"), Some("role_local_member"))
    );
    assert_eq!(keys(&writer["permissions"]), ["org:posts:write"]);
}

#[tokio::test]
async fn new_instances_have_the_default_roles() {
    let local = Local::new(Instance::Development).await;
    let roles = get(&local, ROLES).await;
    assert_eq!(keys(&roles["data"]), ["org:admin", "org:member"]);
    assert_eq!(
        keys(&roles["data"][1]["permissions"]),
        ["org:sys_memberships:read", "org:sys_billing:read"]
    );
    let system = get(&local, &format!("{PERMISSIONS}?limit=100")).await;
    assert_eq!(
        keys(&roles["data"][0]["permissions"]).len(),
        keys(&system["data"]).len()
    );
}
