//! What a new data file begins with: the seed file.

mod check;
mod plant;

use std::{collections::BTreeMap, fmt, fs, ops::Range, path::Path};

use serde::Deserialize;
use serde_json::{Map, Value};
use toml::Spanned;

use crate::model::{ContactKind, Payer, Role, Settings};

const DEFAULT: &str = include_str!("seed.toml");

/// Why a seed file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {why}")]
pub(crate) struct Problem {
    line: usize,
    why: String,
}

impl Problem {
    fn new(text: &str, span: Option<Range<usize>>, why: String) -> Self {
        let before = span.and_then(|span| text.as_bytes().get(..span.start));
        let breaks = before.unwrap_or_default().iter().filter(|byte| **byte == b'\n');
        Self {
            line: 1 + breaks.count(),
            why,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Unreadable(#[from] std::io::Error),
    #[error("{0}")]
    Problem(#[from] Problem),
}

/// A seed file, checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seed {
    settings: Option<Spanned<Settings>>,
    #[serde(default)]
    features: BTreeMap<String, Feature>,
    #[serde(default)]
    jwt_templates: Vec<JwtTemplate>,
    #[serde(default)]
    plans: Vec<Plan>,
    #[serde(default)]
    users: Vec<Spanned<User>>,
    #[serde(default)]
    organizations: Vec<Organization>,
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
struct User {
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<Spanned<String>>,
    #[serde(default)]
    email_addresses: Vec<Spanned<String>>,
    #[serde(default)]
    phone_numbers: Vec<Spanned<String>>,
    password: Option<Spanned<String>>,
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
    role: Role,
}

impl Seed {
    /// Reads a seed file, or the one that the program brings along.
    pub(crate) fn load(path: Option<&Path>) -> Result<Self, Error> {
        let text = path.map(fs::read_to_string).transpose()?;
        Ok(Self::parse(text.as_deref().unwrap_or(DEFAULT))?)
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let seed: Self = toml::from_str(text).map_err(|mut error| {
            let span = error.span();
            // With its input an error shows the line, which may be a password's.
            error.set_input(None);
            Problem::new(text, span, error.to_string().trim_end().replace('\n', " "))
        })?;
        match seed.check() {
            Ok(()) => Ok(seed),
            Err((span, why)) => Err(Problem::new(text, Some(span), why)),
        }
    }

    /// Identifier and password of whoever can sign in with one.
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

    /// What identifies the user, with what kind of contact it is, if it is one.
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
