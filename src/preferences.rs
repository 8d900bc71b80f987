//! How a user wants to see the app. It is kept in their public metadata, which the pages of both sides know, and which only the
//! server writes.

use clerk_auth::User;

/// The values of the form, each with its label. The first is that of a user who has chosen none.
pub(crate) const COLOR_SCHEMES: [(&str, &str); 3] =
    [("system", "As the system"), ("light", "Light"), ("dark", "Dark")];

/// How the profile greets a user who has not said how.
pub(crate) const DEFAULT_GREETING: &str = "Hello";

/// The longest greeting, in characters.
pub(crate) const MAX_GREETING: usize = 30;

/// The keys in the metadata.
pub(crate) const COLOR_SCHEME: &str = "color_scheme";
pub(crate) const GREETING: &str = "greeting";

/// The colour scheme that the user has chosen. `None`: that of the system.
pub(crate) fn color_scheme(user: &User) -> Option<&'static str> {
    let chosen = text(user, COLOR_SCHEME)?;
    let [_, schemes @ ..] = &COLOR_SCHEMES;
    schemes
        .iter()
        .find_map(|(name, _)| (*name == chosen).then_some(*name))
}

/// How the user wants to be greeted.
pub(crate) fn greeting(user: &User) -> Option<&str> {
    text(user, GREETING)
}

fn text<'a>(user: &'a User, key: &str) -> Option<&'a str> {
    user.public_metadata.get(key)?.as_str()
}
