//! `KeptFormsLayer`: what a visitor has entered survives that they have to sign in.

use axum::{
    Form, Router,
    body::Body,
    routing::{get as route_get, post},
};
use axum_clerk::{ClerkLayer, KeptFormsLayer, RequireAuth};
use http::{Method, Request, StatusCode};

use crate::support::{Token, clerk, document, get, header, send, signed_in};

async fn save(Form(pairs): Form<Vec<(String, String)>>) -> String {
    format!("{pairs:?}")
}

fn app() -> Router {
    Router::new()
        .route("/account", post(save))
        .route("/page", route_get(async || "page"))
        .route_layer(RequireAuth::layer())
        .layer(ClerkLayer::new(clerk()))
        .layer(KeptFormsLayer)
}

fn form(body: &'static str) -> Request<Body> {
    let mut request = document(get::<Body>("/account?a=1&b=2"));
    *request.method_mut() = Method::POST;
    *request.body_mut() = Body::from(body);
    let headers = request.headers_mut();
    for (name, value) in [
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
        ("content-length", body.len().to_string()),
        ("sec-fetch-site", "same-origin".to_owned()),
        ("referer", "https://app.example/page".to_owned()),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    request
}

#[tokio::test]
async fn the_page_offers_to_send_the_same_values_again() {
    let response = send(app(), form("name=%22%3CAda%3E%26%22&text=a%0D%0Ab&empty=")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(header(&response, "location"), "");
    assert_eq!(header(&response, "cache-control"), "private, no-store");
    let page = response.body();
    for part in [
        r#"<form method="post" action="/account?a=1&amp;b=2">"#,
        r#"name="name" value="&quot;&lt;Ada&gt;&amp;&quot;""#,
        r#"name="text" value="a&#13;&#10;b""#,
        r#"name="empty" value="""#,
        r#"href="/sign-in?redirect_url=%2Fpage""#,
    ] {
        assert!(page.contains(part), "{part} {page}");
    }
}

#[tokio::test]
async fn a_form_of_a_signed_in_visitor_arrives() {
    let request = signed_in(form("name=Ada"), &Token::new("user_1", "sess_1"));
    let response = send(app(), request).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.body(), r#"[("name", "Ada")]"#);
}

#[tokio::test]
async fn the_form_of_another_site_is_never_offered() {
    for (name, value) in [
        ("sec-fetch-site", Some("cross-site")),
        ("sec-fetch-site", Some("same-site")),
        ("sec-fetch-site", None),
    ] {
        let mut request = form("name=Mallory");
        match value {
            Some(value) => drop(request.headers_mut().insert(name, value.parse().unwrap())),
            None => drop(request.headers_mut().remove(name)),
        }
        let response = send(app(), request).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert!(!response.body().contains("Mallory"));
    }
}

#[tokio::test]
async fn other_requests_are_answered_as_without_the_layer() {
    let response = send(app(), document(get::<Body>("/page"))).await;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    let mut script = form("name=Ada");
    script.headers_mut().remove("sec-fetch-dest");
    script
        .headers_mut()
        .insert("accept", "application/json".parse().unwrap());
    let response = send(app(), script).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(header(&response, "content-type"), "application/json");
}
