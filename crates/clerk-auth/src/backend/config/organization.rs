//! Organization sync: the organization, if any, that a path belongs to.

use regex::{Regex, RegexBuilder};

use super::path_pattern::{PathPattern, PatternError};
use crate::auth::Auth;

/// The account that must be active on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    OrganizationId(String),
    OrganizationSlug(String),
    PersonalAccount,
}

impl Target {
    /// The value of the handshake's `organization_id` parameter.
    pub(crate) fn organization_id(&self) -> &str {
        match self {
            Self::OrganizationId(id) => id,
            Self::OrganizationSlug(slug) => slug,
            Self::PersonalAccount => "",
        }
    }

    /// Whether this account is active already.
    pub(crate) fn is_active(&self, auth: &Auth) -> bool {
        match self {
            Self::OrganizationId(id) => auth.org_id() == Some(id.as_str()),
            Self::OrganizationSlug(slug) => auth.org().and_then(|org| org.slug.as_ref()) == Some(slug),
            Self::PersonalAccount => auth.org().is_none(),
        }
    }
}

/// Alternative patterns; the first that matches provides the parameters.
#[derive(Debug, Default)]
pub(crate) struct Patterns(Vec<(Regex, Vec<Option<String>>)>);

impl Patterns {
    /// Matches a path and returns a lookup of parameters by name.
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
pub(crate) struct OrganizationMatcher {
    organization: Patterns,
    personal_account: Patterns,
}

impl OrganizationMatcher {
    pub(crate) fn new(organization: Patterns, personal_account: Patterns) -> Self {
        Self {
            organization,
            personal_account,
        }
    }

    pub(crate) fn compile(patterns: &[String]) -> Result<Patterns, PatternError> {
        let compile = |pattern: &String| {
            let PathPattern { source, groups } = PathPattern::parse(pattern)?;
            let regex = RegexBuilder::new(&source).case_insensitive(true).build();
            let regex = regex.map_err(|error| PatternError::Regex {
                pattern: pattern.clone(),
                message: error.to_string(),
            })?;
            Ok((regex, groups))
        };
        patterns
            .iter()
            .map(compile)
            .collect::<Result<_, _>>()
            .map(Patterns)
    }

    /// The account that must be active on a path, if any. Organization patterns take precedence over personal
    /// account patterns, and the `id` parameter over `slug`.
    pub(crate) fn target(&self, path: &str) -> Option<Target> {
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
    use proptest::{collection::vec, prelude::*, sample::select};

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
    fn without_patterns_nothing_matches() {
        assert_eq!(matcher(&[], &[]).target("/"), None);
    }

    #[test]
    fn errors_name_the_invalid_pattern() {
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

    /// Pieces of which most combinations are valid patterns.
    const PIECES: &[&str] = &[
        "/", "/a", "/:a", "/:b(a*)", "/:c?", "/:d+", "{/:e}?", "/(.*)", ".a", "\\:", "{a/}*",
    ];

    proptest! {
        #[test]
        fn no_pattern_panics_when_compiled(pattern in "[/:a(){}?*+.\\\\\\[\\]^|-]{0,16}") {
            let _ = OrganizationMatcher::compile(&[pattern]);
        }

        #[test]
        fn no_pattern_panics_when_matched(pieces in vec(select(PIECES), 0..5), path in "/[a/.]{0,8}") {
            let patterns = OrganizationMatcher::compile(&[pieces.concat()]);
            prop_assume!(patterns.is_ok());
            let _ = OrganizationMatcher::new(patterns.unwrap(), Patterns::default()).target(&path);
        }
    }
}
