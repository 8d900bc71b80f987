//! Which events a change makes. Handlers know nothing of them: the documents that a transaction has changed
//! are compared with what they were.

use http::header;
use serde_json::{Value, json};

use super::{
    super::{
        call::Call,
        errors::Error,
        mailbox::Message,
        model::{
            ApplicationInvitation, Invitation, InvitationStatus, Organization, Session, Subscription,
            SubscriptionItem, User, WaitlistEntry,
        },
        store::{self, Change},
        view,
    },
    Delivery,
};

/// Puts what this call has changed into the outbox.
pub(in super::super) fn record(call: &Call<'_>) -> Result<(), Error> {
    let Some(webhooks) = &call.shared.webhooks else {
        return Ok(());
    };
    let mut events = Events { call, made: false };
    for change in call.store.changes::<User>()? {
        events.user(change)?;
    }
    for change in call.store.changes::<Organization>()? {
        events.organization(change)?;
    }
    for change in call.store.changes::<Session>()? {
        events.session(change)?;
    }
    for change in call.store.changes::<Subscription>()? {
        events.subscription(change)?;
    }
    for change in call.store.changes::<WaitlistEntry>()? {
        events.waitlist_entry(change)?;
    }
    for change in call.store.changes::<Message>()? {
        events.message(change)?;
    }
    if events.made {
        Delivery::prune(&call.store)?;
        webhooks.wake();
    }
    Ok(())
}

struct Events<'c, 'a> {
    call: &'c Call<'a>,
    made: bool,
}

impl Events<'_, '_> {
    fn emit(&mut self, event_type: &str, data: &Value) -> Result<(), store::Error> {
        let call = self.call;
        let header = |name| call.headers.get(name).and_then(|value| value.to_str().ok());
        let client_ip = header("x-forwarded-for").and_then(|all| all.split(',').next());
        let payload = json!({
            "data": data,
            "event_attributes": { "http_request": {
                "client_ip": client_ip.unwrap_or("127.0.0.1").trim(),
                "user_agent": header(header::USER_AGENT.as_str()).unwrap_or_default(),
            } },
            "instance_id": call.keys.instance_id,
            "object": "event",
            "timestamp": call.now,
            "type": event_type,
        });
        self.made = true;
        call.store
            .put(&Delivery::new(event_type, payload.to_string(), call.now))
    }

    fn user(&mut self, change: Change<User>) -> Result<(), Error> {
        match (change.before, change.after) {
            (None, Some(after)) => self.emit("user.created", &self.call.backend_user_json(&after)?)?,
            (Some(mut before), Some(after)) => {
                // Looking at a page is no event.
                before.last_active_at = after.last_active_at;
                if json!(before) != json!(after) {
                    self.emit("user.updated", &self.call.backend_user_json(&after)?)?;
                }
            }
            (Some(before), None) => self.emit("user.deleted", &deleted("user", &before.id))?,
            (None, None) => {}
        }
        Ok(())
    }

    fn session(&mut self, change: Change<Session>) -> Result<(), Error> {
        let old = change.before.as_ref().map(|session| session.status.clone());
        let session = match (change.after, change.before) {
            (Some(after), _) => after,
            // The sessions of a user who is deleted.
            (None, Some(mut before)) if matches!(before.status.as_str(), "active" | "pending") => {
                before.close("removed", self.call.now);
                before
            }
            (None, _) => return Ok(()),
        };
        if old.as_ref() == Some(&session.status) {
            return Ok(());
        }
        let mut data = self.call.backend_session_json(&session)?;
        let event = match data["status"].as_str().unwrap_or_default() {
            "active" => "session.created",
            "pending" => "session.pending",
            "ended" => "session.ended",
            "removed" => "session.removed",
            "revoked" => "session.revoked",
            _ => return Ok(()),
        };
        let user = self.call.store.get::<User>(&session.user_id)?;
        data["user"] = user
            .map(|user| self.call.backend_user_json(&user))
            .transpose()?
            .unwrap_or_default();
        Ok(self.emit(event, &data)?)
    }

    fn organization(&mut self, change: Change<Organization>) -> Result<(), Error> {
        let call = self.call;
        let old = change.before.unwrap_or_default();
        let Some(new) = change.after else {
            for membership in &old.memberships {
                self.emit(
                    "organizationMembership.deleted",
                    &call.membership_json(&old, membership)?,
                )?;
            }
            return Ok(self.emit("organization.deleted", &deleted("organization", &old.id))?);
        };
        if old.id.is_empty() {
            self.emit("organization.created", &call.backend_organization_json(&new))?;
        } else if own_fields(&old) != own_fields(&new) {
            self.emit("organization.updated", &call.backend_organization_json(&new))?;
        }
        for membership in &old.memberships {
            if new.membership(&membership.user_id).is_none() {
                self.emit(
                    "organizationMembership.deleted",
                    &call.membership_json(&new, membership)?,
                )?;
            }
        }
        for membership in &new.memberships {
            let event = match old.membership(&membership.user_id) {
                None => "organizationMembership.created",
                Some(before) if json!(before) != json!(membership) => "organizationMembership.updated",
                Some(_) => continue,
            };
            self.emit(event, &call.membership_json(&new, membership)?)?;
        }
        for domain in &old.domains {
            if !new.domains.iter().any(|other| other.id == domain.id) {
                let gone = deleted("organization_domain", &domain.id);
                self.emit("organizationDomain.deleted", &gone)?;
            }
        }
        for domain in &new.domains {
            let event = match old.domains.iter().find(|before| before.id == domain.id) {
                None => "organizationDomain.created",
                Some(before) if json!(before) != json!(domain) => "organizationDomain.updated",
                Some(_) => continue,
            };
            self.emit(event, &call.domain_json(&new, domain))?;
        }
        for invitation in &new.invitations {
            let before = old.invitations.iter().find(|before| before.id == invitation.id);
            self.invitation(&new, before, invitation)?;
        }
        Ok(())
    }

    fn invitation(
        &mut self,
        organization: &Organization,
        before: Option<&Invitation>,
        after: &Invitation,
    ) -> Result<(), Error> {
        if before.is_some_and(|before| before.status == after.status) {
            return Ok(());
        }
        let mut data = self.call.invitation_json(organization, after)?;
        let event = match after.status {
            InvitationStatus::Pending => "organizationInvitation.created",
            InvitationStatus::Revoked => "organizationInvitation.revoked",
            InvitationStatus::Accepted => {
                let user = self.call.user_by_identifier(&after.email_address)?;
                data["user_id"] = json!(user.map(|user| user.id));
                "organizationInvitation.accepted"
            }
        };
        Ok(self.emit(event, &data)?)
    }

    fn subscription(&mut self, change: Change<Subscription>) -> Result<(), Error> {
        // It goes with its owner without a word.
        let Some(after) = change.after else {
            return Ok(());
        };
        let now = self.call.now;
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
        let mut emit = |kind: &str, status: &str, item: &SubscriptionItem| {
            let mut data = view::subscription_item(item, &after.owner_id, now);
            data["status"] = json!(status);
            self.emit(&format!("subscriptionItem.{kind}"), &data)
        };
        for item in &after.items {
            match before.and_then(|before| item_of(before, &item.id)) {
                None if item.is_active(now) => emit("active", "active", item)?,
                None => emit("upcoming", "upcoming", item)?,
                Some(known) if known.canceled_at != item.canceled_at => emit("canceled", "canceled", item)?,
                Some(_) => {}
            }
        }
        for item in before.into_iter().flat_map(|before| &before.items) {
            if item_of(&after, &item.id).is_none() {
                emit("ended", "ended", item)?;
            }
        }
        Ok(())
    }

    fn waitlist_entry(&mut self, change: Change<WaitlistEntry>) -> Result<(), Error> {
        let Some(entry) = change.after else {
            return Ok(());
        };
        let invitation = match &entry.invitation_id {
            Some(id) => self.call.store.get::<ApplicationInvitation>(id)?,
            None => None,
        };
        let event = if change.before.is_some() {
            "waitlistEntry.updated"
        } else {
            "waitlistEntry.created"
        };
        let data = view::waitlist_entry(&entry, invitation.as_ref(), self.call.now);
        Ok(self.emit(event, &data)?)
    }

    fn message(&mut self, change: Change<Message>) -> Result<(), Error> {
        let (None, Some(message)) = (change.before, change.after) else {
            return Ok(());
        };
        let user_id = self.call.user_by_identifier(&message.to)?.map(|user| user.id);
        let (slug, data, text) = match &message.link {
            Some(link) => (
                "invitation",
                json!({ "action_url": link }),
                format!("{}: {link}", message.subject),
            ),
            None => (
                "verification_code",
                json!({ "otp_code": message.code }),
                format!("{}: {}", message.subject, message.code),
            ),
        };
        let mut json = json!({
            "slug": slug,
            "user_id": user_id,
            "status": "queued",
            "data": data,
            "delivered_by_clerk": true,
        });
        if message.to.starts_with('+') {
            json["object"] = json!("sms_message");
            json["id"] = json!(message.id.replacen("msg_", "sms_", 1));
            json["from_phone_number"] = json!("+15550000000");
            json["to_phone_number"] = json!(message.to);
            json["phone_number_id"] = Value::Null;
            json["message"] = json!(text);
            return Ok(self.emit("sms.created", &json)?);
        }
        json["object"] = json!("email");
        json["id"] = json!(message.id.replacen("msg_", "ema_", 1));
        json["from_email_name"] = json!("notifications");
        json["to_email_address"] = json!(message.to);
        json["email_address_id"] = Value::Null;
        json["subject"] = json!(message.subject);
        json["body"] = json!(text);
        json["body_plain"] = json!(text);
        Ok(self.emit("email.created", &json)?)
    }
}

/// An organization without what has events of its own.
fn own_fields(organization: &Organization) -> Value {
    let mut json = json!(organization);
    for other in [
        "memberships",
        "invitations",
        "domains",
        "suggestions",
        "updated_at",
    ] {
        json[other] = Value::Null;
    }
    json
}

fn deleted(object: &str, id: &str) -> Value {
    json!({ "object": object, "id": id, "deleted": true })
}
