//! Looking up plans and subscriptions.

use crate::{
    error::{ApiError, Error},
    model::{Payer, Plan, Subscription},
    store,
};

use super::Context;

impl Context<'_> {
    /// Returns the plans for one kind of payer.
    pub(crate) fn plans_for(&self, payer: Payer) -> Result<Vec<Plan>, store::Error> {
        let mut plans: Vec<Plan> = self.store.all()?;
        plans.retain(|plan| plan.payer == payer);
        Ok(plans)
    }

    /// Returns a plan by its id or slug.
    pub(crate) fn plan(&self, key: &str) -> Result<Plan, Error> {
        let plan = match self.store.get(key)? {
            Some(plan) => Some(plan),
            None => self.store.of(key)?.pop(),
        };
        Ok(plan.ok_or_else(|| ApiError::not_found("plan", key))?)
    }

    /// Returns the current subscription of a user or an organization; `None` if there are no plans for it.
    pub(crate) fn subscription(&self, owner_id: &str) -> Result<Option<Subscription>, Error> {
        let mut subscription = self.store.get::<Subscription>(owner_id)?;
        if let Some(subscription) = &mut subscription {
            subscription.advance_to(self.now);
        }
        Ok(subscription)
    }

    /// Returns the current subscription of a user or an organization, or the error that there is none.
    pub(crate) fn subscription_or_error(&self, owner_id: &str) -> Result<Subscription, Error> {
        Ok(self
            .subscription(owner_id)?
            .ok_or_else(|| ApiError::not_found("subscription", owner_id))?)
    }
}
