//! Clients that register themselves, as those of MCP do (RFC 7591).

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, CHALLENGE, Provider, STATE, VERIFIER, form};

const SETTINGS: &str = "/v1/instance/oauth_application_settings";

async fn enabled() -> Provider {
    let provider = Provider::start().await;
    let changes = json!({ "dynamic_oauth_client_registration": true });
    let settings = provider.backend(Method::PATCH, SETTINGS, changes).await.ok();
    assert_eq!(settings["dynamic_oauth_client_registration"], true);
    provider
}

async fn register(provider: &Provider, client: &Value) -> Answer {
    let url = format!("{}/oauth/register", provider.issuer());
    Answer::of(provider.http.post(url).json(client)).await
}

#[tokio::test]
async fn it_is_a_setting() {
    let provider = Provider::start().await;
    let client = json!({ "redirect_uris": ["http://127.0.0.1:5000/callback"] });
    assert_eq!(register(&provider, &client).await.status, 422);
    let settings = provider.backend(Method::GET, SETTINGS, Value::Null).await.ok();
    assert_eq!(
        (&settings["oauth_jwt_access_tokens"], &settings["default_scopes"]),
        (&json!(false), &Value::Null)
    );
    for refused in [
        json!({ "default_scopes": ["admin"] }),
        json!({ "client_id_metadata_documents_advertised": true }),
    ] {
        let refused = provider.backend(Method::PATCH, SETTINGS, refused).await;
        assert!([400, 422].contains(&refused.status), "{}", refused.text);
    }
    let changes = json!({ "dynamic_oauth_client_registration": true, "default_scopes": ["email"] });
    provider.backend(Method::PATCH, SETTINGS, changes).await.ok();
    assert_eq!(register(&provider, &client).await.ok()["scope"], "email");
    let cleared = json!({ "default_scopes": null });
    assert_eq!(
        provider.backend(Method::PATCH, SETTINGS, cleared).await.ok()["default_scopes"],
        Value::Null
    );
}

#[tokio::test]
async fn a_client_registers_and_gets_a_token() {
    let provider = enabled().await;
    let url = format!("{}/.well-known/oauth-authorization-server", provider.issuer());
    let metadata = provider.get(&url).await.ok();
    let redirect_uri = "http://127.0.0.1:33418/callback";
    let client = json!({
        "client_name": "Editor",
        "redirect_uris": [redirect_uri],
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "software_id": "editor",
    });
    let registered = Answer::of(
        provider
            .http
            .post(metadata["registration_endpoint"].as_str().unwrap())
            .json(&client),
    )
    .await;
    assert_eq!(registered.status, 201, "{}", registered.text);
    let registered = registered.body;
    assert_eq!(registered.get("client_secret"), None);
    let client_id = registered["client_id"].as_str().unwrap();

    // Whoever registers must not get at users without their consent.
    let ada = provider.ada().await;
    let query = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", redirect_uri),
        ("scope", "openid email offline_access"),
        ("state", STATE),
        ("code_challenge", CHALLENGE.as_str()),
        ("code_challenge_method", "S256"),
        ("resource", "http://localhost:3000/mcp"),
        ("resource", "http://localhost:3000/sse"),
    ];
    let authorize = metadata["authorization_endpoint"].as_str().unwrap();
    let (page, query) = ada.open(authorize, &query).await.target();
    assert!(page.ends_with("/oauth-consent"), "{page}");
    let (_, query) = ada.decide(&query, &[("consented", "true")]).await.target();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", query["code"].as_str()),
        ("redirect_uri", redirect_uri),
        ("client_id", client_id),
        ("code_verifier", VERIFIER),
        ("resource", "http://localhost:3000/mcp"),
    ];
    let request = provider.http.post(metadata["token_endpoint"].as_str().unwrap());
    let tokens = Answer::of(form(request, &fields)).await.ok();
    assert_eq!(provider.verify(&tokens).await.ok()["client_id"], client_id);

    let found = format!("/v1/oauth_applications?name_query={client_id}");
    let found = provider.backend(Method::GET, &found, Value::Null).await.ok();
    let application = &found["data"][0];
    assert_eq!(
        (&application["name"], &application["dynamically_registered"]),
        (&json!("Editor"), &json!(true))
    );
    let path = format!("/v1/oauth_applications/{}", application["id"].as_str().unwrap());
    let changes = json!({ "consent_screen_enabled": false });
    assert_eq!(provider.backend(Method::PATCH, &path, changes).await.status, 422);
}

#[tokio::test]
async fn wrong_metadata_is_refused() {
    let provider = enabled().await;
    let redirect_uris = json!(["http://127.0.0.1:5000/callback"]);
    for (client, error) in [
        (json!({}), "invalid_redirect_uri"),
        (json!({ "redirect_uris": [] }), "invalid_redirect_uri"),
        (json!({ "redirect_uris": ["/callback"] }), "invalid_redirect_uri"),
        (
            json!({ "redirect_uris": ["javascript:alert(1)"] }),
            "invalid_redirect_uri",
        ),
        (
            json!({ "redirect_uris": redirect_uris, "token_endpoint_auth_method": "private_key_jwt" }),
            "invalid_client_metadata",
        ),
        (
            json!({ "redirect_uris": redirect_uris, "scope": "email admin" }),
            "invalid_client_metadata",
        ),
        (
            json!({ "redirect_uris": redirect_uris, "logo_uri": "javascript:alert(1)" }),
            "invalid_client_metadata",
        ),
    ] {
        assert_eq!(
            register(&provider, &client).await.error(),
            (400, error),
            "{client}"
        );
    }
    // Without a name, it is called by its id; and without a method, it gets a secret.
    let registered = register(&provider, &json!({ "redirect_uris": redirect_uris }))
        .await
        .ok();
    assert_eq!(registered["client_name"], registered["client_id"]);
    assert!(registered["client_secret"].is_string());
}

#[tokio::test]
async fn clients_in_browsers_may_call_the_endpoints() {
    let provider = enabled().await;
    let host = provider.clerk.api_url();
    for path in [
        "/__clerk/oauth/register",
        "/.well-known/oauth-authorization-server/__clerk",
    ] {
        let preflight = provider
            .http
            .request(Method::OPTIONS, format!("{host}{path}"))
            .header("origin", "http://localhost:6274")
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "content-type,mcp-protocol-version",
            );
        let allowed = Answer::of(preflight).await;
        assert_eq!(allowed.status, 204);
        assert_eq!(
            allowed.headers["access-control-allow-origin"],
            "http://localhost:6274"
        );
        assert_eq!(
            allowed.headers["access-control-allow-headers"],
            "content-type,mcp-protocol-version"
        );
    }
}
