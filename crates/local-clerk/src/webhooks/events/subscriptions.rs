//! Billing events.

use serde_json::json;

use crate::{
    error::Error,
    model::{Subscription, SubscriptionItem, SubscriptionItemStatus},
    store::Change,
    view,
};

use super::super::events::Events;

impl Events<'_, '_> {
    pub(crate) fn subscription(&mut self, change: Change<Subscription>) -> Result<(), Error> {
        // It is deleted with its owner, without an event.
        let Some(after) = change.after else {
            return Ok(());
        };
        let now = self.cx.now;
        let before = change.before.as_ref();
        let event = match before {
            None => "subscription.created",
            Some(before) if json!(before) != json!(after) => "subscription.updated",
            Some(_) => return Ok(()),
        };
        let mut data = view::subscription(&after, now);
        data["items"] = data["subscription_items"].take();
        self.emit(event, &data)?;
        let item_of = |subscription: &Subscription, id: &str| {
            let mut items = subscription.items.iter();
            items.find(|item| item.id == id).cloned()
        };
        let mut emit = |status: SubscriptionItemStatus, item: &SubscriptionItem| {
            let mut data = view::subscription_item(item, &after.owner_id, now);
            data["status"] = json!(status);
            self.emit(&format!("subscriptionItem.{}", status.name()), &data)
        };
        for item in &after.items {
            match before.and_then(|before| item_of(before, &item.id)) {
                None => emit(item.status(now), item)?,
                Some(known) if known.canceled_at != item.canceled_at => {
                    emit(SubscriptionItemStatus::Canceled, item)?;
                }
                Some(_) => {}
            }
        }
        for item in before.into_iter().flat_map(|before| &before.items) {
            if item_of(&after, &item.id).is_none() {
                emit(SubscriptionItemStatus::Ended, item)?;
            }
        }
        Ok(())
    }
}
