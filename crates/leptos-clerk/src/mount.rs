//! The place of one of Clerk's components in a page.

use leptos::{children::ViewFn, html::Div, prelude::*};

use crate::{
    runtime::{self, Mounted},
    store::{LoadStatus, use_clerk},
};

/// Renders an empty element, in which only Clerk writes, with the fallback beside it until clerk-js has loaded.
pub(crate) fn mount(component: Mounted, fallback: ViewFn) -> impl IntoView {
    let clerk = use_clerk();
    let place = NodeRef::<Div>::new();
    let name = kebab_case(component.name);
    runtime::mount(clerk, component, place);
    view! {
        <div data-clerk-component=name>
            <div node_ref=place></div>
            <Show when=move || clerk.status() == LoadStatus::Loading>{fallback.run()}</Show>
        </div>
    }
}

/// `SignIn` as `sign-in`.
fn kebab_case(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::kebab_case;

    #[test]
    fn names_in_pages_are_in_kebab_case() {
        assert_eq!(kebab_case("SignIn"), "sign-in");
        assert_eq!(kebab_case("Waitlist"), "waitlist");
        assert_eq!(kebab_case("OrganizationSwitcher"), "organization-switcher");
    }
}
