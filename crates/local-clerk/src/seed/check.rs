//! What a seed file may not say, though each part of it could be said.

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
    model::{ContactKind, Payer, Role, Settings, reserved_claim},
    password,
};

use super::{Organization, Plan, Seed, User};

type Checked = Result<(), (Range<usize>, String)>;

fn wrong<T>(place: &Spanned<T>, why: impl Into<String>) -> Checked {
    Err((place.span(), why.into()))
}

/// Fails at a value that has been there before.
fn check_new(known: &mut BTreeSet<String>, place: &Spanned<String>, value: String, field: &str) -> Checked {
    if known.insert(value) {
        return Ok(());
    }
    wrong(
        place,
        format!("{field}: {:?} is in the file twice", place.as_ref()),
    )
}

fn accepted<T>(
    place: &Spanned<String>,
    field: &str,
    parsed: Result<T, ApiError>,
) -> Result<T, (Range<usize>, String)> {
    parsed.map_err(|error| (place.span(), format!("{field}: {}", error.long_message())))
}

impl Seed {
    pub(super) fn check(&self) -> Checked {
        let default = Settings::default();
        let mut settings = &default;
        if let Some(own) = &self.settings {
            settings = own.as_ref();
            if let Err(why) = settings.check() {
                return wrong(own, format!("settings: {why}"));
            }
        }
        self.check_jwt_templates()?;
        self.check_plans()?;
        let mut known = BTreeSet::new();
        for user in &self.users {
            self.check_user(user, settings, &mut known)?;
        }
        let mut slugs = BTreeSet::new();
        for organization in &self.organizations {
            if slugify(organization.slug.as_ref()) != *organization.slug.as_ref() {
                let why = "organizations.slug: a slug is made of lower-case letters, digits and hyphens";
                return wrong(&organization.slug, why);
            }
            let slug = organization.slug.as_ref().clone();
            check_new(&mut slugs, &organization.slug, slug, "organizations.slug")?;
            self.check_organization(organization, settings)?;
        }
        Ok(())
    }

    fn check_jwt_templates(&self) -> Checked {
        let mut names = BTreeSet::new();
        for template in &self.jwt_templates {
            let name = template.name.as_ref().clone();
            check_new(&mut names, &template.name, name, "jwt_templates.name")?;
            if let Some(claim) = reserved_claim(template.claims.as_ref()) {
                return wrong(
                    &template.claims,
                    format!("jwt_templates.claims: {claim} is set by Clerk"),
                );
            }
        }
        Ok(())
    }

    fn check_plans(&self) -> Checked {
        let mut slugs = BTreeSet::new();
        for plan in &self.plans {
            check_new(&mut slugs, &plan.slug, plan.slug.as_ref().clone(), "plans.slug")?;
            for feature in &plan.features {
                if !self.features.contains_key(feature.as_ref()) {
                    return wrong(
                        feature,
                        format!("plans.features: {:?} is not in [features]", feature.as_ref()),
                    );
                }
            }
            if let Some(annual) = plan.annual_monthly.as_ref().filter(|_| plan.monthly == 0) {
                return wrong(annual, "plans.annual_monthly: the plan costs nothing monthly");
            }
            let free = |other: &Plan| other.payer == plan.payer && other.monthly == 0;
            if !self.plans.iter().any(free) {
                let why = "plans: of the plans for one kind of payer, one has to cost nothing: it is the one to begin with";
                return wrong(&plan.slug, why);
            }
        }
        Ok(())
    }

    fn check_plan(&self, plan: Option<&Spanned<String>>, payer: Payer, field: &str) -> Checked {
        let Some(slug) = plan else { return Ok(()) };
        let is_it = |plan: &Plan| plan.payer == payer && plan.slug.as_ref() == slug.as_ref();
        if self.plans.iter().any(is_it) {
            return Ok(());
        }
        wrong(
            slug,
            format!("{field}: there is no plan {:?} for them", slug.as_ref()),
        )
    }

    fn check_user(
        &self,
        place: &Spanned<User>,
        settings: &Settings,
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
                return wrong(text, format!("{field}: [settings] has switched this off"));
            }
            let parsed = match kind {
                Some(kind) => kind.parse(text.as_ref(), kind.name()),
                None => parse_username(text.as_ref()),
            };
            check_new(known, text, accepted(text, field, parsed)?, field)?;
        }
        if user.identifiers().next().is_none() {
            let why = "users: a user needs an e-mail address, a phone number or a username";
            return wrong(place, why);
        }
        if let Some(text) = &user.password {
            accepted(text, "users.password", password::check(text.as_ref(), "password"))?;
        }
        self.check_plan(user.plan.as_ref(), Payer::User, "users.plan")
    }

    fn check_organization(&self, organization: &Organization, settings: &Settings) -> Checked {
        if !settings.organizations {
            let why = "organizations: [settings] has switched them off";
            return wrong(&organization.name, why);
        }
        let users = self.user_numbers();
        let mut members = BTreeSet::new();
        for member in &organization.members {
            let field = "organizations.members.user";
            let name = member.user.as_ref();
            match users.get(&normalize(name)) {
                None => {
                    return wrong(
                        &member.user,
                        format!("{field}: {name:?} is no address, number or username of [[users]]"),
                    );
                }
                Some(number) if !members.insert(*number) => {
                    return wrong(&member.user, format!("{field}: {name:?} is a member already"));
                }
                Some(_) => {}
            }
        }
        if !organization
            .members
            .iter()
            .any(|member| member.role == Role::Admin)
        {
            let why = "organizations.members: an organization needs an org:admin";
            return wrong(&organization.name, why);
        }
        self.check_plan(
            organization.plan.as_ref(),
            Payer::Organization,
            "organizations.plan",
        )
    }

    /// Which of the users each identifier is of.
    pub(super) fn user_numbers(&self) -> BTreeMap<String, usize> {
        let users = self.users.iter().map(Spanned::as_ref).enumerate();
        users
            .flat_map(|(number, user)| {
                let identifiers = user.identifiers();
                identifiers.map(move |(text, _)| (normalize(text.as_ref()), number))
            })
            .collect()
    }
}
