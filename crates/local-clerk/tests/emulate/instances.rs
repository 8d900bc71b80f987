use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use local_clerk::{Instance, LocalClerk};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::{Answer, SEED, Suite};

const OTHER_SEED: &str = "[[users]]\nemail_addresses = [\"bob@example.com\"]\n";

/// An instance that a suite has started, as its test knows it.
struct Further<'a> {
    suite: &'a Suite,
    id: String,
    environment: Value,
}

impl<'a> Further<'a> {
    async fn start(suite: &'a Suite, body: Value) -> Self {
        let answer = suite.control(Method::POST, "/instances", body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        Self {
            suite,
            id: answer.body["id"].as_str().unwrap().to_owned(),
            environment: answer.body["environment"].clone(),
        }
    }

    fn var(&self, name: &str) -> &str {
        self.environment[name].as_str().unwrap()
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        let url = format!("{}{path}", self.var("CLERK_API_URL"));
        let request = self.suite.http.request(method, url);
        Answer::of(request.bearer_auth(self.var("CLERK_SECRET_KEY")).json(&body)).await
    }

    async fn addresses(&self) -> Vec<Value> {
        let users = self.call(Method::GET, "/v1/users", json!({})).await.ok();
        let users = users.as_array().unwrap().iter();
        users
            .map(|user| user["email_addresses"][0]["email_address"].clone())
            .collect()
    }

    /// The host that the publishable key names.
    fn host(&self) -> String {
        host(self.var("CLERK_PUBLISHABLE_KEY"))
    }
}

fn host(publishable_key: &str) -> String {
    let base64 = publishable_key.rsplit('_').next().unwrap();
    String::from_utf8(STANDARD_NO_PAD.decode(base64).unwrap()).unwrap()
}

/// Waits until nothing answers at an address.
async fn ended(url: &str) {
    for _ in 0..500 {
        if Client::new().get(url).send().await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{url} still answers");
}

#[tokio::test]
async fn instances_have_nothing_in_common() {
    let suite = Suite::start().await;
    let one = Further::start(&suite, Value::Null).await;
    let two = Further::start(&suite, json!({ "seed": OTHER_SEED })).await;
    assert_eq!(one.addresses().await, ["ada@example.com"]);
    assert_eq!(two.addresses().await, ["bob@example.com"]);

    let own = suite.clerk.environment();
    for (name, value) in own {
        assert!(value != one.var(name) && value != two.var(name), "{name}");
        assert_ne!(one.var(name), two.var(name), "{name}");
    }
    for further in [&one, &two] {
        assert!(
            further.host().ends_with(".clerk.accounts.dev$"),
            "{}",
            further.host()
        );
        let foreign = suite.request(Method::GET, "/v1/users");
        let foreign = Answer::of(foreign.bearer_auth(further.var("CLERK_SECRET_KEY"))).await;
        assert_eq!(foreign.status, 401);
    }

    let user = json!({ "email_address": ["cleo@example.com"] });
    one.call(Method::POST, "/v1/users", user).await.ok();
    one.call(Method::POST, "/_emulate/clock", json!({ "advance": "1d" }))
        .await
        .ok();
    assert_eq!(two.addresses().await.len(), 1);
    assert_eq!(suite.addresses().await, ["ada@example.com"]);
    assert_eq!(suite.get("/clock").await["offset_ms"], 0);
    suite.post("/reset", Value::Null).await;
    assert_eq!(one.addresses().await.len(), 2, "a reset is of one instance");
    one.call(Method::POST, "/_emulate/reset", json!({})).await.ok();
    assert_eq!(one.addresses().await, ["ada@example.com"]);

    let list = suite.get("/instances").await;
    assert_eq!(
        list,
        json!({
            "total_count": 2,
            "data": [
                { "id": one.id, "environment": one.environment },
                { "id": two.id, "environment": two.environment },
            ],
        })
    );
}

#[tokio::test]
async fn unknown_endpoints_of_an_ended_instance_are_counted() {
    let suite = Suite::start().await;
    let further = Further::start(&suite, Value::Null).await;
    further.call(Method::GET, "/v1/misspelt", json!({})).await;
    let path = format!("/instances/{}", further.id);
    suite.control(Method::DELETE, &path, Value::Null).await.ok();
    assert_eq!(
        suite.clerk.unknown_endpoints(),
        ["GET /v1/misspelt (Backend API, requests: 1; nor has Clerk)"]
    );
    assert_eq!(suite.get("/unknown").await["total_count"], 0);
}

#[tokio::test]
async fn an_instance_is_of_the_kind_of_the_one_that_starts_it() {
    let builder = LocalClerk::builder()
        .seed_str(SEED)
        .instance(Instance::Production)
        .token_lifetime(Duration::from_secs(7));
    let suite = Suite::with(builder).await;
    for body in [json!({}), json!({ "seed": OTHER_SEED })] {
        let further = Further::start(&suite, body).await;
        assert!(further.var("CLERK_SECRET_KEY").starts_with("sk_live_"));
        assert!(further.host().ends_with(".test$"), "{}", further.host());
        assert_ne!(further.host(), host(suite.clerk.keys().publishable_key()));
        let settings = further
            .call(Method::GET, "/_emulate/settings", json!({}))
            .await
            .ok();
        assert_eq!(settings["token_lifetime"], 7);
    }
}

#[tokio::test]
async fn keys_are_those_of_the_seed_that_was_sent_only() {
    let keys = |secret: &str| format!("[keys]\nsecret_key = \"sk_test_{secret}\"\n{SEED}");
    let fixed = keys("0123456789abcdef");
    let suite = Suite::with(LocalClerk::builder().seed_str(&fixed)).await;
    assert_eq!(suite.clerk.keys().secret_key(), "sk_test_0123456789abcdef");
    let generated = Further::start(&suite, json!({})).await;
    assert_ne!(generated.var("CLERK_SECRET_KEY"), "sk_test_0123456789abcdef");
    assert_eq!(generated.addresses().await, ["ada@example.com"]);
    let seed = keys("fedcba9876543210");
    let sent = Further::start(&suite, json!({ "seed": seed })).await;
    assert_eq!(sent.var("CLERK_SECRET_KEY"), "sk_test_fedcba9876543210");
    assert_ne!(sent.host(), generated.host());
}

#[tokio::test]
async fn mistakes_in_the_seed_of_an_instance_are_named() {
    let suite = Suite::start().await;
    for (seed, line, param) in [
        (json!("\n[setings]\n"), 2, "setings"),
        (
            json!("[settings]\npassword = \"maybe\"\n"),
            2,
            "settings.password",
        ),
    ] {
        let answer = suite
            .control(Method::POST, "/instances", json!({ "seed": seed }))
            .await;
        assert_eq!(answer.error(), (422, "form_param_value_invalid", param));
        assert_eq!(answer.body["errors"][0]["meta"]["line"], line);
    }
    let live = "[keys]\nsecret_key = \"sk_live_0123456789abcdef\"\n";
    for seed in [json!(live), json!(7)] {
        let answer = suite
            .control(Method::POST, "/instances", json!({ "seed": seed }))
            .await;
        assert_eq!(answer.error(), (422, "form_param_value_invalid", "seed"));
        assert!(!answer.body.to_string().contains("0123456789abcdef"));
    }
    assert_eq!(suite.get("/instances").await["total_count"], 0);
}

#[tokio::test]
async fn an_instance_ends_when_it_is_deleted() {
    let suite = Suite::start().await;
    let (one, two) = tokio::join!(
        Further::start(&suite, Value::Null),
        Further::start(&suite, Value::Null)
    );
    let path = format!("/instances/{}", one.id);
    assert_eq!(suite.delete(&path).await.ok(), json!({ "deleted": 1 }));
    assert!(suite.http.get(one.var("CLERK_API_URL")).send().await.is_err());
    assert_eq!(suite.delete(&path).await.error(), (404, "resource_not_found", ""));
    assert_eq!(two.addresses().await, ["ada@example.com"]);
    assert_eq!(suite.get("/instances").await["data"][0]["id"], two.id);
    assert_eq!(suite.get("/instances").await["total_count"], 1);
}

#[tokio::test]
async fn instances_start_no_further_ones() {
    let suite = Suite::start().await;
    let further = Further::start(&suite, Value::Null).await;
    let path = "/_emulate/instances";
    let nested = further.call(Method::POST, path, json!({})).await;
    assert_eq!(nested.error(), (403, "instances_not_nested", ""));
    let list = further.call(Method::GET, path, json!({})).await.ok();
    assert_eq!(list, json!({ "total_count": 0, "data": [] }));
    let path = format!("{path}/{}", further.id);
    let none = further.call(Method::DELETE, &path, json!({})).await;
    assert_eq!(none.error(), (404, "resource_not_found", ""));
}

#[tokio::test]
async fn instances_end_with_the_one_that_started_them() {
    for drops in [false, true] {
        let suite = Suite::start().await;
        let further = Further::start(&suite, Value::Null).await;
        let url = further.var("CLERK_API_URL").to_owned();
        if drops {
            drop(suite);
        } else {
            suite.clerk.shutdown().await;
        }
        ended(&url).await;
    }
}
