//! The seed file: the settings, plans, users and organizations that new data begins with.

mod apply;
mod check;
mod current;
mod fixed;
mod present;
mod roles;

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt, fs, io,
    ops::Range,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use serde::Deserialize;
use serde_json::{Map, Value};
use toml::Spanned;

use crate::{
    keys::FixedKeys,
    model::{ContactKind, Payer, Settings},
    password::PasswordHash,
};

pub(crate) use current::{ChangeError, REPLACED};
use present::Present;

const DEFAULT: &str = include_str!("seed.toml");

/// Where a seed comes from.
#[derive(Clone, Debug)]
pub(crate) enum SeedSource {
    /// The seed file that is part of this crate.
    Default,
    File(PathBuf),
    Text(String),
}

impl SeedSource {
    fn text(&self) -> io::Result<Cow<'_, str>> {
        Ok(match self {
            Self::Default => DEFAULT.into(),
            Self::File(path) => fs::read_to_string(path)?.into(),
            Self::Text(text) => text.into(),
        })
    }
}

impl fmt::Display for SeedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("of the program"),
            Self::File(path) => write!(f, "file {} (LOCAL_CLERK_SEED)", path.display()),
            Self::Text(_) => f.write_str("text"),
        }
    }
}

/// A mistake in a seed file.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {message}")]
pub(crate) struct Mistake {
    pub(crate) line: usize,
    message: String,
}

impl Mistake {
    /// Returns the field with the mistake, such as `users.password`, as far as the message names one.
    pub(crate) fn field(&self) -> &str {
        let before = self.message.split_once(':').map_or("", |(field, _)| field);
        let is_path = |text: &str| {
            let mut letters = text.chars();
            !text.is_empty()
                && letters.all(|letter| letter.is_ascii_lowercase() || matches!(letter, '_' | '.'))
        };
        if is_path(before) {
            return before;
        }
        // The parser's messages quote names: an unknown or missing field, else the path of a value.
        let quoted: Vec<&str> = self.message.split('`').skip(1).step_by(2).collect();
        let names_field = ["unknown field", "missing field"]
            .iter()
            .any(|start| self.message.starts_with(start));
        let name = if names_field {
            quoted.first()
        } else {
            quoted.last()
        };
        name.copied().filter(|name| is_path(name)).unwrap_or_default()
    }

    fn new(text: &str, span: Option<Range<usize>>, message: String) -> Self {
        let before = span.and_then(|span| text.as_bytes().get(..span.start));
        let breaks = before.unwrap_or_default().iter().filter(|byte| **byte == b'\n');
        Self {
            line: 1 + breaks.count(),
            message,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    #[error(transparent)]
    Mistake(#[from] Mistake),
}

/// A validated seed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seed {
    keys: Option<Spanned<Keys>>,
    settings: Option<Spanned<Settings>>,
    #[serde(default)]
    features: BTreeMap<String, Feature>,
    #[serde(default)]
    jwt_templates: Vec<JwtTemplate>,
    #[serde(default)]
    plans: Vec<Plan>,
    #[serde(default)]
    permissions: Vec<Permission>,
    #[serde(default)]
    roles: Vec<Role>,
    #[serde(default)]
    users: Vec<Spanned<User>>,
    #[serde(default)]
    organizations: Vec<Organization>,
    #[serde(default)]
    oauth_applications: Vec<OauthApplication>,
}

/// What an instance begins with.
pub(crate) struct Beginning {
    pub(crate) seed: Arc<Seed>,
    pub(crate) keys: FixedKeys,
}

impl Beginning {
    pub(crate) fn of(seed: Seed) -> Self {
        Self {
            keys: seed.fixed_keys(),
            seed: Arc::new(seed),
        }
    }
}

/// Keys that are fixed instead of generated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    publishable_key: Option<Spanned<String>>,
    secret_key: Option<Spanned<String>>,
    signing_key: Option<Spanned<String>>,
    webhook_signing_secret: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Feature {
    name: String,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JwtTemplate {
    name: Spanned<String>,
    claims: Spanned<Map<String, Value>>,
    lifetime: Option<u32>,
    allowed_clock_skew: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    slug: Spanned<String>,
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    payer: Payer,
    #[serde(default)]
    monthly: u32,
    annual_monthly: Option<Spanned<u32>>,
    #[serde(default)]
    features: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Permission {
    key: Spanned<String>,
    name: String,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Role {
    key: Spanned<String>,
    name: String,
    description: Option<String>,
    #[serde(default)]
    permissions: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    id: Option<Spanned<String>>,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<Spanned<String>>,
    #[serde(default)]
    email_addresses: Vec<Spanned<String>>,
    #[serde(default)]
    phone_numbers: Vec<Spanned<String>>,
    password: Option<Spanned<String>>,
    /// Computed once, as a reset would otherwise spend nearly all of its time on it.
    #[serde(skip)]
    password_hash: OnceLock<PasswordHash>,
    external_id: Option<String>,
    plan: Option<Spanned<String>>,
    #[serde(default)]
    public_metadata: Map<String, Value>,
    #[serde(default)]
    private_metadata: Map<String, Value>,
    #[serde(default)]
    unsafe_metadata: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Organization {
    id: Option<Spanned<String>>,
    name: Spanned<String>,
    slug: Spanned<String>,
    plan: Option<Spanned<String>>,
    members: Vec<Member>,
    #[serde(default)]
    public_metadata: Map<String, Value>,
    #[serde(default)]
    private_metadata: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    user: Spanned<String>,
    role: Spanned<String>,
}

/// Its client is public if it has no secret.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OauthApplication {
    name: String,
    client_id: Spanned<String>,
    client_secret: Option<Spanned<String>>,
    redirect_uris: Vec<Spanned<String>>,
    #[serde(default)]
    scopes: Vec<Spanned<String>>,
    #[serde(default)]
    pkce_required: bool,
    consent_screen_enabled: Option<bool>,
}

impl Seed {
    pub(crate) fn load(source: &SeedSource) -> Result<Self, Error> {
        Ok(Self::parse(&source.text()?)?)
    }

    /// Returns all mistakes in a seed that can be found at once, by their lines.
    pub(crate) fn mistakes(source: &SeedSource) -> Vec<Error> {
        let text = match source.text() {
            Ok(text) => text,
            Err(error) => return vec![error.into()],
        };
        let mut mistakes = match Self::read(&text) {
            Ok(seed) => seed.mistakes_in(&text, &Present::default()),
            Err(mistake) => vec![mistake],
        };
        mistakes.sort_by_key(|mistake| mistake.line);
        mistakes.into_iter().map(Error::from).collect()
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Mistake> {
        Self::read(text)?.checked(text, &Present::default())
    }

    /// Parses the text of a seed, and checks no more than its form.
    fn read(text: &str) -> Result<Self, Mistake> {
        toml::from_str(text).map_err(|mut error| {
            let span = error.span();
            // With its input, the error would quote the line, which may contain a password.
            error.set_input(None);
            Mistake::new(text, span, error.to_string().trim_end().replace('\n', " "))
        })
    }

    /// Fails if there is a mistake in what the seed says.
    fn checked(self, text: &str, present: &Present) -> Result<Self, Mistake> {
        match self.mistakes_in(text, present).into_iter().next() {
            None => Ok(self),
            Some(mistake) => Err(mistake),
        }
    }

    fn mistakes_in(&self, text: &str, present: &Present) -> Vec<Mistake> {
        let mistakes = self.check(present).into_iter();
        mistakes
            .map(|(span, message)| Mistake::new(text, Some(span), message))
            .collect()
    }

    /// The settings of the seed, or the defaults.
    fn settings(&self) -> Settings {
        let settings = self.settings.as_ref().map(Spanned::as_ref);
        settings.cloned().unwrap_or_default()
    }

    /// Overrides the lifetime of session tokens.
    pub(crate) fn set_token_lifetime(&mut self, seconds: u32) {
        let mut settings = self.settings();
        settings.token_lifetime = seconds;
        self.settings = Some(Spanned::new(0..0, settings));
    }

    /// Identifiers and passwords of the users that have a password.
    pub(crate) fn passwords(&self) -> impl Iterator<Item = (&str, &str)> {
        self.users.iter().map(Spanned::as_ref).filter_map(|user| {
            let (identifier, _) = user.identifiers().next()?;
            Some((
                identifier.as_ref().as_str(),
                user.password.as_ref()?.as_ref().as_str(),
            ))
        })
    }
}

impl User {
    fn contacts(&self, kind: ContactKind) -> &[Spanned<String>] {
        match kind {
            ContactKind::EmailAddress => &self.email_addresses,
            ContactKind::PhoneNumber => &self.phone_numbers,
        }
    }

    /// The identifiers of the user, each with the kind of contact, if it is a contact.
    fn identifiers(&self) -> impl Iterator<Item = (&Spanned<String>, Option<ContactKind>)> {
        let contacts = ContactKind::ALL.into_iter().flat_map(|kind| {
            let contacts = self.contacts(kind).iter();
            contacts.map(move |contact| (contact, Some(kind)))
        });
        contacts.chain(self.username.iter().map(|username| (username, None)))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seed").finish_non_exhaustive()
    }
}
