use http::{Method, header};
use serde_json::Value;

use super::{APP, Local};
use crate::Instance;

#[tokio::test]
async fn page_says_that_it_is_not_clerk_and_lists_the_data() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let fields = [("name", "Acme"), ("slug", "acme")];
    jane.post("/v1/organizations", &fields).await.ok();
    let page = local.page().await.text;
    for text in [
        "This is not Clerk",
        "jane@example.com",
        "424242",
        "CLERK_SECRET_KEY=sk_test_",
        "acme",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(local.submit("/reset", "").await.status.as_u16(), 303);
    let page = local.page().await.text;
    assert!(!page.contains("jane@example.com") && page.contains("demo+clerk_test@example.com"));
}

#[tokio::test]
async fn page_escapes_names() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let name = [("first_name", "<script>{{keys}}")];
    jane.call(Method::PATCH, "/v1/me", &name).await.ok();
    let page = local.page().await.text;
    assert!(page.contains("&lt;script&gt;{{keys}}"));
}

#[tokio::test]
async fn page_signs_in_as_any_user() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    browser.get("/v1/client").await.ok();
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    let path = format!("/users/{}/sign-in", users[0]["id"].as_str().unwrap());
    let answer = local.submit(&path, "").await;
    let location = answer.headers[header::LOCATION].to_str().unwrap();
    let (app, ticket) = location.split_once("/sign-in?__clerk_ticket=").unwrap();
    assert_eq!(app, APP);
    let fields = [("strategy", "ticket"), ("ticket", ticket)];
    let signed_in = browser.post("/v1/client/sign_ins", &fields).await.ok();
    assert_eq!(signed_in["response"]["status"], "complete");
    let nobody = local.submit("/users/user_x/sign-in", "").await;
    assert_eq!(nobody.error(), (404, "resource_not_found"));
}

#[tokio::test]
async fn page_rejects_contradictory_settings() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    let before = browser.get("/v1/environment").await.ok();
    let form = "email_address=off&phone_number=off&username=off&password=off&sign_up_mode=public";
    for (form, status, message) in [
        (form.to_owned(), 400, "nobody could sign in"),
        (
            form.replace("phone_number=off", "phone_number=maybe"),
            400,
            "maybe",
        ),
        (form.replace("&sign_up_mode=public", ""), 422, "sign_up_mode"),
    ] {
        let answer = local.submit("/settings", &form).await;
        assert_eq!(answer.status.as_u16(), status);
        assert!(answer.text.contains(message), "{message}");
    }
    assert_eq!(browser.get("/v1/environment").await.ok(), before);
    let form = "lockout_attempts=7&email_address=required&phone_number=optional&username=off&password=required&sign_up_mode=public\
                &second_factors=totp,+phone_code&organizations=true";
    assert_eq!(local.submit("/settings", form).await.status.as_u16(), 303);
    let after = browser.get("/v1/environment").await.ok();
    let after = &after["user_settings"];
    assert_eq!(after["attributes"]["phone_number"]["enabled"], true);
    assert_eq!(after["attack_protection"]["user_lockout"]["max_attempts"], 7);
}

#[tokio::test]
async fn page_warns_of_session_tokens_that_outgrow_a_cookie() {
    for (length, warns) in [(1_500, false), (3_000, true)] {
        let seed = format!(
            "[settings]\nsession_token = {{ much = \"{}\" }}\n",
            "x".repeat(length)
        );
        let local = Local::with_seed(&seed).await;
        local.signed_up("jane@example.com").await;
        let page = local.page().await.text;
        let warning = "The session token of jane@example.com is too long";
        assert_eq!(page.contains(warning), warns, "{length}");
    }
}
