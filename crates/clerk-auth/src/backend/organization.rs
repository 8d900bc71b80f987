//! Organization sync: which organization, if any, the path of a request asks to be active.

use regex::{Regex, RegexBuilder};

use super::path_pattern::PathPattern;
pub use super::path_pattern::PatternError;
use crate::Auth;

/// What the path of a request asks to be active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    OrganizationId(String),
    OrganizationSlug(String),
    PersonalAccount,
}

impl Target {
    /// The value of the handshake's `organization_id` parameter.
    pub(super) fn organization_id(&self) -> &str {
        match self {
            Self::OrganizationId(id) => id,
            Self::OrganizationSlug(slug) => slug,
            Self::PersonalAccount => "",
        }
    }

    pub(super) fn is_active(&self, auth: &Auth) -> bool {
        match self {
            Self::OrganizationId(id) => auth.org_id() == Some(id.as_str()),
            Self::OrganizationSlug(slug) => auth.org().and_then(|org| org.slug.as_ref()) == Some(slug),
            Self::PersonalAccount => auth.org().is_none(),
        }
    }
}

/// Patterns of which any may match; the first that does gives the parameters.
#[derive(Debug, Default)]
pub(super) struct Patterns(Vec<(Regex, Vec<Option<String>>)>);

impl Patterns {
    /// The group with this name in the first pattern that matches.
    fn captures<'a>(&'a self, path: &'a str) -> Option<impl Fn(&str) -> Option<String> + 'a> {
        let (captures, groups) = self
            .0
            .iter()
            .find_map(|(regex, groups)| Some((regex.captures(path)?, groups)))?;
        Some(move |name: &str| {
            let matches = groups.iter().zip(captures.iter().skip(1));
            matches
                .filter(|(group, _)| group.as_deref() == Some(name))
                .filter_map(|(_, value)| value)
                .last()
                .map(|value| value.as_str().to_owned())
                .filter(|value| !value.is_empty())
        })
    }
}

/// The compiled organization and personal account patterns of an instance.
#[derive(Debug, Default)]
pub(super) struct OrganizationMatcher {
    organization: Patterns,
    personal_account: Patterns,
}

impl OrganizationMatcher {
    pub(super) fn new(organization: Patterns, personal_account: Patterns) -> Self {
        Self {
            organization,
            personal_account,
        }
    }

    pub(super) fn compile(patterns: &[String]) -> Result<Patterns, PatternError> {
        let compile = |pattern: &String| {
            let PathPattern { source, groups } = PathPattern::parse(pattern)?;
            let regex = RegexBuilder::new(&source).case_insensitive(true).build();
            let regex = regex.map_err(|error| PatternError::Regex {
                pattern: pattern.clone(),
                source: Box::new(error),
            })?;
            Ok((regex, groups))
        };
        patterns
            .iter()
            .map(compile)
            .collect::<Result<_, _>>()
            .map(Patterns)
    }

    /// Organization patterns come first, their `id` parameter before `slug`.
    pub(super) fn target(&self, path: &str) -> Option<Target> {
        if let Some(parameter) = self.organization.captures(path) {
            if let Some(id) = parameter("id") {
                return Some(Target::OrganizationId(id));
            }
            if let Some(slug) = parameter("slug") {
                return Some(Target::OrganizationSlug(slug));
            }
        }
        self.personal_account
            .captures(path)
            .map(|_| Target::PersonalAccount)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matcher(organization: &[&str], personal: &[&str]) -> OrganizationMatcher {
        let compile = |patterns: &[&str]| {
            let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
            OrganizationMatcher::compile(&patterns).unwrap()
        };
        OrganizationMatcher::new(compile(organization), compile(personal))
    }

    fn id(pattern: &str, path: &str) -> Option<String> {
        match matcher(&[pattern], &[]).target(path) {
            Some(Target::OrganizationId(id)) => Some(id),
            _ => None,
        }
    }

    #[test]
    fn parameters_match_one_segment() {
        assert_eq!(id("/orgs/:id", "/orgs/org_a").as_deref(), Some("org_a"));
        assert_eq!(id("/orgs/:id", "/ORGS/org_A/").as_deref(), Some("org_A"));
        assert_eq!(id("/orgs/:id", "/orgs/org_a/settings"), None);
        assert_eq!(id("/orgs/:id", "/orgs/"), None);
        assert_eq!(
            id("/orgs/:id/(.*)", "/orgs/org_a/settings/x").as_deref(),
            Some("org_a")
        );
        assert_eq!(id("/orgs/:id(org_\\w+)", "/orgs/org_a").as_deref(), Some("org_a"));
        assert_eq!(id("/orgs/:id(org_\\w+)", "/orgs/bcorp"), None);
        assert_eq!(id("/:id?", "/"), None);
        assert_eq!(id("/x{/:id}?/y", "/x/org_a/y").as_deref(), Some("org_a"));
        assert_eq!(id("/a-:id-b", "/a-org-b").as_deref(), Some("org"));
        assert_eq!(id("/:id.:format", "/org.json").as_deref(), Some("org"));
        assert_eq!(id("/\\:id/:id", "/:id/org").as_deref(), Some("org"));
        assert_eq!(id("/o/:id+", "/o/a/b").as_deref(), Some("a/b"));
        assert_eq!(id("i am not valid config", "/orgs/org_a"), None);
    }

    #[test]
    fn organizations_come_before_the_personal_account() {
        let matcher = matcher(
            &["/by-id/:id", "/by-slug/:slug", "/:other"],
            &["/me", "/by-id/:id", "/x/(.*)"],
        );
        assert_eq!(
            matcher.target("/by-id/org_a"),
            Some(Target::OrganizationId("org_a".to_owned()))
        );
        assert_eq!(
            matcher.target("/by-slug/acme"),
            Some(Target::OrganizationSlug("acme".to_owned()))
        );
        assert_eq!(matcher.target("/me"), Some(Target::PersonalAccount));
        assert_eq!(matcher.target("/x/y"), Some(Target::PersonalAccount));
        assert_eq!(matcher.target("/elsewhere"), None);
    }

    #[test]
    fn no_patterns_match_nothing() {
        assert_eq!(matcher(&[], &[]).target("/"), None);
    }

    #[test]
    fn invalid_patterns_are_named() {
        for pattern in [
            "/:", "/(", "/()", "/(?x)", "/((a))", "/:a:b", "/{a", "/}", "/+", "/a\\", "/([)", "/(a)+x*",
        ] {
            let error = OrganizationMatcher::compile(&[pattern.to_owned()]).unwrap_err();
            assert!(
                error.to_string().contains(&format!("{pattern:?}")),
                "{pattern}: {error}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_pattern_panics(pattern in "[/:a(){}?*+.\\\\\\[\\]^|-]{0,16}", path in "/[a/.]{0,8}") {
            if let Ok(patterns) = OrganizationMatcher::compile(&[pattern]) {
                let _ = OrganizationMatcher::new(patterns, Patterns::default()).target(&path);
            }
        }
    }
}
