//! Clerk's Account Portal: pages with Clerk's components, for apps that have none of their own.

use http::{Method, header};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use url::Url;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request, Route},
    model::{CLERK_JS, CLERK_UI, MOUNT, is_web},
};

pub(crate) const ROUTES: &[Route] = &[
    (Method::GET, "/sign-in", |cx, request| {
        show(cx, request, "SignIn", "Sign in")
    }),
    (Method::GET, "/sign-up", |cx, request| {
        show(cx, request, "SignUp", "Sign up")
    }),
    (Method::GET, "/user", |cx, request| {
        show(cx, request, "UserProfile", "Account")
    }),
    (Method::GET, "/organization", |cx, request| {
        show(cx, request, "OrganizationProfile", "Organization")
    }),
    (Method::GET, "/create-organization", |cx, request| {
        show(cx, request, "CreateOrganization", "Create organization")
    }),
    (Method::GET, "/waitlist", |cx, request| {
        show(cx, request, "Waitlist", "Join the waitlist")
    }),
    (Method::GET, "/oauth-consent", |cx, request| {
        show(cx, request, CONSENT, "Authorize an application")
    }),
    (Method::GET, "/account-portal.js", script),
];

const CONSENT: &str = "OAuthConsent";
const SCRIPT: &str = include_str!("account_portal/portal.js");
const STYLE: &str = include_str!("account_portal/portal.css");

fn script(_: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Ok(Reply::bytes("text/javascript", SCRIPT))
}

/// What the script of a page has to know.
struct Page<'a> {
    title: &'a str,
    component: &'a str,
    publishable_key: &'a str,
    /// Where the component leads when it is done.
    target: &'a str,
    /// The hosts besides loopback ones that it may lead to.
    hosts: &'a str,
}

/// Renders the page with one of Clerk's components.
fn show(cx: &mut Context<'_>, request: &Request, component: &str, title: &str) -> Result<Reply, Error> {
    cx.recall_url()?;
    let target = match request.query.filled("redirect_url") {
        Some(text) => allowed_target(cx, request, text)?.into(),
        None if cx.bypassed_proxy() => "/user".to_owned(),
        None => format!("{}/", cx.url.app),
    };
    let page = document(&Page {
        title,
        component,
        publishable_key: &cx.keys.publishable_key,
        target: &target,
        hosts: &request.shared.hosts.further().join(" "),
    });
    // clerk-js and its components make styles and workers. The addresses of pictures have the host that this listens on,
    // and the page may have been opened under another name of it.
    // Browsers apply `form-action` to the redirects that follow a form too: to the OAuth application, and wherever that leads.
    let forms = if component == CONSENT {
        ""
    } else {
        "form-action 'self'; "
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; \
         img-src 'self' data: http://{own} https://img.clerk.com; worker-src 'self' blob:; {forms}\
         frame-ancestors 'none'; base-uri 'none'",
        own = cx.own
    );
    Ok(Reply::bytes("text/html; charset=utf-8", page.into_string())
        .with_header(header::CONTENT_SECURITY_POLICY, &policy))
}

/// Parses the target of a redirect. Any host but those of apps would make an open redirect.
fn allowed_target(cx: &Context<'_>, request: &Request, text: &str) -> Result<Url, ApiError> {
    let base = Url::parse(&format!("http://{}", cx.own)).ok();
    let target = Url::options().base_url(base.as_ref()).parse(text).ok();
    target
        .filter(|url| is_web(url) && request.shared.hosts.allow(url))
        .ok_or_else(|| {
            let message = "redirect_url must lead to a loopback host or one of LOCAL_CLERK_ALLOWED_HOSTS.";
            ApiError::invalid("redirect_url", message)
        })
}

fn document(page: &Page<'_>) -> Markup {
    let clerk_js = format!("{MOUNT}{CLERK_JS}");
    let ui = format!("{MOUNT}{CLERK_UI}");
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (page.title) " (local Clerk)" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
                script defer crossorigin="anonymous" data-clerk-publishable-key=(page.publishable_key)
                    data-clerk-proxy-url=(MOUNT) src=(clerk_js) {}
                script defer crossorigin="anonymous" src=(ui) {}
                script defer data-component=(page.component) data-target=(page.target) data-hosts=(page.hosts)
                    src="/account-portal.js" {}
            }
            body {
                header {
                    strong { "This is not Clerk" }
                    ", but the account portal of the local Clerk. "
                    a href=(page.target) { "Back to the app" }
                }
                // clerk-js styles the element itself that it mounts a component in.
                main { div {} }
                noscript { p { "This page needs JavaScript." } }
            }
        }
    }
}
