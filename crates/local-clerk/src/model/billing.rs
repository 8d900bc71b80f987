//! Subscriptions, checkouts and simulated payments.

use serde::{Deserialize, Serialize};

use crate::{id, store::Document};

use super::{DAY, Plan};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Period {
    Month,
    Annual,
}

impl Period {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "month" => Some(Self::Month),
            "annual" => Some(Self::Annual),
            _ => None,
        }
    }

    const fn length(self) -> i64 {
        match self {
            Self::Month => 30 * DAY,
            Self::Annual => 365 * DAY,
        }
    }
}

/// The subscription of a user or an organization, stored under the id of either.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) owner_id: String,
    pub(crate) subscription_id: String,
    /// The items that have not ended: the active one, and the one that follows a canceled one.
    pub(crate) items: Vec<SubscriptionItem>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SubscriptionItem {
    pub(crate) id: String,
    /// The plan as it was at the purchase.
    pub(crate) plan: Plan,
    pub(crate) period: Period,
    pub(crate) period_start: i64,
    /// `None` for a free plan.
    pub(crate) period_end: Option<i64>,
    pub(crate) canceled_at: Option<i64>,
    pub(crate) created_at: i64,
}

/// The status of a subscription item, as the API and webhooks report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SubscriptionItemStatus {
    Active,
    Upcoming,
    Canceled,
    Ended,
}

impl SubscriptionItemStatus {
    /// Returns the name of the status in event types.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Upcoming => "upcoming",
            Self::Canceled => "canceled",
            Self::Ended => "ended",
        }
    }
}

impl Document for Subscription {
    const KIND: &'static str = "subscription";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.owner_id
    }
}

impl Subscription {
    pub(crate) fn new(owner_id: &str, plan: &Plan, now: i64) -> Self {
        Self {
            owner_id: owner_id.to_owned(),
            subscription_id: id::new("csub", now),
            items: vec![SubscriptionItem::new(plan, Period::Month, now)],
            created_at: now,
            updated_at: now,
        }
    }

    /// Switches to a plan immediately.
    pub(crate) fn switch(&mut self, plan: &Plan, period: Period, now: i64) {
        self.items = vec![SubscriptionItem::new(plan, period, now)];
        self.updated_at = now;
    }

    /// Cancels a paid item: it lasts until the end of its period and is followed by the free plan. Returns `None`
    /// if there is no such paid item.
    pub(crate) fn cancel(&mut self, item_id: &str, free: &Plan, now: i64) -> Option<SubscriptionItem> {
        let item = self.items.iter_mut().find(|item| item.id == item_id)?;
        let period_end = item.period_end?;
        let was_canceled = item.canceled_at.is_some();
        item.canceled_at.get_or_insert(now);
        let item = item.clone();
        if !was_canceled {
            self.items
                .push(SubscriptionItem::new(free, Period::Month, period_end));
            self.updated_at = now;
        }
        Some(item)
    }

    /// Applies the passage of time: paid items renew, canceled ones end.
    pub(crate) fn advance_to(&mut self, now: i64) {
        self.items
            .retain(|item| item.canceled_at.is_none() || item.period_end.is_none_or(|end| end > now));
        for item in &mut self.items {
            while let Some(end) = item.period_end.filter(|end| *end <= now) {
                item.period_start = end;
                item.period_end = Some(end + item.period.length());
            }
        }
    }

    pub(crate) fn active_plan(&self, now: i64) -> Option<&Plan> {
        let active = self.items.iter().find(|item| item.is_active(now));
        active.map(|item| &item.plan)
    }
}

impl SubscriptionItem {
    fn new(plan: &Plan, period: Period, now: i64) -> Self {
        Self {
            id: id::new("csubi", now),
            plan: plan.clone(),
            period,
            period_start: now,
            period_end: plan.is_paid().then(|| now + period.length()),
            canceled_at: None,
            created_at: now,
        }
    }

    pub(crate) fn status(&self, now: i64) -> SubscriptionItemStatus {
        if self.is_active(now) {
            SubscriptionItemStatus::Active
        } else {
            SubscriptionItemStatus::Upcoming
        }
    }

    pub(crate) fn is_active(&self, now: i64) -> bool {
        self.period_start <= now
    }
}

/// A test card, which is never charged.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PaymentMethod {
    pub(crate) id: String,
    pub(crate) owner_id: String,
    pub(crate) created_at: i64,
}

impl Document for PaymentMethod {
    const KIND: &'static str = "payment_method";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.owner_id)
    }
}

impl PaymentMethod {
    pub(crate) fn new(owner_id: &str, now: i64) -> Self {
        Self {
            id: id::new("cpm", now),
            owner_id: owner_id.to_owned(),
            created_at: now,
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Checkout {
    pub(crate) id: String,
    pub(crate) owner_id: String,
    pub(crate) plan: Plan,
    pub(crate) period: Period,
    pub(crate) completed: bool,
    /// How many cents credits paid, once it is completed.
    #[serde(default)]
    pub(crate) applied_credits: i64,
    pub(crate) created_at: i64,
}

impl Document for Checkout {
    const KIND: &'static str = "checkout";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.owner_id)
    }
}

/// The payment that a completed checkout would have caused.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub(crate) id: String,
    pub(crate) owner_id: String,
    pub(crate) item: SubscriptionItem,
    pub(crate) created_at: i64,
}

impl Document for Payment {
    const KIND: &'static str = "payment";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.owner_id)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Payer;

    use super::*;

    fn plan(slug: &str, monthly: u32) -> Plan {
        Plan {
            id: format!("cplan_{slug}"),
            slug: slug.to_owned(),
            name: slug.to_owned(),
            description: String::new(),
            payer: Payer::User,
            monthly,
            annual_monthly: None,
            features: Vec::new(),
            is_default: monthly == 0,
        }
    }

    #[test]
    fn a_canceled_plan_lasts_until_the_end_of_its_period() {
        let (free, pro) = (plan("free", 0), plan("pro", 1200));
        let mut subscription = Subscription::new("user_1", &free, 0);
        let slug = |subscription: &Subscription, now| subscription.active_plan(now).unwrap().slug.clone();
        assert_eq!(slug(&subscription, 0), "free");
        subscription.switch(&pro, Period::Month, 10);
        let (item, end) = (
            subscription.items[0].id.clone(),
            subscription.items[0].period_end.unwrap(),
        );

        subscription.advance_to(end);
        assert_eq!(
            subscription.items[0].period_end,
            Some(end + 30 * DAY),
            "a plan that is not canceled renews"
        );

        assert!(subscription.cancel("csubi_unknown", &free, 20).is_none());
        for _ in 0..2 {
            assert!(subscription.cancel(&item, &free, end).is_some());
        }
        assert_eq!(
            subscription.items.len(),
            2,
            "cancelling twice changes nothing more"
        );
        assert_eq!(slug(&subscription, end), "pro");
        subscription.advance_to(end + 30 * DAY);
        assert_eq!(slug(&subscription, end + 30 * DAY), "free");
        assert_eq!(subscription.items.len(), 1);
    }
}
