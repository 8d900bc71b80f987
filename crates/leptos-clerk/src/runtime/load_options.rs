//! The options of `Clerk.load` that the app knows before it runs in a browser.

use clerk_auth::ClientOptions;
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::LoadSettings;
use crate::localization::Texts;

/// Named as in clerk-js. What is added in the browser are functions, and what is JSON once it is parsed: `appearance`,
/// `localization` and `raw`, over which all others win.
pub(crate) struct LoadOptions<'a> {
    options: &'a ClientOptions,
    settings: &'a LoadSettings,
}

impl<'a> LoadOptions<'a> {
    pub(crate) const fn new(options: &'a ClientOptions, settings: &'a LoadSettings) -> Self {
        Self { options, settings }
    }

    /// The options that are text, empty if they are not set. Those of the deployment.
    fn texts(&self) -> [(&'static str, &'a str); 9] {
        let Self { options, settings } = self;
        let or_empty = |text: &'a Option<String>| text.as_deref().unwrap_or_default();
        [
            ("signInUrl", &options.sign_in_url),
            ("signUpUrl", &options.sign_up_url),
            (
                "signInFallbackRedirectUrl",
                &options.sign_in_fallback_redirect_url,
            ),
            (
                "signUpFallbackRedirectUrl",
                &options.sign_up_fallback_redirect_url,
            ),
            (
                "signInForceRedirectUrl",
                or_empty(&options.sign_in_force_redirect_url),
            ),
            (
                "signUpForceRedirectUrl",
                or_empty(&options.sign_up_force_redirect_url),
            ),
            ("waitlistUrl", or_empty(&options.waitlist_url)),
            ("supportEmail", or_empty(&options.support_email)),
            ("afterSignOutUrl", &settings.after_sign_out_url),
        ]
    }
}

impl Serialize for LoadOptions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { options, settings } = self;
        let mut map = serializer.serialize_map(None)?;
        let texts = self.texts();
        for (name, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
            map.serialize_entry(name, text)?;
        }
        let origins = &options.allowed_redirect_origins;
        if !origins.is_empty() {
            map.serialize_entry("allowedRedirectOrigins", origins)?;
        }
        map.serialize_entry("isSatellite", &options.is_satellite)?;
        if options.satellite_auto_sync {
            map.serialize_entry("satelliteAutoSync", &true)?;
        }
        let is_silent = options.telemetry_disabled || options.local;
        if is_silent {
            map.serialize_entry("telemetry", &false)?;
        }
        if options.local {
            map.serialize_entry("unsafe_disableDevelopmentModeConsoleWarning", &true)?;
        }
        let is_of_deployment = |name| {
            texts
                .iter()
                .any(|(text, value)| *text == name && !value.is_empty())
                || name == "allowedRedirectOrigins" && !origins.is_empty()
                || name == "telemetry" && is_silent
        };
        for (name, value) in settings.options.0.iter() {
            if !is_of_deployment(name) {
                map.serialize_entry(name, value)?;
            }
        }
        match settings
            .localization
            .as_ref()
            .map(|localization| &localization.texts)
        {
            Some(Texts::File(url)) => map.serialize_entry("localizationUrl", url)?,
            Some(Texts::Json(json)) => map.serialize_entry("localization", &json.text())?,
            None => {}
        }
        for (name, json) in [("appearance", &settings.appearance), ("raw", &settings.raw)] {
            // A string cannot have line breaks in JSON: what begins a line is the developer's indentation.
            let text: String = json.text().lines().map(str::trim_start).collect();
            if !text.is_empty() {
                map.serialize_entry(name, &text)?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{ClerkOptions, Localization, SessionTask};

    fn json(options: &ClientOptions, settings: &LoadSettings) -> Value {
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
        settings.appearance = "{\n    \"theme\": \"a  b\"\n}\n".into();
        assert_eq!(
            json(&options, &settings),
            json!({
                "signInUrl": "/sign-in",
                "isSatellite": false,
                "telemetry": false,
                "unsafe_disableDevelopmentModeConsoleWarning": true,
                "appearance": r#"{"theme": "a  b"}"#,
            })
        );
    }

    #[test]
    fn every_option_of_the_app_has_its_name_in_clerk_js() {
        let settings = LoadSettings {
            options: ClerkOptions::new()
                .after_multi_session_single_sign_out_url("/accounts")
                .new_subscription_redirect_url("/welcome")
                .sign_in_force_redirect_url("/in")
                .sign_up_force_redirect_url("/up")
                .waitlist_url("/wait")
                .task_url(SessionTask::ChooseOrganization, "/choose")
                .task_url(SessionTask::SetupMfa, "/mfa")
                .allowed_redirect_origin("https://*.example.com")
                .allowed_redirect_protocol("my-app:")
                .support_email("help@example.com")
                .touch_session(false)
                .polling(false)
                .telemetry(false),
            localization: Some(Localization::file("de-DE", "/de-DE.json")),
            after_sign_out_url: "/bye".to_owned(),
            ..LoadSettings::default()
        };
        assert_eq!(
            json(&ClientOptions::default(), &settings),
            json!({
                "afterSignOutUrl": "/bye",
                "isSatellite": false,
                "afterMultiSessionSingleSignOutUrl": "/accounts",
                "newSubscriptionRedirectUrl": "/welcome",
                "signInForceRedirectUrl": "/in",
                "signUpForceRedirectUrl": "/up",
                "waitlistUrl": "/wait",
                "taskUrls": {"choose-organization": "/choose", "setup-mfa": "/mfa"},
                "allowedRedirectOrigins": ["https://*.example.com"],
                "allowedRedirectProtocols": ["my-app:"],
                "supportEmail": "help@example.com",
                "touchSession": false,
                "polling": false,
                "telemetry": false,
                "localizationUrl": "/de-DE.json",
            })
        );
    }

    #[test]
    fn the_deployment_wins_over_the_app() {
        let options = ClientOptions {
            waitlist_url: Some("/join".to_owned()),
            allowed_redirect_origins: vec!["https://satellite.example".to_owned()],
            is_satellite: true,
            satellite_auto_sync: true,
            telemetry_disabled: true,
            ..ClientOptions::default()
        };
        let settings = LoadSettings {
            options: ClerkOptions::new()
                .waitlist_url("/wait")
                .allowed_redirect_origin("https://other.example")
                .telemetry(false),
            ..LoadSettings::default()
        };
        // As text, in which a name that is there twice would show.
        assert_eq!(
            serde_json::to_string(&LoadOptions::new(&options, &settings)).unwrap(),
            concat!(
                r#"{"waitlistUrl":"/join","allowedRedirectOrigins":["https://satellite.example"],"#,
                r#""isSatellite":true,"satelliteAutoSync":true,"telemetry":false}"#
            )
        );
    }
}
