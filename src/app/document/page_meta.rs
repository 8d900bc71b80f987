//! What search engines and link previews read about a page.

use axum::http::request::Parts;
use leptos::{html::meta, prelude::*, reactive::owner::with_context};

/// A page, with everything below it.
struct Page {
    path: &'static str,
    title: &'static str,
    description: &'static str,
}

const PAGES: [Page; 5] = [
    Page {
        path: "/",
        title: "Leptos with Clerk",
        description: "A full-stack Rust app whose server knows who is asking before it sends the first byte: Leptos, axum \
                      and Clerk's own components.",
    },
    Page {
        path: "/plans",
        title: "Plans",
        description: "What the plans cost and what they contain. Start for free, upgrade when you need more, and downgrade \
                      whenever you like.",
    },
    Page {
        path: "/sign-in",
        title: "Sign in",
        description: "Sign in to your account.",
    },
    Page {
        path: "/sign-up",
        title: "Sign up",
        description: "Create an account, for free.",
    },
    Page {
        path: "/waitlist",
        title: "Waitlist",
        description: "Ask for an invitation.",
    },
];

/// Describes the page that is being rendered, if it is a public one. Only the server does: who reads this loads every page
/// anew, and the browser half need not carry it.
pub(super) fn page_meta(origin: &str) -> Option<impl IntoView + use<>> {
    let page = with_context(|parts: &Parts| page_at(parts.uri.path())).flatten()?;
    let url = format!("{origin}{}", page.path);
    Some(view! {
        <meta name="description" content=page.description />
        <link rel="canonical" href=url.clone() />
        {open_graph("og:type", "website")}
        {open_graph("og:site_name", "Leptos with Clerk")}
        {open_graph("og:title", page.title)}
        {open_graph("og:description", page.description)}
        {open_graph("og:url", &url)}
    })
}

/// A property of the [Open Graph protocol](https://ogp.me), whose attribute HTML does not have.
fn open_graph(property: &'static str, content: &str) -> impl IntoView + use<> {
    meta()
        .attr("property", property)
        .attr("content", content.to_owned())
}

fn page_at(path: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| {
        let rest = path.strip_prefix(page.path);
        rest.is_some_and(|rest| rest.is_empty() || (page.path != "/" && rest.starts_with('/')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_its_path_and_those_below_it() {
        let cases = [
            ("/", Some("/")),
            ("/plans", Some("/plans")),
            ("/sign-in/factor-one", Some("/sign-in")),
            ("/plansx", None),
            ("//plans", None),
            ("/profile", None),
            ("/nothing", None),
        ];
        for (path, expected) in cases {
            assert_eq!(page_at(path).map(|page| page.path), expected, "{path}");
        }
    }
}
