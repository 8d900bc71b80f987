//! The providers of social connections.

use crate::error::{ApiError, Error};

use super::Context;

/// The path of the page that stands in for every provider, relative to the Frontend API.
pub(crate) const PROVIDER_PATH: &str = "/provider/authorize";
/// The path of the provider's logo, relative to the Frontend API.
pub(crate) const LOGO_PATH: &str = "/provider/logo.svg";

/// Returns the display name of a strategy's provider. clerk-js has its own names for those that it knows.
pub(crate) fn provider_name(strategy: &str) -> String {
    let name = strategy.trim_start_matches("oauth_");
    let (custom, name) = name
        .strip_prefix("custom_")
        .map_or((false, name), |name| (true, name));
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    });
    let mut name = words.collect::<Vec<_>>().join(" ");
    if custom {
        name += " provider";
    }
    name
}

impl Context<'_> {
    /// Fails unless the strategy belongs to a provider that the instance offers.
    pub(crate) fn check_provider(&self, strategy: &str) -> Result<(), Error> {
        if self
            .settings()?
            .social_strategies()
            .any(|known| known == strategy)
        {
            return Ok(());
        }
        Err(ApiError::strategy_invalid(strategy).into())
    }
}

#[cfg(test)]
mod tests {
    use super::provider_name;

    #[test]
    fn provider_names_are_derived_from_strategies() {
        assert_eq!(provider_name("oauth_google"), "Google");
        assert_eq!(provider_name("oauth_linkedin_oidc"), "Linkedin Oidc");
        assert_eq!(provider_name("oauth_custom_local"), "Local provider");
    }
}
