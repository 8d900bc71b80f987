//! Serving clerk-js, and saying what to do where it is not installed.

use std::{fs, path::Path};

use axum::body::Body;
use http::{Request, header};

use super::{Answer, Local, restart::Scratch};
use crate::start::Config;

async fn get(local: &Local, path: &str) -> Answer {
    let request = Request::get(format!("/__clerk/npm/{path}"))
        .header(header::HOST, "127.0.0.1:5002")
        .body(Body::empty())
        .unwrap();
    local.send(request).await
}

fn install(directory: &Path) {
    let package = directory.join("@clerk/clerk-js");
    fs::create_dir_all(package.join("dist")).unwrap();
    fs::write(package.join("package.json"), r#"{ "version": "6.29.3" }"#).unwrap();
    fs::write(package.join("dist/clerk.browser.js"), "window.Clerk = {};").unwrap();
}

#[tokio::test]
async fn serves_the_installed_version() {
    let scratch = Scratch::new("npm-installed");
    install(&scratch.0);
    let local = Local::with(Config {
        npm_dir: Some(scratch.0.clone()),
        ..Local::config()
    })
    .await;
    let file = get(&local, "@clerk/clerk-js@6/dist/clerk.browser.js").await;
    assert_eq!(
        (file.status.as_u16(), file.text.as_str()),
        (200, "window.Clerk = {};")
    );
    let other = get(&local, "@clerk/clerk-js@5/dist/clerk.browser.js").await;
    assert_eq!(other.status, 404);
    assert!(other.text.contains("6.29.3"), "{}", other.text);
}

#[tokio::test]
async fn says_how_to_install_what_is_missing() {
    let scratch = Scratch::new("npm-missing");
    install(&scratch.0);
    let local = Local::with(Config {
        npm_dir: Some(scratch.0.clone()),
        ..Local::config()
    })
    .await;
    let missing = get(&local, "@clerk/ui@1/dist/ui.browser.js").await;
    assert_eq!(missing.status, 404);
    for text in [
        "npm install @clerk/clerk-js @clerk/ui",
        "--npm-dir",
        "CLERK_JS_URL",
    ] {
        assert!(missing.text.contains(text), "{}", missing.text);
    }
}
