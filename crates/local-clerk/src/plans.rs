//! The plans that the local Clerk sells.

use serde::{Deserialize, Serialize};

use super::{
    call::Call,
    store::{self, Document, Store},
};

/// A plan. Amounts are in US cents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) payer: Payer,
    pub(super) monthly: u32,
    /// What a month costs when a year is paid at once, if a year can be.
    pub(super) annual_monthly: Option<u32>,
    pub(super) features: Vec<Feature>,
    /// Does everybody begin with it?
    pub(super) is_default: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Feature {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) description: String,
}

/// Whom a plan is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Payer {
    #[default]
    User,
    Organization,
}

impl Document for Plan {
    const KIND: &'static str = "plan";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.slug)
    }
}

impl Plan {
    pub(super) const fn is_paid(&self) -> bool {
        self.monthly > 0
    }

    /// The plan that a payer has to begin with; none where there are no plans for such payers.
    pub(super) fn default_of(store: &Store<'_>, payer: Payer) -> Result<Option<Self>, store::Error> {
        let plans: Vec<Self> = store.all()?;
        Ok(plans
            .into_iter()
            .find(|plan| plan.payer == payer && plan.is_default))
    }
}

impl Call<'_> {
    pub(super) fn plans_for(&self, payer: Payer) -> Result<Vec<Plan>, store::Error> {
        let mut plans: Vec<Plan> = self.store.all()?;
        plans.retain(|plan| plan.payer == payer);
        Ok(plans)
    }

    pub(super) fn plan(&self, key: &str) -> Result<Option<Plan>, store::Error> {
        match self.store.get(key)? {
            Some(plan) => Ok(Some(plan)),
            None => Ok(self.store.of(key)?.pop()),
        }
    }
}
