//! [`Localization`]: the language of Clerk's components.

use std::borrow::Cow;

use crate::json::Json;

/// The primary language subtags that are written from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// The language of Clerk's components, with the direction of its script.
///
/// The texts are those of [`@clerk/localizations`](https://clerk.com/docs/guides/customizing-clerk/localization), of which this command
/// makes a file:
///
/// ```sh
/// npm install @clerk/localizations
/// node --input-type=module -e 'import { arSA } from "@clerk/localizations"; console.log(JSON.stringify(arSA))' > public/ar-SA.json
/// ```
///
/// Give the document the same language:
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ClerkProvider, ClerkScripts, Localization};
///
/// const LOCALIZATION: Localization = Localization::file("ar-SA", "/ar-SA.json");
///
/// pub fn shell(options: LeptosOptions) -> impl IntoView {
///     view! {
///         <!DOCTYPE html>
///         <html lang=LOCALIZATION.lang() dir=LOCALIZATION.dir()>
///             <head>
///                 <ClerkScripts />
///                 <HydrationScripts options />
///             </head>
///             <body>
///                 <ClerkProvider localization=LOCALIZATION>"…"</ClerkProvider>
///             </body>
///         </html>
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Localization {
    lang: &'static str,
    pub(crate) texts: Texts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Texts {
    /// The URL of a JSON file.
    File(Cow<'static, str>),
    Json(Json),
}

impl Localization {
    /// The texts of a JSON file, which the browser fetches before it loads clerk-js. `lang` is a language tag such as `de-DE`. If
    /// the file cannot be used, the components are in English and the console says why.
    #[must_use]
    pub const fn file(lang: &'static str, url: &'static str) -> Self {
        Self {
            lang,
            texts: Texts::File(Cow::Borrowed(url)),
        }
    }

    /// A few texts that replace those of Clerk, as a part of every page.
    ///
    /// ```
    /// use leptos_clerk::Localization;
    /// use serde_json::json;
    ///
    /// let localization = Localization::texts("en", json!({"signIn": {"start": {"title": "Welcome back"}}}));
    /// assert_eq!(localization.dir(), "ltr");
    /// ```
    #[must_use]
    pub fn texts(lang: &'static str, texts: impl Into<Json>) -> Self {
        Self {
            lang,
            texts: Texts::Json(texts.into()),
        }
    }

    /// The language tag, for `<html lang>`.
    #[must_use]
    pub const fn lang(&self) -> &'static str {
        self.lang
    }

    /// The direction of the script, `ltr` or `rtl`, for `<html dir>`.
    ///
    /// ```
    /// use leptos_clerk::Localization;
    ///
    /// assert_eq!(Localization::file("he-IL", "/he.json").dir(), "rtl");
    /// assert_eq!(Localization::file("de-DE", "/de.json").dir(), "ltr");
    /// ```
    #[must_use]
    pub fn dir(&self) -> &'static str {
        let primary = self.lang.split('-').next().unwrap_or_default();
        match RIGHT_TO_LEFT.contains(&primary) {
            true => "rtl",
            false => "ltr",
        }
    }
}
