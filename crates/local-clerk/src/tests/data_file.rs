//! A data file of an earlier version of this program opens, and all of its content is served.

use std::fs;

use http::Method;
use serde_json::{Value, json};

use super::{Browser, Data, Local, restart::Scratch};
use crate::Instance;

/// A dump of the file; it describes itself.
const DUMP: &str = include_str!("data_file.sql");

const JANE: &str = "user_3McdjEULTHX83hiq44vwIHeu375";
const ACME: &str = "org_3McdjHSkfHJuMLgzHripi5QAKEc";
const BROWSER: &str = "dvb_3McdjGhqL6mwr99ReXEnX8hVSC0";

fn create(scratch: &Scratch) -> Data {
    fs::create_dir_all(&scratch.0).unwrap();
    let path = scratch.0.join("local.sqlite");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch(DUMP).unwrap();
    Data::File(path)
}

async fn open(scratch: &Scratch) -> Local {
    Local::with_data(Instance::Development, create(scratch)).await
}

async fn get(local: &Local, path: &str) -> Value {
    local.backend(Method::GET, path, &Value::Null).await.ok()
}

/// The browser in which the user of the file is signed in.
async fn signed_in(local: &Local) -> Browser<'_> {
    let mut browser = local.browser().await;
    browser.dev_browser = Some(BROWSER.to_owned());
    browser
}

/// The values of a field in a list.
fn column<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    let list = list.as_array().or(list["data"].as_array()).unwrap();
    list.iter().map(|item| item[field].as_str().unwrap()).collect()
}

#[tokio::test]
async fn serves_users_and_sessions_of_an_earlier_data_file() {
    let scratch = Scratch::new("data-file-users");
    let local = open(&scratch).await;
    let user = get(&local, &format!("/v1/users/{JANE}")).await;
    assert_eq!(user["username"], "jane_doe");
    assert_eq!(user["email_addresses"][0]["email_address"], "jane@example.com");
    assert_eq!(user["public_metadata"], json!({ "colour": "green" }));
    assert_eq!(user["external_accounts"].as_array().unwrap().len(), 1);
    assert_eq!(
        column(&get(&local, "/v1/users").await, "first_name"),
        ["Jane", "Demo"]
    );

    let sessions = get(&local, &format!("/v1/sessions?user_id={JANE}")).await;
    let mut statuses = column(&sessions, "status");
    statuses.sort_unstable();
    assert_eq!(statuses, ["active", "ended", "revoked"]);
    assert_eq!(get(&local, "/v1/clients").await.as_array().unwrap().len(), 5);

    let mut browser = signed_in(&local).await;
    assert_eq!(browser.get("/v1/me").await.ok()["response"]["id"], JANE);
    let token = browser.token().await;
    let (_, claims) = local.verify(&token, &browser.jwks().await);
    assert_eq!((&claims["sub"], &claims["pla"]), (&json!(JANE), &json!("u:pro")));
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        60
    );
    let fields = [
        ("strategy", "password"),
        ("identifier", "jane_doe"),
        ("password", "correct horse battery"),
    ];
    let mut other = local.browser().await;
    let signed_in = other.post("/v1/client/sign_ins", &fields).await.ok();
    assert_eq!(signed_in["response"]["status"], "complete");
}

#[tokio::test]
async fn serves_organizations_and_invitations_of_an_earlier_data_file() {
    let scratch = Scratch::new("data-file-organizations");
    let local = open(&scratch).await;
    let organization = get(&local, "/v1/organizations/acme").await;
    assert_eq!(
        (&organization["id"], &organization["name"]),
        (&json!(ACME), &json!("Acme"))
    );
    let path = format!("/v1/organizations/{ACME}");
    let members = get(&local, &format!("{path}/memberships")).await;
    assert_eq!(column(&members, "role"), ["org:admin"]);
    let domains = get(&local, &format!("{path}/domains")).await;
    assert_eq!(column(&domains, "name"), ["acme.example"]);
    for (status, email_address) in [("pending", "joe@example.com"), ("revoked", "ann@example.com")] {
        let path = format!("{path}/invitations?status={status}");
        let invitations = get(&local, &path).await;
        assert_eq!(column(&invitations, "email_address"), [email_address]);
    }
    let invitations = get(&local, "/v1/invitations?status=pending").await;
    assert_eq!(column(&invitations, "email_address"), ["max@example.com"]);
}

#[tokio::test]
async fn serves_the_subscription_of_an_earlier_data_file() {
    let scratch = Scratch::new("data-file-billing");
    let local = open(&scratch).await;
    let subscription = get(&local, &format!("/v1/users/{JANE}/billing/subscription")).await;
    let item = &subscription["subscription_items"][0];
    assert_eq!(
        (&item["plan"]["slug"], &item["status"]),
        (&json!("pro"), &json!("active"))
    );
    assert_eq!(column(&get(&local, "/v1/billing/plans").await, "slug").len(), 3);
    let mut browser = signed_in(&local).await;
    let attempts = browser.get("/v1/me/billing/payment_attempts").await.ok();
    assert_ne!(attempts["data"].as_array().unwrap().len(), 0);
    let methods = browser.get("/v1/me/billing/payment_methods").await.ok();
    assert_eq!(methods["response"]["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn serves_everything_else_of_an_earlier_data_file() {
    let scratch = Scratch::new("data-file-rest");
    let local = open(&scratch).await;
    for (path, field, value) in [
        ("/v1/jwt_templates", "name", "hasura"),
        ("/v1/machines", "name", "worker"),
        ("/v1/allowlist_identifiers", "identifier", "friend@example.com"),
        ("/v1/redirect_urls", "url", "https://example.com/callback"),
        (&format!("/v1/api_keys?subject={JANE}"), "name", "ci"),
    ] {
        assert_eq!(column(&get(&local, path).await, field), [value], "{path}");
    }
    let page = local.page().await.text;
    for text in [
        "joe@example.com",
        "max@example.com",
        "user.created",
        "session.ended",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[tokio::test]
async fn an_export_of_every_kind_of_document_can_be_imported() {
    let scratch = Scratch::new("data-file-export");
    let local = open(&scratch).await;
    let export = get(&local, "/_emulate/export").await;
    let other = Local::new(Instance::Development).await;
    let import = async |export: &Value| {
        let import = other.backend(Method::POST, "/_emulate/import", export);
        import.await.ok();
        get(&other, "/_emulate/export").await
    };
    let imported = import(&export).await;
    assert_eq!(
        column(&imported["documents"], "kind"),
        column(&export["documents"], "kind")
    );
    // The documents of the earlier version have got the fields that they lacked.
    assert_eq!(import(&imported).await, imported);
}

#[tokio::test]
async fn sends_the_pending_webhooks_of_an_earlier_data_file() {
    let scratch = Scratch::new("data-file-webhooks");
    let local = Local::with_webhooks(create(&scratch), "http://127.0.0.1:9/").await;
    let sender = local.shared.webhook_sender();
    let plan = sender.plan(i64::MAX / 2, Vec::new()).await.unwrap();
    let due = plan.due.iter();
    let due: Vec<(&str, &str)> = due.map(|one| (one.event_type.as_str(), one.svix_id())).collect();
    assert_eq!(
        due,
        [
            ("user.created", "msg_3McdjFFUQal72KU0k1qgAkyXhC6"),
            ("session.ended", "msg_3McdjH6r7AJhDN6xuRhgDeqlS9K"),
        ]
    );
}
