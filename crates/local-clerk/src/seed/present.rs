//! What a seed is added to.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use crate::{
    domain::identifiers::normalize,
    model::{self, Identifier, JwtTemplate, Payer, Permission, Role, Settings},
    store::{self, Store},
};

use super::Seed;

/// What the store has already of what a seed mentions; nothing, for a seed that fills an empty one.
#[derive(Default)]
pub(crate) struct Present {
    pub(super) settings: Option<Settings>,
    /// The id of the user that each identifier belongs to.
    pub(super) identifiers: BTreeMap<String, String>,
    pub(super) plans: Vec<(String, Payer)>,
    pub(super) has_default_plan: Vec<Payer>,
    pub(super) jwt_templates: BTreeSet<String>,
    /// The keys of the custom permissions.
    pub(super) permissions: BTreeSet<String>,
    pub(super) roles: Vec<Role>,
    pub(super) slugs: BTreeSet<String>,
    pub(super) client_ids: BTreeSet<String>,
    /// The ids of the users and organizations.
    pub(super) ids: BTreeSet<String>,
}

impl Present {
    pub(super) fn of(store: &Store<'_>, seed: &Seed) -> Result<Self, store::Error> {
        let plans = store.all::<model::Plan>()?;
        let templates = store.all::<JwtTemplate>()?.into_iter();
        let applications = store.all::<model::OauthApplication>()?.into_iter();
        let mut present = Self {
            settings: Some(store.get(Settings::ID)?.unwrap_or_default()),
            has_default_plan: plans
                .iter()
                .filter(|plan| plan.is_default)
                .map(|plan| plan.payer)
                .collect(),
            plans: plans.into_iter().map(|plan| (plan.slug, plan.payer)).collect(),
            client_ids: applications.map(|application| application.client_id).collect(),
            jwt_templates: templates.map(|template| template.name).collect(),
            permissions: store
                .all::<Permission>()?
                .into_iter()
                .map(|permission| permission.key)
                .collect(),
            roles: store.all()?,
            ..Self::default()
        };
        let users = seed.users.iter().map(Spanned::as_ref);
        let own = users
            .clone()
            .flat_map(|user| user.identifiers().map(|(identifier, _)| identifier));
        let members = seed
            .organizations
            .iter()
            .flat_map(|organization| &organization.members);
        let member_names = members.map(|member| &member.user);
        for identifier in own.chain(member_names.clone()) {
            if let Some(known) = store.get::<Identifier>(&normalize(identifier.as_ref()))? {
                present.identifiers.insert(known.value, known.user_id);
            }
        }
        let own_ids = users.filter_map(|user| user.id.as_ref());
        for id in own_ids.chain(member_names).map(Spanned::as_ref) {
            present
                .ids
                .extend(store.get::<model::User>(id)?.map(|user| user.id));
        }
        for organization in &seed.organizations {
            if let Some(id) = &organization.id {
                let known = store.get::<model::Organization>(id.as_ref())?;
                present.ids.extend(known.map(|known| known.id));
            }
            let known = store.of::<model::Organization>(organization.slug.as_ref())?;
            present.slugs.extend(known.into_iter().map(|known| known.slug));
        }
        Ok(present)
    }
}
