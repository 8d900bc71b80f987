//! What a seed is added to.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::{self, Identifier, JwtTemplate, Payer, Permission, Role, Settings},
    store::{self, Store},
};

/// What the store has already; nothing, for a seed that fills an empty one.
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
    /// The ids of the users and organizations.
    pub(super) ids: BTreeSet<String>,
}

impl Present {
    pub(super) fn of(store: &Store<'_>) -> Result<Self, store::Error> {
        let plans = store.all::<model::Plan>()?;
        let identifiers = store.all::<Identifier>()?.into_iter();
        let templates = store.all::<JwtTemplate>()?.into_iter();
        let organizations = store.all::<model::Organization>()?;
        let users = store.all::<model::User>()?.into_iter().map(|user| user.id);
        Ok(Self {
            settings: Some(store.get(Settings::ID)?.unwrap_or_default()),
            identifiers: identifiers.map(|known| (known.value, known.user_id)).collect(),
            has_default_plan: plans
                .iter()
                .filter(|plan| plan.is_default)
                .map(|plan| plan.payer)
                .collect(),
            plans: plans.into_iter().map(|plan| (plan.slug, plan.payer)).collect(),
            jwt_templates: templates.map(|template| template.name).collect(),
            permissions: store
                .all::<Permission>()?
                .into_iter()
                .map(|permission| permission.key)
                .collect(),
            roles: store.all()?,
            ids: organizations
                .iter()
                .map(|organization| organization.id.clone())
                .chain(users)
                .collect(),
            slugs: organizations
                .into_iter()
                .map(|organization| organization.slug)
                .collect(),
        })
    }
}
