//! Cross-field validation of seed files.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use toml::Spanned;

use crate::{
    domain::{
        identifiers::{normalize, parse_username},
        organizations::slugify,
    },
    error::ApiError,
    model::{ContactKind, Payer, Settings, reserved_claim},
    password,
};

use super::{Organization, Plan, Seed, User, present::Present};

pub(super) type Checked = Result<(), (Range<usize>, String)>;

pub(super) fn mistake<T>(place: &Spanned<T>, message: impl Into<String>) -> Checked {
    Err((place.span(), message.into()))
}

/// Rejects a value that is there already, or occurs twice.
pub(super) fn check_unique(
    is_present: bool,
    known: &mut BTreeSet<String>,
    place: &Spanned<String>,
    value: String,
    field: &str,
) -> Checked {
    let problem = if is_present {
        "exists already"
    } else if known.insert(value) {
        return Ok(());
    } else {
        "occurs twice"
    };
    mistake(place, format!("{field}: {:?} {problem}", place.as_ref()))
}

/// The user that a member of an organization is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MemberUser<'a> {
    /// A user of the seed, by its place there.
    New(usize),
    /// A user who is there already, by its id.
    Present(&'a str),
}

pub(super) fn accepted<T>(
    place: &Spanned<String>,
    field: &str,
    parsed: Result<T, ApiError>,
) -> Result<T, (Range<usize>, String)> {
    parsed.map_err(|error| (place.span(), format!("{field}: {}", error.long_message())))
}

fn check_slug(organization: &Organization, present: &Present, known: &mut BTreeSet<String>) -> Checked {
    let (place, slug) = (&organization.slug, organization.slug.as_ref());
    if slugify(slug) != *slug {
        let message = "organizations.slug: a slug consists of lower-case letters, digits and hyphens";
        return mistake(place, message);
    }
    let is_present = present.slugs.contains(slug);
    check_unique(is_present, known, place, slug.clone(), "organizations.slug")
}

/// Finds the user that an identifier of a member belongs to. `numbers` is what `user_numbers` returns.
pub(super) fn find_member<'a>(
    numbers: &BTreeMap<String, usize>,
    present: &'a Present,
    identifier: &str,
) -> Option<MemberUser<'a>> {
    let normalized = normalize(identifier);
    let new = numbers.get(&normalized).copied().map(MemberUser::New);
    new.or_else(|| {
        let by_id = || present.ids.get(identifier).filter(|id| id.starts_with("user_"));
        let id = present.identifiers.get(&normalized).or_else(by_id)?;
        Some(MemberUser::Present(id))
    })
}

impl Seed {
    /// Returns the places and messages of what is wrong: at most one mistake of each user and organization, and of each
    /// other part.
    pub(super) fn check(&self, present: &Present) -> Vec<(Range<usize>, String)> {
        let default = Settings::default();
        let own = self.settings.as_ref().map(Spanned::as_ref);
        let settings = own.or(present.settings.as_ref()).unwrap_or(&default);
        let mut checks = vec![
            self.check_settings(present),
            self.check_keys(),
            self.check_ids(present),
            self.check_jwt_templates(present),
            self.check_plans(present),
            self.check_oauth_applications(present),
            self.check_permissions(present),
            self.check_roles(present),
        ];
        let mut known = BTreeSet::new();
        let users = self.users.iter();
        checks.extend(users.map(|user| self.check_user(user, settings, present, &mut known)));
        let mut slugs = BTreeSet::new();
        let users = self.user_numbers();
        for organization in &self.organizations {
            let checked = check_slug(organization, present, &mut slugs);
            checks.push(
                checked.and_then(|()| self.check_organization(organization, settings, &users, present)),
            );
        }
        checks.into_iter().filter_map(Result::err).collect()
    }

    fn check_settings(&self, present: &Present) -> Checked {
        let Some(own) = &self.settings else {
            return Ok(());
        };
        if present.settings.is_some() {
            return mistake(own, "settings: a seed that is added cannot change them");
        }
        match own.as_ref().check() {
            Ok(()) => Ok(()),
            Err(message) => mistake(own, format!("settings: {message}")),
        }
    }

    fn check_jwt_templates(&self, present: &Present) -> Checked {
        let mut names = BTreeSet::new();
        for template in &self.jwt_templates {
            let name = template.name.as_ref().clone();
            let is_present = present.jwt_templates.contains(&name);
            check_unique(is_present, &mut names, &template.name, name, "jwt_templates.name")?;
            if let Some(claim) = reserved_claim(template.claims.as_ref()) {
                return mistake(
                    &template.claims,
                    format!("jwt_templates.claims: {claim} is set by Clerk"),
                );
            }
        }
        Ok(())
    }

    fn check_plans(&self, present: &Present) -> Checked {
        let mut slugs = BTreeSet::new();
        for plan in &self.plans {
            let slug = plan.slug.as_ref().clone();
            let is_present = present.plans.iter().any(|(known, _)| *known == slug);
            check_unique(is_present, &mut slugs, &plan.slug, slug, "plans.slug")?;
            for feature in &plan.features {
                if !self.features.contains_key(feature.as_ref()) {
                    return mistake(
                        feature,
                        format!("plans.features: {:?} is not in [features]", feature.as_ref()),
                    );
                }
            }
            if let Some(annual) = plan.annual_monthly.as_ref().filter(|_| plan.monthly == 0) {
                return mistake(
                    annual,
                    "plans.annual_monthly: the plan is free, as it has no monthly price",
                );
            }
            let free = |other: &Plan| other.payer == plan.payer && other.monthly == 0;
            if !present.has_default_plan.contains(&plan.payer) && !self.plans.iter().any(free) {
                let message =
                    "plans: each kind of payer needs a plan that is free, which is its default plan";
                return mistake(&plan.slug, message);
            }
        }
        Ok(())
    }

    fn check_plan(
        &self,
        plan: Option<&Spanned<String>>,
        payer: Payer,
        present: &Present,
        field: &str,
    ) -> Checked {
        let Some(slug) = plan else { return Ok(()) };
        let is_it = |plan: &Plan| plan.payer == payer && plan.slug.as_ref() == slug.as_ref();
        let is_known =
            |(known, known_payer): &(String, Payer)| *known_payer == payer && known == slug.as_ref();
        if self.plans.iter().any(is_it) || present.plans.iter().any(is_known) {
            return Ok(());
        }
        mistake(
            slug,
            format!(
                "{field}: there is no plan {:?} for this kind of payer",
                slug.as_ref()
            ),
        )
    }

    fn check_user(
        &self,
        place: &Spanned<User>,
        settings: &Settings,
        present: &Present,
        known: &mut BTreeSet<String>,
    ) -> Checked {
        let user = place.as_ref();
        for (text, kind) in user.identifiers() {
            let (field, is_on) = match kind {
                Some(ContactKind::EmailAddress) => ("users.email_addresses", settings.email_address.is_on()),
                Some(ContactKind::PhoneNumber) => ("users.phone_numbers", settings.phone_number.is_on()),
                None => ("users.username", settings.username.is_on()),
            };
            if !is_on {
                return mistake(text, format!("{field}: this is disabled in [settings]"));
            }
            let parsed = match kind {
                Some(kind) => kind.parse(text.as_ref(), kind.name()),
                None => parse_username(text.as_ref()),
            };
            let value = accepted(text, field, parsed)?;
            let is_present = present.identifiers.contains_key(&value);
            check_unique(is_present, known, text, value, field)?;
        }
        if user.identifiers().next().is_none() {
            let message = "users: a user needs an e-mail address, a phone number or a username";
            return mistake(place, message);
        }
        if let Some(text) = &user.password {
            accepted(text, "users.password", password::check(text.as_ref(), "password"))?;
        }
        self.check_plan(user.plan.as_ref(), Payer::User, present, "users.plan")
    }

    fn check_organization(
        &self,
        organization: &Organization,
        settings: &Settings,
        users: &BTreeMap<String, usize>,
        present: &Present,
    ) -> Checked {
        if !settings.organizations {
            let message = "organizations: they are disabled in [settings]";
            return mistake(&organization.name, message);
        }
        let mut members = BTreeSet::new();
        for member in &organization.members {
            let field = "organizations.members.user";
            let name = member.user.as_ref();
            match find_member(users, present, name) {
                None => {
                    return mistake(
                        &member.user,
                        format!("{field}: {name:?} is not an address, number, username or id of [[users]]"),
                    );
                }
                Some(user) if !members.insert(user) => {
                    return mistake(&member.user, format!("{field}: {name:?} is already a member"));
                }
                Some(_) => {}
            }
        }
        self.check_member_roles(organization, present)?;
        self.check_plan(
            organization.plan.as_ref(),
            Payer::Organization,
            present,
            "organizations.plan",
        )
    }

    /// The index of the user that each identifier belongs to.
    pub(crate) fn user_numbers(&self) -> BTreeMap<String, usize> {
        let users = self.users.iter().map(Spanned::as_ref).enumerate();
        users
            .flat_map(|(number, user)| {
                let identifiers = user.identifiers().map(|(text, _)| text);
                let names = identifiers.chain(&user.id);
                names.map(move |text| (normalize(text.as_ref()), number))
            })
            .collect()
    }
}
