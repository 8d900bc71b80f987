//! `use_organization_creation_defaults`.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    fetched::{Fetched, Request, fetched, identity},
    read::{object, required, text},
};
use crate::{clerk_js::Argument, store::use_clerk};

/// What Clerk suggests for a new organization, see [`use_organization_creation_defaults`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct OrganizationCreationDefaults {
    /// The name; empty for no suggestion.
    pub name: String,
    /// The slug; empty for no suggestion.
    pub slug: String,
    /// The URL of a logo.
    pub logo: Option<String>,
    /// A [BlurHash](https://blurha.sh) of the logo, to show until it has loaded.
    pub blur_hash: Option<String>,
    /// What speaks against these suggestions.
    pub advisory: Option<OrganizationCreationAdvisory>,
}

/// What speaks against the [`OrganizationCreationDefaults`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct OrganizationCreationAdvisory {
    /// A stable name for programs, such as `organization_already_exists`.
    pub code: String,
    /// How serious it is, such as `warning`.
    pub severity: String,
    /// Details as an object of texts, such as the name of the organization that exists.
    pub meta: Value,
}

impl OrganizationCreationDefaults {
    fn from_json(value: &Value) -> Self {
        let form = value.get("form").unwrap_or(&Value::Null);
        Self {
            name: required(form, "name"),
            slug: required(form, "slug"),
            logo: text(form, "logo"),
            blur_hash: text(form, "blurHash"),
            advisory: object(value, "advisory").map(|advisory| OrganizationCreationAdvisory {
                code: required(advisory, "code"),
                severity: required(advisory, "severity"),
                meta: advisory.get("meta").cloned().unwrap_or_default(),
            }),
        }
    }
}

/// What to fill a form for a new organization with: Clerk derives it from the user's e-mail address, on instances where this is turned
/// on. Create the organization with [`use_organization_list`](crate::use_organization_list).
///
/// On the server it is loading. Its data are `None` while nobody is signed in.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::use_organization_creation_defaults;
///
/// #[component]
/// fn NewTeam() -> impl IntoView {
///     let defaults = use_organization_creation_defaults();
///     let exists = move || defaults.data()?.advisory.map(|_| "Your company has an organization already.");
///     view! {
///         <input name="name" prop:value=move || defaults.data().map(|defaults| defaults.name) />
///         <p role="status">{exists}</p>
///     }
/// }
/// ```
#[must_use]
pub fn use_organization_creation_defaults() -> Fetched<OrganizationCreationDefaults> {
    let clerk = use_clerk();
    let identity = identity(clerk);
    let request = move || {
        identity.with(|(user, _)| user.is_some()).then_some(Request {
            path: &["user"],
            method: "getOrganizationCreationDefaults",
            argument: Argument::None,
        })
    };
    fetched(clerk, request, OrganizationCreationDefaults::from_json)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn suggestions_are_read_with_what_speaks_against_them() {
        let mut value = json!({
            "form": { "name": "Acme", "slug": "acme", "logo": "https://img.example/acme", "blurHash": null },
            "advisory": null,
        });
        let defaults = OrganizationCreationDefaults::from_json(&value);
        assert_eq!((&*defaults.name, &*defaults.slug), ("Acme", "acme"));
        assert_eq!(defaults.logo.as_deref(), Some("https://img.example/acme"));
        assert_eq!((defaults.blur_hash, defaults.advisory), (None, None));

        let meta = json!({ "organization_name": "Acme" });
        value["advisory"] =
            json!({ "code": "organization_already_exists", "severity": "warning", "meta": meta });
        let advisory = OrganizationCreationDefaults::from_json(&value).advisory.unwrap();
        assert_eq!(advisory.code, "organization_already_exists");
        assert_eq!((&*advisory.severity, advisory.meta), ("warning", meta));
    }
}
