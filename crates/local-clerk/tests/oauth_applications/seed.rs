//! OAuth applications of the seed file.

use serde_json::json;

use crate::Provider;

#[tokio::test]
async fn applications_are_as_the_seed_says_after_a_reset_too() {
    let provider = Provider::start().await;
    provider.control("/reset", json!({})).await;
    let list = provider.backend(
        reqwest::Method::GET,
        "/v1/oauth_applications?order_by=name",
        json!(null),
    );
    let list = list.await.ok();
    let application = |name: &str| {
        let mut all = list["data"].as_array().unwrap().iter();
        all.find(|application| application["name"] == name)
            .unwrap()
            .clone()
    };
    let reports = application("Reports");
    assert_eq!(
        (&reports["client_id"], &reports["public"]),
        (&json!("reports"), &json!(false))
    );
    let cli = application("Command line");
    assert_eq!(
        (&cli["public"], &cli["scopes"]),
        (&json!(true), &json!("profile email"))
    );
    assert_eq!(cli["consent_screen_enabled"], false);
}

#[test]
fn mistakes_have_their_line_and_field() {
    let application = "[[oauth_applications]]\nname = \"A\"\nclient_id = \"a\"\n";
    let uris = "redirect_uris = [\"http://localhost/\"]\n";
    for (seed, mistake) in [
        (
            format!("{application}redirect_uris = []\n"),
            "line 3: oauth_applications.redirect_uris",
        ),
        (
            format!("{application}redirect_uris = [\"/callback\"]\n"),
            "line 4: oauth_applications.redirect_uris",
        ),
        (
            format!("{application}{uris}scopes = [\"admin\"]\n"),
            "line 5: oauth_applications.scopes",
        ),
        (
            format!("{application}{uris}client_secret = \"a b\"\n"),
            "line 5: oauth_applications.client_secret",
        ),
        (
            format!("{application}{uris}{application}{uris}"),
            "line 7: oauth_applications.client_id: \"a\" occurs twice",
        ),
    ] {
        let error = local_clerk::LocalClerk::builder().seed_str(&seed);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let error = runtime.block_on(error.start()).unwrap_err().to_string();
        assert!(error.contains(mistake), "{error}");
    }
}
