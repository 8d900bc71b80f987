//! Plans.

use serde::{Deserialize, Serialize};

use crate::store::{self, Document, Store};

use super::Period;

/// A plan. Amounts are in US cents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) payer: Payer,
    pub(crate) monthly: u32,
    /// The price of a month if a year is paid at once; `None` if that is not offered.
    pub(crate) annual_monthly: Option<u32>,
    pub(crate) features: Vec<Feature>,
    /// Whether new payers start with this plan.
    pub(crate) is_default: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Feature {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) description: String,
}

/// The kind of payer that a plan is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Payer {
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
    pub(crate) const fn is_paid(&self) -> bool {
        self.monthly > 0
    }

    /// Returns the price of a period in US cents.
    pub(crate) fn amount(&self, period: Period) -> i64 {
        match period {
            Period::Month => self.monthly.into(),
            Period::Annual => 12 * i64::from(self.annual_monthly.unwrap_or(self.monthly)),
        }
    }

    /// Returns the plan that new payers start with, if there are plans for them.
    pub(crate) fn default_of(store: &Store<'_>, payer: Payer) -> Result<Option<Self>, store::Error> {
        let plans: Vec<Self> = store.all()?;
        Ok(plans
            .into_iter()
            .find(|plan| plan.payer == payer && plan.is_default))
    }
}
