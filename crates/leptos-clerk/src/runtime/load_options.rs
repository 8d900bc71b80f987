//! The options of `Clerk.load` that the app knows before it runs in a browser.

use clerk_auth::ClientOptions;
use serde::Serialize;

use super::LoadSettings;

/// Named as in clerk-js. What is added in the browser are functions, and `appearance` and `raw` once they are parsed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LoadOptions<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    sign_in_url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    sign_up_url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    sign_in_fallback_redirect_url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    sign_up_fallback_redirect_url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    after_sign_out_url: &'a str,
    is_satellite: bool,
    /// Absent, or `false`.
    #[serde(skip_serializing_if = "Option::is_none")]
    telemetry: Option<bool>,
    /// Absent, or `true`.
    #[serde(
        rename = "unsafe_disableDevelopmentModeConsoleWarning",
        skip_serializing_if = "Option::is_none"
    )]
    no_development_warning: Option<bool>,
    /// JSON as text, which may be invalid.
    #[serde(skip_serializing_if = "str::is_empty")]
    appearance: &'a str,
    /// JSON as text, which may be invalid. The options above win over it.
    #[serde(skip_serializing_if = "str::is_empty")]
    raw: &'a str,
}

impl<'a> LoadOptions<'a> {
    pub(crate) fn new(options: &'a ClientOptions, settings: &'a LoadSettings) -> Self {
        Self {
            sign_in_url: &options.sign_in_url,
            sign_up_url: &options.sign_up_url,
            sign_in_fallback_redirect_url: &options.sign_in_fallback_redirect_url,
            sign_up_fallback_redirect_url: &options.sign_up_fallback_redirect_url,
            after_sign_out_url: &settings.after_sign_out_url,
            is_satellite: options.is_satellite,
            telemetry: (options.telemetry_disabled || options.local).then_some(false),
            no_development_warning: options.local.then_some(true),
            appearance: settings.appearance.as_str(),
            raw: settings.raw.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn json(options: &ClientOptions, settings: &LoadSettings) -> serde_json::Value {
        serde_json::to_value(LoadOptions::new(options, settings)).unwrap()
    }

    #[test]
    fn only_what_is_set_is_passed_on() {
        let mut options = ClientOptions {
            sign_in_url: "/sign-in".to_owned(),
            ..ClientOptions::default()
        };
        let mut settings = LoadSettings::default();
        assert_eq!(
            json(&options, &settings),
            json!({"signInUrl": "/sign-in", "isSatellite": false})
        );

        options.local = true;
        settings.appearance = r#"{"theme":"simple"}"#.into();
        assert_eq!(
            json(&options, &settings),
            json!({
                "signInUrl": "/sign-in",
                "isSatellite": false,
                "telemetry": false,
                "unsafe_disableDevelopmentModeConsoleWarning": true,
                "appearance": r#"{"theme":"simple"}"#,
            })
        );
    }
}
