//! Writing a seed to the store.

use toml::Spanned;

use crate::{
    domain::{identifiers::parse_username, users::create_user},
    error::Error,
    model::{
        self, Contact, ContactKind, DEFAULT_SCOPES, JwtTemplate, Payer, Settings, Subscription, Verification,
    },
    password::PasswordHash,
    store::{self, Store},
};

use super::{
    OauthApplication, Organization, Plan, Seed, User,
    check::{MemberUser, find_member},
    present::Present,
};

impl Seed {
    /// Fills an empty store with the settings, plans, roles, users, organizations and OAuth applications of the seed.
    pub(crate) fn apply(&self, store: &Store<'_>, now: i64) -> Result<(), Error> {
        store.put(&self.settings())?;
        self.add(store, &Present::default(), now)
    }

    /// Adds the plans, roles, users, organizations and OAuth applications of the seed to what is there.
    pub(super) fn add(&self, store: &Store<'_>, present: &Present, now: i64) -> Result<(), Error> {
        for seed in &self.jwt_templates {
            let mut template = JwtTemplate::new(seed.name.as_ref(), seed.claims.as_ref().clone(), now);
            template.lifetime = seed.lifetime.map_or(template.lifetime, i64::from);
            let skew = seed.allowed_clock_skew.map(i64::from);
            template.allowed_clock_skew = skew.unwrap_or(template.allowed_clock_skew);
            store.put(&template)?;
        }
        self.add_roles(store, present, now)?;
        for (number, plan) in self.plans.iter().enumerate() {
            let earlier = &self.plans[..number];
            let free = |plan: &Plan| plan.monthly == 0;
            let is_first = !present.has_default_plan.contains(&plan.payer)
                && !earlier
                    .iter()
                    .any(|other| other.payer == plan.payer && free(other));
            store.put(&self.plan(plan, is_first && free(plan)))?;
        }
        let mut user_ids = Vec::new();
        for seed in self.users.iter().map(Spanned::as_ref) {
            let user = seed.user(now)?;
            create_user(store, &user)?;
            subscribe(store, &user.id, seed.plan.as_ref(), Payer::User, now)?;
            user_ids.push(user.id);
        }
        let numbers = self.user_numbers();
        for seed in &self.organizations {
            let members = seed.members.iter().filter_map(|member| {
                let user_id = match find_member(&numbers, present, member.user.as_ref())? {
                    MemberUser::New(number) => user_ids[number].as_str(),
                    MemberUser::Present(id) => id,
                };
                Some((user_id, member.role.as_ref().as_str()))
            });
            let organization = seed.organization(members, now);
            store.put(&organization)?;
            store.put(&model::PaymentMethod::new(&organization.id, now))?;
            subscribe(
                store,
                &organization.id,
                seed.plan.as_ref(),
                Payer::Organization,
                now,
            )?;
        }
        let settings = store.get::<Settings>(Settings::ID)?.unwrap_or_default();
        for seed in &self.oauth_applications {
            store.put(&seed.application(settings.default_scopes(&DEFAULT_SCOPES), now))?;
        }
        Ok(())
    }

    fn plan(&self, seed: &Plan, is_default: bool) -> model::Plan {
        let features = seed.features.iter().filter_map(|slug| {
            let feature = self.features.get(slug.as_ref())?;
            Some(model::Feature {
                slug: slug.as_ref().clone(),
                name: feature.name.clone(),
                description: feature.description.clone(),
            })
        });
        model::Plan {
            id: format!("cplan_local_{}", seed.slug.as_ref()),
            slug: seed.slug.as_ref().clone(),
            name: seed.name.clone(),
            description: seed.description.clone(),
            payer: seed.payer,
            monthly: seed.monthly,
            annual_monthly: seed.annual_monthly.as_ref().map(|cents| *cents.as_ref()),
            features: features.collect(),
            is_default,
        }
    }
}

/// Subscribes a payer to the plan of the seed, or to the default plan.
fn subscribe(
    store: &Store<'_>,
    payer_id: &str,
    slug: Option<&Spanned<String>>,
    payer: Payer,
    now: i64,
) -> Result<(), store::Error> {
    let plan = match slug {
        Some(slug) => store.of::<model::Plan>(slug.as_ref())?.pop(),
        None => model::Plan::default_of(store, payer)?,
    };
    match plan {
        Some(plan) => store.put(&Subscription::new(payer_id, &plan, now)),
        None => Ok(()),
    }
}

impl User {
    fn user(&self, now: i64) -> Result<model::User, Error> {
        let mut user = model::User {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            external_id: self.external_id.clone(),
            public_metadata: self.public_metadata.clone(),
            private_metadata: self.private_metadata.clone(),
            unsafe_metadata: self.unsafe_metadata.clone(),
            ..model::User::new(now)
        };
        if let Some(id) = &self.id {
            user.id.clone_from(id.as_ref());
        }
        for kind in ContactKind::ALL {
            for text in self.contacts(kind) {
                let value = kind.parse(text.as_ref(), kind.name())?;
                let verification = Some(Verification::verified("admin", now));
                user.add_contact(kind, Contact::new(value, verification, now));
            }
        }
        if let Some(username) = &self.username {
            user.username = Some(parse_username(username.as_ref())?);
        }
        if let Some(password) = &self.password {
            let hash = self
                .password_hash
                .get_or_init(|| PasswordHash::new(password.as_ref()));
            user.password = Some(hash.clone());
            user.password_last_updated_at = Some(now);
        }
        Ok(user)
    }
}

impl Organization {
    fn organization<'a>(
        &self,
        members: impl Iterator<Item = (&'a str, &'a str)>,
        now: i64,
    ) -> model::Organization {
        let mut organization =
            model::Organization::new(self.name.as_ref().clone(), self.slug.as_ref().clone(), now);
        if let Some(id) = &self.id {
            organization.id.clone_from(id.as_ref());
        }
        organization.public_metadata = self.public_metadata.clone();
        organization.private_metadata = self.private_metadata.clone();
        for (user_id, role) in members {
            organization.created_by.get_or_insert_with(|| user_id.to_owned());
            organization.add_member(user_id, role, now);
        }
        organization
    }
}

impl OauthApplication {
    fn application(&self, default_scopes: Vec<String>, now: i64) -> model::OauthApplication {
        let texts = |list: &[Spanned<String>]| list.iter().map(|text| text.as_ref().clone()).collect();
        let scopes = if self.scopes.is_empty() {
            default_scopes
        } else {
            texts(&self.scopes)
        };
        let mut application = model::OauthApplication {
            client_id: self.client_id.as_ref().clone(),
            redirect_uris: texts(&self.redirect_uris),
            public: self.client_secret.is_none(),
            pkce_required: self.pkce_required,
            consent_screen_enabled: self.consent_screen_enabled.unwrap_or(true),
            ..model::OauthApplication::new(self.name.clone(), scopes, now)
        };
        if let Some(secret) = &self.client_secret {
            application.client_secret.clone_from(secret.as_ref());
        }
        application
    }
}
