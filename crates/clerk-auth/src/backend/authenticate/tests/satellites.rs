//! Satellites and their primaries.

use url::form_urlencoded;

use super::*;

const ENDPOINT: &str = "https://clerk.example.com/v1/client/handshake";
const NEEDS_SYNC: &str = "satellite-needs-syncing";
const NOBODY: &str = "session-token-and-uat-missing";
const HOME: &str = "http://app.test/";

fn satellite(key: &str) -> Case {
    Case::new(key).options(|options| {
        options.is_satellite = true;
        options.domain = Some("example.com".to_owned());
        options.sign_in_url = Some("https://primary.dev/sign-in".to_owned());
    })
}

fn auto_sync(options: &mut Options) {
    options.satellite_auto_sync = true;
}

#[tokio::test]
async fn the_first_visit_is_signed_out_unless_syncing_is_requested() {
    for key in [LIVE_KEY, DEV_KEY] {
        satellite(key).dev_browser().ends_signed_out(NOBODY).await;
        satellite(key)
            .dev_browser()
            .document()
            .ends_signed_out(NOBODY)
            .await;
        satellite(key)
            .dev_browser()
            .document()
            .at("/?__clerk_synced=true")
            .ends_signed_out(NOBODY)
            .await;
    }
    satellite(LIVE_KEY)
        .options(auto_sync)
        .document()
        .goes_to(ENDPOINT, NEEDS_SYNC, HOME)
        .await;
    let requested = satellite(LIVE_KEY).document().at("/?__clerk_synced=false");
    requested
        .goes_to(ENDPOINT, NEEDS_SYNC, "http://app.test/?__clerk_synced=false")
        .await;
    satellite(LIVE_KEY)
        .options(auto_sync)
        .header("sec-fetch-dest", "empty")
        .cookie("__client_uat=0")
        .ends_signed_out(NOBODY)
        .await;
}

#[tokio::test]
async fn in_development_syncing_leads_to_the_primarys_sign_in_page() {
    let url = satellite(DEV_KEY)
        .options(auto_sync)
        .dev_browser()
        .document()
        .at("/path")
        .goes_through_handshake(NEEDS_SYNC)
        .await;
    assert_eq!(
        url.as_str(),
        "https://primary.dev/sign-in?__clerk_redirect_url=http%3A%2F%2Fapp.test%2Fpath"
    );
    let url = satellite(DEV_KEY)
        .document()
        .at("/path?__clerk_synced=false")
        .goes_through_handshake(NEEDS_SYNC)
        .await;
    assert_eq!(
        url.as_str(),
        "https://primary.dev/sign-in?__clerk_redirect_url=http%3A%2F%2Fapp.test%2Fpath%3F__clerk_synced%3Dfalse"
    );
    let synced = satellite(DEV_KEY)
        .document()
        .at("/?__clerk_synced=true&__clerk_db_jwt=db");
    synced.goes_through_handshake("dev-browser-sync").await;
}

#[tokio::test]
async fn a_satellite_uses_its_own_session() {
    satellite(LIVE_KEY).session(ACTIVE).document().signs_in().await;
    satellite(LIVE_KEY)
        .session(ACTIVE)
        .document()
        .header("referer", "https://elsewhere.com/")
        .signs_in()
        .await;
    satellite(LIVE_KEY)
        .session(OLD)
        .document()
        .goes_to(ENDPOINT, EXPIRED, HOME)
        .await;
    satellite(LIVE_KEY)
        .session(ACTIVE)
        .document()
        .at("/?__clerk_synced=false")
        .goes_through_handshake(NEEDS_SYNC)
        .await;
}

#[tokio::test]
async fn a_syncing_loop_ends() {
    let looping = satellite(LIVE_KEY)
        .options(auto_sync)
        .document()
        .cookie("__clerk_redirect_count=3");
    looping.ends_signed_out(NEEDS_SYNC).await;
}

#[tokio::test]
async fn a_primary_in_development_returns_to_the_satellite() {
    let reason = "primary-responds-to-syncing";
    let visit = |query: &str| Case::dev().dev_browser().document().at(&format!("/?{query}"));
    let url = visit("__clerk_redirect_url=http://localhost:3000")
        .session(ACTIVE)
        .goes_through_handshake(reason)
        .await;
    assert_eq!(
        url.as_str(),
        "http://localhost:3000/?__clerk_db_jwt=needstobeset&__clerk_synced=true"
    );
    let url = visit("__clerk_redirect_url=http://localhost:3000&__clerk_db_jwt=x")
        .goes_through_handshake(reason)
        .await;
    assert_eq!(
        url.as_str(),
        "http://localhost:3000/?__clerk_db_jwt=x&__clerk_synced=true"
    );
    let url = visit("__clerk_redirect_url=http://localhost:3000?__clerk_synced=false")
        .goes_through_handshake(reason)
        .await;
    assert_eq!(
        url.as_str(),
        "http://localhost:3000/?__clerk_synced=true&__clerk_db_jwt=needstobeset"
    );
    for nonsense in ["nonsense", "javascript:alert(1)", "//x"] {
        visit(&format!("__clerk_redirect_url={nonsense}"))
            .ends_signed_out(NOBODY)
            .await;
    }
    let live = Case::live()
        .document()
        .at("/?__clerk_redirect_url=http://localhost:3000");
    live.ends_signed_out(NOBODY).await;
}

#[tokio::test]
async fn a_primary_in_development_returns_to_allowed_origins_only() {
    let visit = |url: &str| {
        let url: String = form_urlencoded::byte_serialize(url.as_bytes()).collect();
        let target = format!("/?__clerk_redirect_url={url}");
        Case::dev()
            .dev_browser()
            .document()
            .at(&target)
            .options(|options| {
                options.allowed_redirect_origins = vec![
                    "https://satellite.dev".to_owned(),
                    "http://other.dev:3000/".to_owned(),
                ];
            })
    };
    for allowed in [
        "http://localhost",
        "https://localhost:3000/path?a=b",
        "http://satellite.localhost:3000/",
        "http://127.0.0.1:3000/",
        "http://127.8.9.10/",
        "http://[::1]:3000/",
        "http://0x7f.1/",
        "https://satellite.dev/path",
        "https://SATELLITE.dev:443/",
        "http://other.dev:3000/",
    ] {
        let url = visit(allowed)
            .goes_through_handshake("primary-responds-to-syncing")
            .await;
        assert_eq!(url.origin(), Url::parse(allowed).unwrap().origin(), "{allowed}");
        assert_eq!(
            parameter(&url, "__clerk_db_jwt").as_deref(),
            Some("needstobeset"),
            "{allowed}"
        );
    }
    for refused in [
        "https://evil.example/",
        "http://satellite.dev/",
        "https://satellite.dev:8443/",
        "https://sub.satellite.dev/",
        "https://satellite.dev.evil.example/",
        "https://satellite.dev@evil.example/",
        "http://localhost.evil.example/",
        "http://localhost@evil.example/",
        "http://evil.example#@localhost/",
        "http://evil.example\\@localhost/",
        "http://evillocalhost/",
        "http://localhost./",
        "http://127.0.0.1.evil.example/",
        "http://128.0.0.1/",
        "http://0.0.0.0/",
        "http://[::ffff:8.8.8.8]/",
        "//localhost/",
        "ftp://localhost/",
        // Not even the application itself: its URL would carry the token for no purpose.
        "http://app.test/",
    ] {
        let state = visit(refused).ends_signed_out(NOBODY).await;
        assert!(location(&state).is_none(), "{refused}");
    }
}

#[tokio::test]
async fn a_satellite_must_not_be_its_own_primary() {
    let same = satellite(LIVE_KEY)
        .document()
        .header("origin", "https://primary.dev")
        .decide()
        .await;
    assert!(matches!(same, Err(AuthenticateError::SatelliteSignInUrl)));
    satellite(LIVE_KEY)
        .document()
        .header("origin", "https://example.com")
        .ends_signed_out(NOBODY)
        .await;
}
