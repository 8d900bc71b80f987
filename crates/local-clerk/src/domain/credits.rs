//! Credits of users and organizations.

use crate::{
    error::{ApiError, Error},
    model::{Checkout, CreditEntry, CreditSource},
};

use super::Context;

impl Context<'_> {
    /// Returns the credits of a payer in US cents; `None` if there never were any.
    pub(crate) fn credit_balance(&self, owner_id: &str) -> Result<Option<i64>, Error> {
        let entries = self.store.of::<CreditEntry>(owner_id)?;
        Ok((!entries.is_empty()).then(|| entries.iter().map(|entry| entry.cents).sum()))
    }

    /// Changes the credits of a payer, once for each key: with a key that is known, nothing changes.
    ///
    /// # Errors
    /// If the payer does not have as many.
    pub(crate) fn adjust_credits(
        &self,
        owner_id: &str,
        cents: i64,
        key: &str,
        note: Option<&str>,
    ) -> Result<CreditEntry, Error> {
        let source = CreditSource::Grant(key.to_owned());
        let mut entries = self.store.of::<CreditEntry>(owner_id)?.into_iter();
        if let Some(known) = entries.find(|entry| entry.source == source) {
            return Ok(known);
        }
        let balance = self.credit_balance(owner_id)?.unwrap_or_default();
        if balance + cents < 0 {
            let message = format!("amount must be at most {balance}, which are the credits of the payer.");
            return Err(ApiError::value_invalid("amount", message).into());
        }
        let mut entry = CreditEntry::new(owner_id, cents, source, self.now);
        entry.note = note.map(str::to_owned);
        self.store.put(&entry)?;
        Ok(entry)
    }

    /// Deletes the credits of a payer.
    pub(super) fn delete_credits(&self, owner_id: &str) -> Result<(), Error> {
        for entry in self.store.of::<CreditEntry>(owner_id)? {
            self.store.delete::<CreditEntry>(&entry.id)?;
        }
        Ok(())
    }

    /// Returns how many cents of a checkout credits pay, or would pay now.
    pub(crate) fn applicable_credits(&self, checkout: &Checkout) -> Result<i64, Error> {
        if checkout.completed {
            return Ok(checkout.applied_credits);
        }
        let balance = self.credit_balance(&checkout.owner_id)?.unwrap_or_default();
        Ok(balance.min(checkout.plan.amount(checkout.period)))
    }

    /// Pays for a checkout with credits as far as there are any. The caller stores the checkout.
    pub(crate) fn apply_credits(&self, checkout: &mut Checkout) -> Result<(), Error> {
        checkout.applied_credits = self.applicable_credits(checkout)?;
        if checkout.applied_credits > 0 {
            let source = CreditSource::Checkout(checkout.id.clone());
            let cents = -checkout.applied_credits;
            let entry = CreditEntry::new(&checkout.owner_id, cents, source, self.now);
            self.store.put(&entry)?;
        }
        Ok(())
    }
}
