use local_clerk::LocalClerk;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, SEED, Suite};

const BOB: &str = "[[users]]\nemail_addresses = [\"bob@example.com\"]\n";

async fn seed(suite: &Suite, method: Method, toml: &str) -> Answer {
    Answer::of(suite.request(method, "/_emulate/seed").body(toml.to_owned())).await
}

#[tokio::test]
async fn a_reset_goes_back_to_the_seed_and_keeps_the_keys() {
    let suite = Suite::start().await;
    let jwks = suite.backend(Method::GET, "/v1/jwks", Value::Null).await.ok();
    suite.create_user("bob@example.com").await;
    let browser = suite.signed_in().await;
    suite
        .control(Method::PATCH, "/settings", json!({ "username": "optional" }))
        .await
        .ok();
    suite.post("/clock", json!({ "advance": "1h" })).await;
    suite
        .post("/faults", json!({ "path": "/v1/me", "status": 500 }))
        .await;

    let counts = suite.post("/reset", Value::Null).await;
    assert_eq!(counts, json!({ "users": 1, "organizations": 0 }));
    assert_eq!(suite.addresses().await, ["ada@example.com"]);
    assert_eq!(
        browser.get("/v1/client").await.error().1,
        "dev_browser_unauthenticated"
    );
    assert_eq!(suite.get("/settings").await["username"], "off");
    assert_eq!(suite.get("/clock").await["offset_ms"], 0);
    assert_eq!(suite.get("/faults").await["total_count"], 0);
    assert_eq!(
        suite.backend(Method::GET, "/v1/jwks", Value::Null).await.ok(),
        jwks
    );
    let requests = suite.get("/requests?path=/v1/client/sign_ins").await;
    assert_eq!(requests["total_count"], 0, "the log starts again");
    suite.signed_in().await;
}

#[tokio::test]
async fn a_seed_replaces_everything_and_later_resets_go_back_to_it() {
    let suite = Suite::start().await;
    let counts = seed(&suite, Method::PUT, BOB).await.ok();
    assert_eq!(counts, json!({ "users": 1, "organizations": 0 }));
    assert_eq!(suite.addresses().await, ["bob@example.com"]);
    suite.create_user("cleo@example.com").await;
    suite.post("/reset", json!({})).await;
    assert_eq!(suite.addresses().await, ["bob@example.com"]);
}

#[tokio::test]
async fn the_replaced_seed_survives_a_restart() {
    let directory = std::env::temp_dir().join(format!("local-clerk-emulate-{}", std::process::id()));
    let start = || {
        Suite::with(
            LocalClerk::builder()
                .seed_str(SEED)
                .data(directory.join("seed.sqlite")),
        )
    };
    let suite = start().await;
    seed(&suite, Method::PUT, BOB).await.ok();
    suite.post("/clock", json!({ "advance": "1h" })).await;
    // Without a shutdown, as if it was killed.
    drop(suite);
    let suite = start().await;
    assert_eq!(suite.get("/clock").await["offset_ms"], 3_600_000);
    suite.post("/reset", Value::Null).await;
    assert_eq!(suite.addresses().await, ["bob@example.com"]);
    suite.clerk.shutdown().await;
    std::fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn a_seed_is_added_to_what_is_there() {
    let suite = Suite::start().await;
    let more = format!(
        "{BOB}\n[[plans]]\nslug = \"free\"\nname = \"Free\"\n
         [[organizations]]\nname = \"Acme\"\nslug = \"acme\"
         members = [{{ user = \"ada@example.com\", role = \"org:admin\" }}, {{ user = \"bob@example.com\", role = \"org:member\" }}]\n"
    );
    let counts = seed(&suite, Method::POST, &more).await.ok();
    assert_eq!(counts, json!({ "users": 2, "organizations": 1 }));
    let organizations = suite
        .backend(Method::GET, "/v1/organizations", Value::Null)
        .await
        .ok();
    let id = organizations["data"][0]["id"].as_str().unwrap();
    let members = format!("/v1/organizations/{id}/memberships");
    let members = suite.backend(Method::GET, &members, Value::Null).await.ok();
    assert_eq!(members["total_count"], 2);
    for (toml, line, field, problem) in [
        (BOB, 2, "users.email_addresses", "exists already"),
        (
            "[[plans]]\nslug = \"free\"\nname = \"Free\"\n",
            2,
            "plans.slug",
            "exists already",
        ),
        ("[settings]\n", 1, "settings", "cannot change"),
    ] {
        let answer = seed(&suite, Method::POST, toml).await;
        assert_eq!(answer.error(), (422, "form_param_value_invalid", field), "{toml}");
        let error = &answer.body["errors"][0];
        assert_eq!(error["meta"]["line"], line);
        assert!(
            error["long_message"].as_str().unwrap().contains(problem),
            "{error}"
        );
    }
    suite.post("/reset", Value::Null).await;
    assert_eq!(suite.addresses().await, ["ada@example.com"]);
}

#[tokio::test]
async fn mistakes_are_reported_with_line_and_field_and_change_nothing() {
    let suite = Suite::start().await;
    for (toml, line, field) in [
        ("[settings]\nmulti_sesion = true\n", 2, "multi_sesion"),
        ("\n[settings]\npassword = \"maybe\"\n", 3, "settings.password"),
        ("[settings\n", 1, ""),
        (
            "[[users]]\nemail_addresses = [\"nobody\"]\n",
            2,
            "users.email_addresses",
        ),
        ("[[organizations]]\nname = \"Acme\"\nmembers = []\n", 1, "slug"),
    ] {
        for method in [Method::PUT, Method::POST] {
            let answer = seed(&suite, method, toml).await;
            assert_eq!(
                answer.error(),
                (422, "form_param_value_invalid", field),
                "{}",
                answer.body
            );
            assert_eq!(answer.body["errors"][0]["meta"]["line"], line, "{}", answer.body);
        }
    }
    let not_text = suite.request(Method::PUT, "/_emulate/seed").body(vec![0xff]);
    assert_eq!(Answer::of(not_text).await.error().0, 400);
    assert_eq!(suite.addresses().await, ["ada@example.com"]);
}

#[tokio::test]
async fn settings_are_changed_one_by_one() {
    let suite = Suite::start().await;
    let changed = suite
        .control(Method::PATCH, "/settings", json!({ "sign_up_mode": "waitlist" }))
        .await
        .ok();
    assert_eq!(changed["sign_up_mode"], "waitlist");
    assert_eq!(changed["password"], "required", "the others are there too");
    let browser = suite.browser().await;
    let fields = [
        ("email_address", "bob@example.com"),
        ("password", "correct horse battery"),
    ];
    assert_eq!(browser.post("/v1/client/sign_ups", &fields).await.status, 403);
    for (body, code, param) in [
        (
            json!({ "sign_up_mode": "closed" }),
            "form_param_value_invalid",
            "sign_up_mode",
        ),
        (
            json!({ "token_lifetime": "soon" }),
            "form_param_value_invalid",
            "token_lifetime",
        ),
        (
            json!({ "sign_up_mod": "public" }),
            "form_param_unknown",
            "sign_up_mod",
        ),
        (
            json!({ "token_lifetime": 5, "email_address": "off", "social": [] }),
            "settings_invalid",
            "",
        ),
    ] {
        let answer = suite.control(Method::PATCH, "/settings", body).await;
        assert_eq!(answer.error(), (422, code, param));
    }
    assert_eq!(suite.get("/settings").await, changed, "mistakes change nothing");
}
