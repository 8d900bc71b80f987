use axum::http::StatusCode;
use leptos_with_clerk::app::LISTED;

use crate::support::TestApp;

#[tokio::test]
async fn the_sitemap_lists_the_public_pages_and_no_others() {
    let app = TestApp::start().await;
    let sitemap = app.get("/sitemap.xml").send().await;
    assert_eq!(sitemap.status, StatusCode::OK);
    assert_eq!(sitemap.header("content-type"), "application/xml");
    assert!(!sitemap.headers.contains_key("x-clerk-auth-status"));
    let listed: Vec<_> = sitemap
        .body
        .split("<loc>")
        .skip(1)
        .filter_map(|rest| rest.split("</loc>").next())
        .collect();
    let expected = LISTED.map(|path| format!("http://localhost:5001{path}"));
    assert_eq!(listed, expected);

    let robots = app.get("/robots.txt").send().await;
    assert_eq!(robots.header("content-type"), "text/plain; charset=utf-8");
    for line in [
        "Disallow: /profile",
        "Disallow: /api/",
        "Sitemap: http://localhost:5001/sitemap.xml",
    ] {
        assert!(robots.body.lines().any(|found| found == line), "{line}");
    }
}

#[tokio::test]
async fn every_listed_page_describes_itself() {
    let app = TestApp::start().await;
    let mut descriptions = Vec::new();
    for path in LISTED {
        let page = app.get(&format!("{path}?a=b")).document().send().await;
        let url = format!("http://localhost:5001{path}");
        assert!(
            page.body
                .contains(&format!(r#"<link rel="canonical" href="{url}">"#)),
            "{path}"
        );
        assert_eq!(meta(&page.body, r#"property="og:url""#), url);
        let title = meta(&page.body, r#"property="og:title""#);
        assert!(
            page.title().contains(title),
            "{path}: {title} in {}",
            page.title()
        );
        let description = meta(&page.body, r#"name="description""#);
        assert_eq!(meta(&page.body, r#"property="og:description""#), description);
        descriptions.push(description.to_owned());
    }
    descriptions.sort_unstable();
    descriptions.dedup();
    assert_eq!(descriptions.len(), LISTED.len(), "{descriptions:?}");

    let nothing = app.get("/nothing").document().send().await;
    assert!(!nothing.body.contains("canonical"));
}

/// The content of a `<meta>` element.
fn meta<'a>(html: &'a str, attribute: &str) -> &'a str {
    let rest = html.split(&format!("<meta {attribute} content=\"")).nth(1);
    let content = rest.and_then(|rest| rest.split('"').next());
    content.unwrap_or_else(|| panic!("no {attribute}"))
}
