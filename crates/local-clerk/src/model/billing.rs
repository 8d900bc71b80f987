//! Subscriptions and the payments that never happen.

use serde::{Deserialize, Serialize};

use super::{
    super::{id, plans::Plan, store::Document},
    DAY,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum Period {
    Month,
    Annual,
}

impl Period {
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
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

/// What a user or an organization is subscribed to; stored under its id.
#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Subscription {
    pub(in super::super) owner_id: String,
    pub(in super::super) subscription_id: String,
    /// The items that are not over: the active one, and the one that follows a cancelled one.
    pub(in super::super) items: Vec<SubscriptionItem>,
    pub(in super::super) created_at: i64,
    pub(in super::super) updated_at: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct SubscriptionItem {
    pub(in super::super) id: String,
    /// As it was when it was bought.
    pub(in super::super) plan: Plan,
    pub(in super::super) period: Period,
    pub(in super::super) period_start: i64,
    /// None for a plan that costs nothing.
    pub(in super::super) period_end: Option<i64>,
    pub(in super::super) canceled_at: Option<i64>,
    pub(in super::super) created_at: i64,
}

impl Document for Subscription {
    const KIND: &'static str = "subscription";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.owner_id
    }
}

impl Subscription {
    pub(in super::super) fn new(owner_id: &str, plan: &Plan, now: i64) -> Self {
        Self {
            owner_id: owner_id.to_owned(),
            subscription_id: id::new("csub"),
            items: vec![SubscriptionItem::new(plan, Period::Month, now)],
            created_at: now,
            updated_at: now,
        }
    }

    /// Switches to a plan at once.
    pub(in super::super) fn switch(&mut self, plan: &Plan, period: Period, now: i64) {
        self.items = vec![SubscriptionItem::new(plan, period, now)];
        self.updated_at = now;
    }

    /// Cancels a paid item: it lasts to the end of its period, then the free plan follows.
    pub(in super::super) fn cancel(
        &mut self,
        item_id: &str,
        free: &Plan,
        now: i64,
    ) -> Option<SubscriptionItem> {
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

    /// Brings it up to date: what has been paid for renews, what was cancelled ends.
    pub(in super::super) fn settle(&mut self, now: i64) {
        self.items
            .retain(|item| item.canceled_at.is_none() || item.period_end.is_none_or(|end| end > now));
        for item in &mut self.items {
            while let Some(end) = item.period_end.filter(|end| *end <= now) {
                item.period_start = end;
                item.period_end = Some(end + item.period.length());
            }
        }
    }

    pub(in super::super) fn active_plan(&self, now: i64) -> Option<&Plan> {
        let active = self.items.iter().find(|item| item.is_active(now));
        active.map(|item| &item.plan)
    }
}

impl SubscriptionItem {
    fn new(plan: &Plan, period: Period, now: i64) -> Self {
        Self {
            id: id::new("csubi"),
            plan: plan.clone(),
            period,
            period_start: now,
            period_end: plan.is_paid().then(|| now + period.length()),
            canceled_at: None,
            created_at: now,
        }
    }

    pub(in super::super) fn is_active(&self, now: i64) -> bool {
        self.period_start <= now
    }
}

/// A card that pays for nothing.
#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct PaymentMethod {
    pub(in super::super) id: String,
    pub(in super::super) owner_id: String,
    pub(in super::super) created_at: i64,
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
    pub(in super::super) fn new(owner_id: &str, now: i64) -> Self {
        Self {
            id: id::new("cpm"),
            owner_id: owner_id.to_owned(),
            created_at: now,
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Checkout {
    pub(in super::super) id: String,
    pub(in super::super) owner_id: String,
    pub(in super::super) plan: Plan,
    pub(in super::super) period: Period,
    pub(in super::super) completed: bool,
    pub(in super::super) created_at: i64,
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

/// What a completed checkout would have cost.
#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Payment {
    pub(in super::super) id: String,
    pub(in super::super) owner_id: String,
    pub(in super::super) item: SubscriptionItem,
    pub(in super::super) created_at: i64,
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
    use super::{super::super::plans::Payer, *};

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
    fn a_cancelled_plan_lasts_to_the_end_of_its_period() {
        let (free, pro) = (plan("free", 0), plan("pro", 1200));
        let mut subscription = Subscription::new("user_1", &free, 0);
        let slug = |subscription: &Subscription, now| subscription.active_plan(now).unwrap().slug.clone();
        assert_eq!(slug(&subscription, 0), "free");
        subscription.switch(&pro, Period::Month, 10);
        let (item, end) = (
            subscription.items[0].id.clone(),
            subscription.items[0].period_end.unwrap(),
        );

        subscription.settle(end);
        assert_eq!(
            subscription.items[0].period_end,
            Some(end + 30 * DAY),
            "an uncancelled plan renews"
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
        subscription.settle(end + 30 * DAY);
        assert_eq!(slug(&subscription, end + 30 * DAY), "free");
        assert_eq!(subscription.items.len(), 1);
    }
}
