//! The page of the plans, as it is without JavaScript.

use std::time::Duration;

use tokio::time::{interval, timeout};

use crate::support::{LocalApp, Reply, TestApp};

/// How long fetching the plans may take.
const DEADLINE: Duration = Duration::from_secs(20);

const UNKNOWN: &str = "The list of plans is not available at the moment.";

#[tokio::test]
async fn the_page_has_the_plans_of_the_backend_api() {
    let app = LocalApp::start().await;
    // The page that is kept for signed-out visitors changes too.
    let kept = once_known(&app).await;
    assert_eq!(kept.header("x-clerk-auth-status"), "signed-out");
    for text in ["<h2>Free</h2>", "<h2>Pro</h2>", "Projects", " a month"] {
        assert!(kept.body.contains(text), "{text}");
    }
    assert!(!kept.body.contains("Your plan"));

    let ada = app.sign_up("ada+clerk_test@example.com").await;
    let signed_in = app.get("/plans").document().cookies(ada.cookies()).send().await;
    let (_, free) = signed_in.body.split_once("<h2>Free</h2>").unwrap();
    assert!(free.starts_with("<p class=\"tag\">Your plan</p>"));
    assert_eq!(signed_in.body.matches("Your plan").count(), 1);
}

#[tokio::test]
async fn the_page_says_so_as_long_as_the_plans_are_not_known() {
    let app = TestApp::start().await;
    for path in ["/plans", "/plans?a=b"] {
        let page = app.get(path).document().send().await;
        assert!(page.body.contains(UNKNOWN), "{path}");
    }
}

/// The page, once the plans have been fetched in the background.
async fn once_known(app: &LocalApp) -> Reply {
    let known = async {
        let mut ticks = interval(Duration::from_millis(10));
        loop {
            ticks.tick().await;
            let page = app.get("/plans").document().send().await;
            if !page.body.contains(UNKNOWN) {
                return page;
            }
        }
    };
    timeout(DEADLINE, known).await.expect("the plans")
}
