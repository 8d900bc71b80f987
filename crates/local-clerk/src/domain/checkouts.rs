//! Checkouts, payment methods and cancellations.

use crate::{
    error::{ApiError, Error},
    id,
    model::{Checkout, Payer, Payment, PaymentMethod, Period, Plan, SubscriptionItem},
};

use super::Context;

impl Context<'_> {
    /// Creates the checkout of a plan.
    ///
    /// # Errors
    /// If there is no such plan for this kind of payer.
    pub(crate) fn create_checkout(
        &self,
        owner_id: &str,
        kind: Payer,
        plan: &str,
        period: Option<&str>,
    ) -> Result<Checkout, Error> {
        let plan = self.plan(plan)?;
        if plan.payer != kind {
            return Err(ApiError::not_found("plan for this payer", &plan.id).into());
        }
        let period = match period {
            None => Period::Month,
            Some(text) => Period::parse(text).ok_or_else(|| {
                ApiError::value_invalid("plan_period", "plan_period must be month or annual.")
            })?,
        };
        let checkout = Checkout {
            id: id::new("cchk", self.now),
            owner_id: owner_id.to_owned(),
            plan,
            period,
            completed: false,
            applied_credits: 0,
            created_at: self.now,
        };
        self.store.put(&checkout)?;
        Ok(checkout)
    }

    /// Completes a checkout: the plan applies immediately, and a paid one is recorded as a payment.
    pub(crate) fn confirm_checkout(&self, checkout: &mut Checkout) -> Result<(), Error> {
        if checkout.completed {
            let message = "The checkout is complete.";
            return Err(ApiError::bad_request("checkout_already_completed", message).into());
        }
        self.apply_credits(checkout)?;
        let mut subscription = self.subscription_or_error(&checkout.owner_id)?;
        subscription.switch(&checkout.plan, checkout.period, self.now);
        self.store.put(&subscription)?;
        if checkout.plan.is_paid() {
            for item in subscription.items {
                self.store.put(&Payment {
                    id: id::new("cpayment", self.now),
                    owner_id: checkout.owner_id.clone(),
                    item,
                    created_at: self.now,
                })?;
            }
        }
        checkout.completed = true;
        self.store.put(checkout)?;
        Ok(())
    }

    /// Cancels a paid subscription item at the end of its period.
    pub(crate) fn cancel_item(
        &self,
        owner_id: &str,
        kind: Payer,
        item_id: &str,
    ) -> Result<SubscriptionItem, Error> {
        let mut subscription = self.subscription_or_error(owner_id)?;
        let free = Plan::default_of(&self.store, kind)?;
        let item = free
            .and_then(|free| subscription.cancel(item_id, &free, self.now))
            .ok_or_else(|| ApiError::not_found("paid subscription item", item_id))?;
        self.store.put(&subscription)?;
        Ok(item)
    }

    /// Returns a checkout of a payer.
    pub(crate) fn own_checkout(&self, owner_id: &str, id: &str) -> Result<Checkout, Error> {
        let own = self
            .store
            .get::<Checkout>(id)?
            .filter(|checkout| checkout.owner_id == owner_id);
        Ok(own.ok_or_else(|| ApiError::not_found("checkout", id))?)
    }

    /// Returns a payment method of a payer.
    pub(crate) fn own_payment_method(&self, owner_id: &str, id: &str) -> Result<PaymentMethod, Error> {
        let own = self
            .store
            .get::<PaymentMethod>(id)?
            .filter(|method| method.owner_id == owner_id);
        Ok(own.ok_or_else(|| ApiError::not_found("payment method", id))?)
    }
}
