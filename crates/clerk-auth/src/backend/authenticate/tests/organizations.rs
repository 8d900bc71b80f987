//! Organization sync: activating the organization that a URL belongs to.

use super::*;

const BY_ID: [&str; 2] = ["/organizations-by-id/:id", "/organizations-by-id/:id/(.*)"];
const BY_SLUG: [&str; 2] = ["/organizations-by-slug/:slug", "/organizations-by-slug/:id/(.*)"];
const PERSONAL: [&str; 2] = ["/personal-account", "/personal-account/(.*)"];
const MISMATCH: &str = "active-organization-mismatch";

fn visit(path: &str, organizations: &[&str], personal: &[&str]) -> Case {
    let own = |patterns: &[&str]| patterns.iter().map(|&pattern| pattern.to_owned()).collect();
    Case::dev().dev_browser().document().at(path).options(|options| {
        options.organization_patterns = own(organizations);
        options.personal_account_patterns = own(personal);
    })
}

fn member_of(organization: Option<&str>) -> Value {
    let mut claims = claims(ACTIVE);
    if let Some(organization) = organization {
        claims["org_id"] = json!(organization);
    }
    claims
}

fn requested_organization(url: &Url) -> Option<String> {
    parameter(url, "organization_id")
}

#[tokio::test]
async fn another_organization_is_activated_by_a_handshake() {
    let all: Vec<&str> = BY_SLUG.into_iter().chain(BY_ID).collect();
    let cases: [(&str, &[&str], Option<&str>, &str); 4] = [
        ("/organizations-by-id/org_a", &BY_ID[..1], None, "org_a"),
        ("/organizations-by-id/org_b", &BY_ID, Some("org_a"), "org_b"),
        ("/organizations-by-slug/bcorp", &all, None, "bcorp"),
        (
            "/organizations-by-slug/bcorp/settings",
            &all,
            Some("org_a"),
            "bcorp",
        ),
    ];
    for (path, patterns, active, expected) in cases {
        let url = visit(path, patterns, &PERSONAL)
            .session_of(&member_of(active))
            .goes_through_handshake(MISMATCH)
            .await;
        assert_eq!(requested_organization(&url).as_deref(), Some(expected), "{path}");
    }
    let url = visit("/personal-account", &BY_ID, &PERSONAL).session_of(&member_of(Some("org_a")));
    assert_eq!(
        requested_organization(&url.goes_through_handshake(MISMATCH).await).as_deref(),
        Some("")
    );
}

#[tokio::test]
async fn every_handshake_requests_the_organization() {
    let case = visit("/organizations-by-id/org_a", &BY_ID, &[]).session(OLD);
    assert_eq!(
        requested_organization(&case.goes_through_handshake(EXPIRED).await).as_deref(),
        Some("org_a")
    );
}

#[tokio::test]
async fn the_active_organization_needs_no_handshake() {
    let a = member_of(Some("org_a"));
    visit("/organizations-by-id/org_a", &BY_ID, &PERSONAL)
        .session_of(&a)
        .signs_in()
        .await;
    visit("/organizations-by-id/org_a", &[], &[])
        .session_of(&a)
        .signs_in()
        .await;
    visit("/organizations-by-id/org_a", &["i am not valid config"], &[])
        .session_of(&a)
        .signs_in()
        .await;
    visit("/personal-account", &BY_SLUG, &PERSONAL)
        .session_of(&member_of(None))
        .signs_in()
        .await;
}

#[tokio::test]
async fn only_documents_with_cookies_are_synced() {
    visit("/organizations-by-id/org_a", &BY_ID, &[])
        .bearer(ACTIVE)
        .signs_in()
        .await;
    visit("/organizations-by-id/org_a", &BY_ID, &[])
        .session(ACTIVE)
        .method(Method::POST)
        .signs_in()
        .await;
}

#[tokio::test]
async fn an_organization_that_cannot_be_activated_is_given_up() {
    let case = || visit("/organizations-by-id/org_a", &BY_ID, &PERSONAL).session(ACTIVE);
    let state = case().state().await;
    assert_eq!(
        set_cookies(&state),
        ["__clerk_redirect_count=1; SameSite=Lax; HttpOnly; Max-Age=2"]
    );
    let state = case().cookie("__clerk_redirect_count=3").signs_in().await;
    assert!(location(&state).is_none() && set_cookies(&state).is_empty());
}
