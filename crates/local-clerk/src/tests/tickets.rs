//! The tickets of invitations and of a backend, in browsers where somebody is signed in.

use http::Method;
use serde_json::{Value, json};
use url::Url;

use super::{Answer, Browser, Local, invitations::follow};
use crate::Instance;

const INSTANCES: [Instance; 2] = [Instance::Development, Instance::Production];

/// A browser in which a new user has signed up, and which sends its cookies with links.
async fn signed_up<'l>(local: &'l Local, email_address: &str) -> Browser<'l> {
    let mut browser = local.signed_up(email_address).await;
    browser.remember_dev_browser();
    browser
}

async fn user_id(local: &Local, email_address: &str) -> Value {
    let path = format!("/v1/users?email_address={email_address}");
    let mut users = local.backend(Method::GET, &path, &Value::Null).await.ok();
    users[0]["id"].take()
}

async fn create(local: &Local, path: &str, body: &Value) -> Value {
    local.backend(Method::POST, path, body).await.ok()
}

async fn redeem(browser: &mut Browser<'_>, token: &Value) -> Answer {
    let ticket = [
        ("strategy", "ticket"),
        ("ticket", token["token"].as_str().unwrap()),
    ];
    browser.post("/v1/client/sign_ins", &ticket).await
}

/// Opens an address of the Frontend API, as a link.
async fn open(browser: &mut Browser<'_>, url: &Value) -> Answer {
    let (_, path) = url.as_str().unwrap().split_once("/__clerk").unwrap();
    browser.get(path).await
}

#[tokio::test]
async fn signed_in_user_joins_an_organization_by_opening_its_invitation() {
    for instance in INSTANCES {
        let local = Local::new(instance).await;
        let mut joe = signed_up(&local, "joe@example.com").await;
        let mut jane = signed_up(&local, "jane@example.com").await;
        create(
            &local,
            "/v1/organizations",
            &json!({ "name": "Acme", "slug": "acme" }),
        )
        .await;
        let body = json!({ "email_address": "joe@example.com", "role": "org:admin",
            "redirect_url": "http://localhost:5001/welcome" });
        let invitation = create(&local, "/v1/organizations/acme/invitations", &body).await;
        let url = invitation["url"].as_str().unwrap();

        let (_, place) = follow(&mut jane, url).await;
        assert_eq!(place, "/welcome sign_in", "it is not the invited user");
        let memberships = joe.get("/v1/me/organization_memberships").await.ok();
        assert_eq!(memberships["response"]["total_count"], 0);

        let (_, place) = follow(&mut joe, url).await;
        assert_eq!(place, "/welcome complete");
        let memberships = joe.get("/v1/me/organization_memberships").await.ok()["response"].take();
        assert_eq!(memberships["data"][0]["organization"]["slug"], "acme");
        assert_eq!(memberships["data"][0]["role"], "org:admin");
        let again = open(&mut joe, &invitation["url"]).await;
        assert_eq!(again.error(), (400, "organization_invitation_already_accepted"));
    }
}

#[tokio::test]
async fn link_of_an_actor_token_signs_the_admin_out_first() {
    for instance in INSTANCES {
        let local = Local::new(instance).await;
        let mut admin = signed_up(&local, "admin@example.com").await;
        local.signed_up("joe@example.com").await;
        let joe = user_id(&local, "joe@example.com").await;
        let body = json!({ "user_id": joe, "actor": { "sub": "user_admin" }, "session_max_duration_in_seconds": 120 });
        let token = create(&local, "/v1/actor_tokens", &body).await;
        let url = token["url"].as_str().unwrap();
        assert!(
            url.starts_with("http://localhost:5001/__clerk/v1/tickets/accept?ticket="),
            "{url}"
        );

        let opened = open(&mut admin, &token["url"]).await;
        let location = opened.headers["location"].to_str().unwrap();
        assert!(
            location.starts_with("http://localhost:5001/sign-in?__clerk_ticket="),
            "{location}"
        );
        let cookies = opened.cookies();
        assert!(
            cookies.iter().any(|cookie| cookie.starts_with("__client_uat=0;")),
            "{cookies:?}"
        );
        assert!(
            cookies.iter().any(|cookie| cookie.starts_with("__session=;")),
            "{cookies:?}"
        );
        let client = admin.get("/v1/client").await.ok();
        assert_eq!(client["response"]["sessions"], json!([]));

        let client = redeem(&mut admin, &token).await.ok()["client"].take();
        let session = &client["sessions"][0];
        assert_eq!(
            (&session["user"]["id"], &session["actor"]),
            (&joe, &json!({ "sub": "user_admin" }))
        );
        let lifetime = |end: &str| session[end].as_i64().unwrap() - session["created_at"].as_i64().unwrap();
        assert_eq!(
            (lifetime("expire_at"), lifetime("abandon_at")),
            (120_000, 120_000)
        );
        assert_eq!(
            redeem(&mut admin, &token).await.error(),
            (400, "actor_token_already_used_code")
        );
        assert_eq!(
            open(&mut admin, &token["url"]).await.error(),
            (400, "actor_token_already_used_code")
        );
    }
}

#[tokio::test]
async fn redeeming_an_actor_token_replaces_the_session_unless_there_may_be_several() {
    for (seed, count) in [("", 1), ("[settings]\nmulti_session = true\n", 2)] {
        let local = Local::with_seed(seed).await;
        let mut admin = signed_up(&local, "admin@example.com").await;
        local.signed_up("joe@example.com").await;
        let joe = user_id(&local, "joe@example.com").await;
        let body = json!({ "user_id": joe, "actor": { "sub": "user_admin" } });
        let token = create(&local, "/v1/actor_tokens", &body).await;
        let client = redeem(&mut admin, &token).await.ok()["client"].take();
        let sessions = client["sessions"].as_array().unwrap();
        assert_eq!(sessions.len(), count);
        let session = sessions.last().unwrap();
        assert_eq!(session["user"]["id"], joe);
        let lifetime = session["expire_at"].as_i64().unwrap() - session["created_at"].as_i64().unwrap();
        assert_eq!(lifetime, 30 * 60 * 1000);
    }
}

#[tokio::test]
async fn tickets_are_revoked_as_what_they_are() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("joe@example.com").await;
    let joe = user_id(&local, "joe@example.com").await;
    let body = json!({ "user_id": joe, "actor": { "sub": "user_admin" } });
    let token = create(&local, "/v1/actor_tokens", &body).await;
    let id = token["id"].as_str().unwrap();
    let revoke = |kind: &str| format!("/v1/{kind}/{id}/revoke");
    let other = local
        .backend(Method::POST, &revoke("sign_in_tokens"), &Value::Null)
        .await;
    assert_eq!(other.error(), (404, "resource_not_found"));
    assert_eq!(
        create(&local, &revoke("actor_tokens"), &Value::Null).await["status"],
        "revoked"
    );
    let again = local
        .backend(Method::POST, &revoke("actor_tokens"), &Value::Null)
        .await;
    assert_eq!(again.error(), (400, "actor_token_cannot_be_revoked_code"));
    let mut browser = local.browser().await;
    assert_eq!(
        redeem(&mut browser, &token).await.error(),
        (400, "actor_token_revoked_code")
    );
    let fields = [
        ("strategy", "ticket"),
        ("ticket", token["token"].as_str().unwrap()),
    ];
    let sign_up = browser.post("/v1/client/sign_ups", &fields).await;
    assert_eq!(sign_up.error(), (400, "actor_token_not_in_sign_in_code"));
}

#[tokio::test]
async fn sign_in_token_activates_an_organization() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("joe@example.com").await;
    let joe = user_id(&local, "joe@example.com").await;
    let own = json!({ "name": "Acme", "slug": "acme", "created_by": joe });
    let own = create(&local, "/v1/organizations", &own).await;
    let other = create(&local, "/v1/organizations", &json!({ "name": "Other" })).await;
    let body = json!({ "user_id": joe, "org_id": other["id"] });
    let refused = local.backend(Method::POST, "/v1/sign_in_tokens", &body).await;
    assert_eq!(refused.error(), (404, "resource_not_found"));
    let body = json!({ "user_id": joe, "org_id": own["id"] });
    let token = create(&local, "/v1/sign_in_tokens", &body).await;
    let mut browser = local.browser().await;
    let client = redeem(&mut browser, &token).await.ok()["client"].take();
    assert_eq!(client["sessions"][0]["last_active_organization_id"], own["id"]);
}

fn task(subject: &Value) -> Value {
    json!({
        "on_behalf_of": subject,
        "permissions": "*",
        "agent_name": "tests",
        "task_description": "Buys a plan",
        "redirect_url": "http://localhost:5001/plans?from=task",
    })
}

/// The `Set-Cookie` values that the redirect of an agent task brings to the app's server.
async fn handshake(local: &Local, browser: &mut Browser<'_>, opened: &Answer) -> Vec<String> {
    assert_eq!(opened.status, 307, "{}", opened.text);
    let target = Url::parse(opened.headers["location"].to_str().unwrap()).unwrap();
    assert_eq!((target.path(), target.host_str()), ("/plans", Some("localhost")));
    let mut pairs = target.query_pairs();
    let token = match pairs.find(|(name, _)| name == "__clerk_handshake") {
        Some((_, token)) => token.into_owned(),
        None => browser.cookie("__clerk_handshake").unwrap().to_owned(),
    };
    let (_, claims) = local.verify(&token, &browser.jwks().await);
    serde_json::from_value(claims["handshake"].clone()).unwrap()
}

#[tokio::test]
async fn address_of_an_agent_task_signs_a_browser_in() {
    for instance in INSTANCES {
        let local = Local::new(instance).await;
        local.signed_up("joe@example.com").await;
        let joe = user_id(&local, "joe@example.com").await;
        let made = create(&local, "/v1/agents/tasks", &task(&json!({ "user_id": joe }))).await;
        assert_eq!(
            (&made["object"], &made["task_id"]),
            (&json!("agent_task"), &made["agent_task_id"])
        );

        let mut browser = local.browser().await;
        let opened = open(&mut browser, &made["url"]).await;
        let cookies = handshake(&local, &mut browser, &opened).await;
        let value = |name: &str| {
            let start = format!("{name}=");
            let mut values = cookies.iter().filter_map(|cookie| cookie.strip_prefix(&start));
            values
                .next()
                .map(|value| value.split(';').next().unwrap().to_owned())
        };
        let (_, claims) = local.verify(&value("__session").unwrap(), &browser.jwks().await);
        assert_eq!(
            (&claims["sub"], &claims["azp"]),
            (&joe, &json!("http://localhost:5001"))
        );
        assert_ne!(value("__client_uat").unwrap(), "0");
        if instance == Instance::Development {
            browser.dev_browser = Some(value("__clerk_db_jwt").unwrap());
        }
        let client = browser.get("/v1/client").await.ok()["response"].take();
        let session = &client["sessions"][0];
        assert_eq!(session["user"]["id"], joe);
        let lifetime = session["expire_at"].as_i64().unwrap() - session["created_at"].as_i64().unwrap();
        assert_eq!(lifetime, 30 * 60 * 1000);
        let again = open(&mut browser, &made["url"]).await;
        assert_eq!(again.error(), (400, "agent_task_already_used"));
    }
}

#[tokio::test]
async fn agent_tasks_are_created_for_one_user_and_revoked() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("joe@example.com").await;
    let joe = user_id(&local, "joe@example.com").await;
    let first = create(&local, "/v1/agents/tasks", &task(&json!({ "user_id": joe }))).await;
    let by_address = json!({ "identifier": "Joe@example.com" });
    let second = create(&local, "/v1/agents/tasks", &task(&by_address)).await;
    assert_eq!(first["agent_id"], second["agent_id"]);
    assert_ne!(first["agent_task_id"], second["agent_task_id"]);
    let mut other = task(&by_address);
    other["agent_name"] = json!("other");
    assert_ne!(
        create(&local, "/v1/agents/tasks", &other).await["agent_id"],
        first["agent_id"]
    );

    let path = format!("/v1/agents/tasks/{}/revoke", second["task_id"].as_str().unwrap());
    let revoked = create(&local, &path, &Value::Null).await;
    assert_eq!(
        (&revoked["task_id"], revoked.get("url")),
        (&second["task_id"], None)
    );
    let mut browser = local.browser().await;
    let opened = open(&mut browser, &second["url"]).await;
    assert_eq!(opened.error(), (400, "agent_task_revoked"));

    for (change, status, code) in [
        (json!({ "on_behalf_of": null }), 422, "form_param_missing"),
        (json!({ "on_behalf_of": {} }), 422, "form_param_value_invalid"),
        (
            json!({ "on_behalf_of": { "user_id": joe, "identifier": "joe@example.com" } }),
            422,
            "form_param_value_invalid",
        ),
        (
            json!({ "on_behalf_of": { "user_id": "user_x" } }),
            404,
            "resource_not_found",
        ),
        (json!({ "permissions": "read" }), 422, "form_param_value_invalid"),
        (json!({ "agent_name": "" }), 422, "form_param_missing"),
        (
            json!({ "redirect_url": "/plans" }),
            422,
            "form_param_format_invalid",
        ),
        (
            json!({ "session_max_duration_in_seconds": 0 }),
            422,
            "form_param_value_invalid",
        ),
        (json!({ "scope": "all" }), 422, "form_param_unknown"),
    ] {
        let mut body = task(&json!({ "user_id": joe }));
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let refused = local.backend(Method::POST, "/v1/agents/tasks", &body).await;
        assert_eq!(refused.error(), (status, code), "{change}");
    }
    let mut away = task(&json!({ "user_id": joe }));
    away["redirect_url"] = json!("https://evil.example/");
    let away = create(&local, "/v1/agents/tasks", &away).await;
    let refused = open(&mut browser, &away["url"]).await;
    assert_eq!(refused.error(), (422, "form_param_format_invalid"));
}
