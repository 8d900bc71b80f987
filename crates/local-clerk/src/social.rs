//! Social connections: which providers there are.

use serde_json::{Value, json};

use super::{
    call::Call,
    errors::{ApiError, Error},
    settings::Settings,
};

/// Where the provider's logo lies, below the Frontend API's address.
pub(super) const LOGO_PATH: &str = "/provider/logo.svg";

/// What people call the provider of a strategy. clerk-js has its own names for those that it knows.
pub(super) fn provider_name(strategy: &str) -> String {
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

impl Settings {
    pub(super) fn social_strategies(&self) -> impl Iterator<Item = String> {
        self.social.iter().map(|name| format!("oauth_{name}"))
    }

    /// What the environment tells of the providers. Only of custom ones the components take the logo
    /// from here: icons of the others come from Clerk's own host.
    pub(super) fn social_json(&self, frontend_api: &str) -> Value {
        let mut social = json!({});
        for strategy in self.social_strategies() {
            social[&strategy] = json!({
                "enabled": true,
                "required": false,
                "authenticatable": true,
                "block_email_subaddresses": false,
                "strategy": strategy,
                "not_selectable": false,
                "deprecated": false,
                "name": provider_name(&strategy),
                "logo_url": format!("{frontend_api}{LOGO_PATH}"),
            });
        }
        social
    }
}

impl Call<'_> {
    /// Fails unless the strategy is that of a provider of this instance.
    pub(super) fn check_provider(&self, strategy: &str) -> Result<(), Error> {
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
    fn providers_have_names() {
        assert_eq!(provider_name("oauth_google"), "Google");
        assert_eq!(provider_name("oauth_linkedin_oidc"), "Linkedin Oidc");
        assert_eq!(provider_name("oauth_custom_local"), "Local provider");
    }
}
