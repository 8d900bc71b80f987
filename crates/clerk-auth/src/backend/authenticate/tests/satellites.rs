//! Satellites and their primaries.

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
