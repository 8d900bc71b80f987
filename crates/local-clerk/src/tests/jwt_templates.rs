use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Method;
use serde_json::{Value, json};

use super::Local;
use crate::{Instance, seed::Seed};

const TEMPLATES: &str = "/v1/jwt_templates";

#[tokio::test]
async fn template_determines_the_claims_of_its_tokens() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    browser
        .post("/v1/organizations", &[("name", "Acme"), ("slug", "acme")])
        .await
        .ok();
    let id = browser.session_id().await;
    browser
        .post(
            &format!("/v1/client/sessions/{id}/touch"),
            &[("active_organization_id", "acme")],
        )
        .await
        .ok();
    let claims = json!({
        "aud": "hasura",
        "mail": "{{user.primary_email_address}}",
        "name": "{{user.full_name}} of {{org.slug}}",
        "nested": { "role": "{{org.role}}", "level": "{{user.public_metadata.level || 'none'}}" },
    });
    let body = json!({ "name": "hasura", "claims": claims, "lifetime": 600, "allowed_clock_skew": 20 });
    let template = local.backend(Method::POST, TEMPLATES, &body).await.ok();
    assert_eq!(template["signing_algorithm"], "RS256");

    let jwks = browser.jwks().await;
    let own = format!("/v1/client/sessions/{id}/tokens/hasura");
    let token = browser.post(&own, &[]).await.ok();
    let (header, claims) = local.verify(token["jwt"].as_str().unwrap(), &jwks);
    assert_eq!(header["cat"], "cl_B7d4PD222AAA");
    assert_eq!(claims["mail"], "jane@example.com");
    assert_eq!(claims["name"], "Jane of acme");
    assert_eq!(claims["nested"], json!({ "role": "org:admin", "level": "none" }));
    let seconds = |claim: &str| claims[claim].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!((seconds("exp"), seconds("nbf")), (600, -20));

    let path = format!("/v1/sessions/{id}/tokens/hasura");
    let token = local
        .backend(Method::POST, &path, &json!({ "expires_in_seconds": 90 }))
        .await
        .ok();
    let (_, claims) = local.verify(token["jwt"].as_str().unwrap(), &jwks);
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        90
    );
    let short = local
        .backend(Method::POST, &path, &json!({ "expires_in_seconds": 1 }))
        .await;
    assert_eq!(short.error(), (422, "form_param_value_invalid"));
    let unknown = browser
        .post(&format!("/v1/client/sessions/{id}/tokens/other"), &[])
        .await;
    assert_eq!(unknown.error(), (404, "resource_not_found"));
}

#[tokio::test]
async fn template_can_have_its_own_signing_key() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let id = browser.session_id().await;
    let body = json!({
        "name": "supabase", "claims": { "role": "authenticated" },
        "custom_signing_key": true, "signing_algorithm": "HS256", "signing_key": "a shared secret",
    });
    let template = local.backend(Method::POST, TEMPLATES, &body).await.ok();
    assert_eq!(template["signing_algorithm"], "HS256");
    assert!(!template.to_string().contains("a shared secret"));
    let token = browser
        .post(&format!("/v1/client/sessions/{id}/tokens/supabase"), &[])
        .await
        .ok();
    let (message, signature) = token["jwt"].as_str().unwrap().rsplit_once('.').unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"a shared secret");
    hmac::verify(
        &key,
        message.as_bytes(),
        &URL_SAFE_NO_PAD.decode(signature).unwrap(),
    )
    .unwrap();
}

#[tokio::test]
async fn lists_updates_and_deletes_templates() {
    let local = Local::new(Instance::Development).await;
    let body = json!({ "name": "one", "claims": {} });
    let created = local.backend(Method::POST, TEMPLATES, &body).await.ok();
    let path = format!("{TEMPLATES}/{}", created["id"].as_str().unwrap());
    for (wrong, code) in [
        (json!({ "name": "one", "claims": {} }), "form_identifier_exists"),
        (json!({ "claims": {} }), "form_param_missing"),
        (json!({ "name": "two" }), "form_param_missing"),
        (
            json!({ "name": "two", "claims": { "sub": "x" } }),
            "form_param_value_invalid",
        ),
        (
            json!({ "name": "two", "claims": {}, "lifetime": 29 }),
            "form_param_value_invalid",
        ),
        (
            json!({ "name": "two", "claims": {}, "custom_signing_key": true, "signing_algorithm": "RS256", "signing_key": "x" }),
            "form_param_value_invalid",
        ),
    ] {
        let answer = local.backend(Method::POST, TEMPLATES, &wrong).await;
        assert_eq!(answer.error(), (422, code), "{wrong}");
    }
    let changed = json!({ "name": "renamed", "claims": { "a": 1 }, "lifetime": 30 });
    local.backend(Method::PATCH, &path, &changed).await.ok();
    let got = local.backend(Method::GET, &path, &Value::Null).await.ok();
    assert_eq!(
        (&got["name"], &got["claims"]["a"]),
        (&json!("renamed"), &json!(1))
    );
    let all = local
        .backend(Method::GET, &format!("{TEMPLATES}?paginated=true"), &Value::Null)
        .await
        .ok();
    assert_eq!(all["total_count"], 1);
    local.backend(Method::DELETE, &path, &Value::Null).await.ok();
    assert_eq!(
        local.backend(Method::GET, &path, &Value::Null).await.error(),
        (404, "resource_not_found")
    );
}

#[tokio::test]
async fn seed_file_creates_templates_and_extends_session_tokens() {
    let seed = r#"
        [settings]
        session_token = { level = "{{user.public_metadata.level || 'none'}}", sub = "nobody" }
        [[jwt_templates]]
        name = "hasura"
        claims = { mail = "{{user.primary_email_address}}" }
        lifetime = 300
    "#;
    let local = Local::with_seed(seed).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let (token, jwks) = (browser.token().await, browser.jwks().await);
    let (_, claims) = local.verify(&token, &jwks);
    assert_eq!(claims["level"], "none");
    assert_ne!(claims["sub"], "nobody");
    let path = format!("/v1/client/sessions/{}/tokens/hasura", browser.session_id().await);
    let token = browser.post(&path, &[]).await.ok();
    let (_, claims) = local.verify(token["jwt"].as_str().unwrap(), &jwks);
    assert_eq!(claims["mail"], "jane@example.com");

    let reserved = "[[jwt_templates]]\nname = \"a\"\nclaims = { iss = \"me\" }";
    let mistake = Seed::parse(reserved).unwrap_err().to_string();
    assert!(
        mistake.starts_with("line 3: ") && mistake.contains("iss"),
        "{mistake}"
    );
}
