//! Invitations and their links.

use http::Method;
use serde_json::{Value, json};

use super::{Answer, Browser, Local, PASSWORD};
use crate::Instance;

const RESTRICTED: &str = "[settings]\nsign_up_mode = \"restricted\"\n";

async fn invite(local: &Local, email_address: &str) -> Value {
    let body = json!({ "email_address": email_address, "public_metadata": { "plan": "beta" } });
    local.backend(Method::POST, "/v1/invitations", &body).await.ok()
}

/// Follows the link of an invitation and returns the ticket and where it redirects to.
pub(super) async fn follow(browser: &mut Browser<'_>, url: &str) -> (String, String) {
    let (_, path) = url.split_once("/__clerk").unwrap();
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let target = url::Url::parse(answer.headers["location"].to_str().unwrap()).unwrap();
    let query = |name: &str| {
        let mut pairs = target.query_pairs();
        pairs.find(|(key, _)| key == name).unwrap().1.into_owned()
    };
    let place = format!("{} {}", target.path(), query("__clerk_status"));
    (query("__clerk_ticket"), place)
}

async fn sign_up(browser: &mut Browser<'_>, ticket: &str) -> Answer {
    let fields = [("strategy", "ticket"), ("ticket", ticket)];
    browser.post("/v1/client/sign_ups", &fields).await
}

#[tokio::test]
async fn restricted_sign_up_requires_an_invitation() {
    let local = Local::with_seed(RESTRICTED).await;
    let mut browser = local.browser().await;
    let fields = [("email_address", "jane@example.com"), ("password", PASSWORD)];
    let refused = browser.post("/v1/client/sign_ups", &fields).await;
    assert_eq!(refused.error(), (403, "sign_up_mode_restricted"));
    let social = [
        ("strategy", "oauth_custom_local"),
        ("redirect_url", "http://localhost:5001/sso"),
    ];
    let refused = browser.post("/v1/client/sign_ups", &social).await;
    assert_eq!(refused.error(), (403, "sign_up_mode_restricted"));

    let invitation = invite(&local, "Jane@Example.com").await;
    assert_eq!(
        (&invitation["status"], &invitation["email_address"]),
        (&json!("pending"), &json!("jane@example.com"))
    );
    let (ticket, place) = follow(&mut browser, invitation["url"].as_str().unwrap()).await;
    assert_eq!(place, "/sign-up sign_up");
    let started = sign_up(&mut browser, &ticket).await.ok()["response"].take();
    assert_eq!(started["email_address"], "jane@example.com");
    assert_eq!(started["verifications"]["email_address"]["strategy"], "ticket");
    assert_eq!(
        (&started["missing_fields"], &started["unverified_fields"]),
        (&json!(["password"]), &json!([]))
    );
    let path = format!("/v1/client/sign_ups/{}", started["id"].as_str().unwrap());
    let fields = [
        ("strategy", "ticket"),
        ("ticket", ticket.as_str()),
        ("email_address", "somebody@else.example"),
        ("password", PASSWORD),
    ];
    let done = browser.call(Method::PATCH, &path, &fields).await.ok();
    assert_eq!(done["response"]["status"], "complete");
    let me = browser.get("/v1/me").await.ok()["response"].take();
    assert_eq!(me["email_addresses"].as_array().unwrap().len(), 1);
    assert_eq!(me["email_addresses"][0]["email_address"], "jane@example.com");
    assert_eq!(me["email_addresses"][0]["verification"]["strategy"], "ticket");
    assert_eq!(me["public_metadata"], json!({ "plan": "beta" }));
    let list = local
        .backend(Method::GET, "/v1/invitations", &Value::Null)
        .await
        .ok();
    assert_eq!(list[0]["status"], "accepted");

    let mut other = local.browser().await;
    let again = sign_up(&mut other, &ticket).await;
    assert_eq!(again.error(), (400, "invitation_already_accepted"));
    let again = other.get(&format!("/v1/tickets/accept?ticket={ticket}")).await;
    assert_eq!(again.error(), (400, "invitation_already_accepted"));
}

#[tokio::test]
async fn invitation_link_signs_an_existing_user_in() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("jane@example.com").await;
    let taken = json!({ "email_address": "jane@example.com" });
    let taken = local.backend(Method::POST, "/v1/invitations", &taken).await;
    assert_eq!(taken.error(), (422, "form_identifier_exists"));
    let body = json!({ "email_address": "jane@example.com", "ignore_existing": true, "notify": false,
        "redirect_url": "http://localhost:5001/welcome?from=mail" });
    let invitation = local.backend(Method::POST, "/v1/invitations", &body).await.ok();
    let mut browser = local.browser().await;
    let (ticket, place) = follow(&mut browser, invitation["url"].as_str().unwrap()).await;
    assert_eq!(place, "/welcome sign_in");
    let account = sign_up(&mut browser, &ticket).await;
    assert_eq!(account.error(), (400, "invitation_account_exists"));
    let fields = [("strategy", "ticket"), ("ticket", ticket.as_str())];
    let done = browser.post("/v1/client/sign_ins", &fields).await.ok();
    assert_eq!(done["response"]["status"], "complete");
    assert_eq!(done["response"]["identifier"], "jane@example.com");

    let unknown = invite(&local, "joe@example.com").await;
    let mut other = local.browser().await;
    let (ticket, _) = follow(&mut other, unknown["url"].as_str().unwrap()).await;
    let fields = [("strategy", "ticket"), ("ticket", ticket.as_str())];
    let nobody = other.post("/v1/client/sign_ins", &fields).await;
    assert_eq!(nobody.error(), (400, "invitation_account_not_exists"));
}

#[tokio::test]
async fn lists_revokes_and_validates_invitations() {
    let local = Local::new(Instance::Development).await;
    let two = json!([{ "email_address": "a@example.com" }, { "email_address": "b@example.com" }]);
    let created = local
        .backend(Method::POST, "/v1/invitations/bulk", &two)
        .await
        .ok();
    assert_eq!(created.as_array().unwrap().len(), 2);
    let some = json!([{ "email_address": "c@example.com" }, { "email_address": "a@example.com" }]);
    let duplicate = local.backend(Method::POST, "/v1/invitations/bulk", &some).await;
    assert_eq!(duplicate.error(), (400, "duplicate_record"));
    assert_eq!(
        duplicate.body["errors"][0]["meta"]["email_addresses"],
        json!(["a@example.com"])
    );
    let list = |query: &str| {
        let path = format!("/v1/invitations?paginated=true{query}");
        let local = &local;
        async move { local.backend(Method::GET, &path, &Value::Null).await.ok() }
    };
    let all = list("").await;
    assert_eq!(all["total_count"], 2, "a bulk request invites all or none");
    assert_eq!(all["data"][0]["email_address"], "b@example.com");

    let path = format!("/v1/invitations/{}/revoke", created[0]["id"].as_str().unwrap());
    let revoked = local.backend(Method::POST, &path, &Value::Null).await.ok();
    assert_eq!(
        (&revoked["revoked"], &revoked["status"]),
        (&json!(true), &json!("revoked"))
    );
    let twice = local.backend(Method::POST, &path, &Value::Null).await;
    assert_eq!(twice.error(), (400, "invitation_already_revoked"));
    assert_eq!(list("").await["total_count"], 1);
    assert_eq!(list("&status=revoked").await["total_count"], 1);
    assert_eq!(list("&query=b%40").await["total_count"], 1);
    let mut browser = local.browser().await;
    let (_, ticket) = created[0]["url"].as_str().unwrap().split_once("ticket=").unwrap();
    assert_eq!(
        sign_up(&mut browser, ticket).await.error(),
        (400, "revoked_invitation")
    );
    assert_eq!(
        sign_up(&mut browser, "nonsense").await.error(),
        (400, "ticket_invalid_code")
    );
    let missing = browser
        .post("/v1/client/sign_ups", &[("strategy", "ticket")])
        .await;
    assert_eq!(missing.error(), (422, "form_param_missing"));

    for (body, code) in [
        (json!({}), "form_param_missing"),
        (json!({ "email_address": "nobody" }), "form_param_format_invalid"),
        (
            json!({ "email_address": "x@example.com", "expires_in_days": 0 }),
            "form_param_value_invalid",
        ),
        (
            json!({ "email_address": "x@example.com", "redirect_url": "https://evil.example/" }),
            "form_param_format_invalid",
        ),
    ] {
        let refused = local.backend(Method::POST, "/v1/invitations", &body).await;
        assert_eq!(refused.error(), (422, code), "{body}");
    }
    let unknown = local
        .backend(Method::POST, "/v1/invitations/inv_x/revoke", &Value::Null)
        .await;
    assert_eq!(unknown.error(), (404, "resource_not_found"));
}

#[tokio::test]
async fn organization_invitation_signs_a_new_user_up() {
    let local = Local::with_seed(
        "[settings]\nsign_up_mode = \"restricted\"\n\
         [[users]]\nemail_addresses = [\"jane@example.com\"]\npassword = \"correct horse battery\"\n\
         [[organizations]]\nname = \"Acme\"\nslug = \"acme\"\n\
         members = [{ user = \"jane@example.com\", role = \"org:admin\" }]\n",
    )
    .await;
    let mut jane = local.browser().await;
    let fields = [("identifier", "jane@example.com"), ("password", PASSWORD)];
    jane.post("/v1/client/sign_ins", &fields).await.ok();
    let fields = [("email_address", "joe@example.com"), ("role", "org:admin")];
    let path = "/v1/organizations/acme/invitations";
    let invitation = jane.post(path, &fields).await.ok()["response"].take();
    let mut joe = local.browser().await;
    let (ticket, place) = follow(&mut joe, invitation["url"].as_str().unwrap()).await;
    assert_eq!(place, "/sign-up sign_up");
    let sign_in = [("strategy", "ticket"), ("ticket", ticket.as_str())];
    let nobody = joe.post("/v1/client/sign_ins", &sign_in).await;
    assert_eq!(
        nobody.error(),
        (400, "organization_invitation_identification_not_exist")
    );
    let fields = [
        ("strategy", "ticket"),
        ("ticket", ticket.as_str()),
        ("password", PASSWORD),
    ];
    let done = joe.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(done["response"]["status"], "complete");
    let session = &done["client"]["sessions"][0];
    let membership = &session["user"]["organization_memberships"][0];
    assert_eq!(
        (&membership["organization"]["slug"], &membership["role"]),
        (&json!("acme"), &json!("org:admin"))
    );
    assert_eq!(
        session["last_active_organization_id"],
        membership["organization"]["id"]
    );
    let again = local.browser().await.post("/v1/client/sign_ups", &fields).await;
    assert_eq!(again.error(), (400, "organization_invitation_already_accepted"));
}
