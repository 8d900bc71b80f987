//! The events that changes cause. Handlers are unaware of them: the documents that a transaction has changed are
//! compared with their previous versions.

mod messages;
mod subscriptions;

use http::header;
use serde_json::{Value, json};

use super::{
    super::{
        call::Call,
        errors::Error,
        mailbox::Message,
        model::{Invitation, InvitationStatus, Organization, Session, Subscription, User, WaitlistEntry},
        store::{self, Change},
        view,
    },
    Delivery,
};

/// Puts the events of the changes of this request into the outbox.
pub(crate) fn record(call: &Call<'_>) -> Result<(), Error> {
    let Some(webhooks) = &call.shared.webhooks else {
        return Ok(());
    };
    let mut events = Events { call, emitted: false };
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
    if events.emitted {
        Delivery::prune(&call.store)?;
        webhooks.wake();
    }
    Ok(())
}

struct Events<'c, 'a> {
    call: &'c Call<'a>,
    emitted: bool,
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
        self.emitted = true;
        call.store
            .put(&Delivery::new(event_type, payload.to_string(), call.now))
    }

    fn user(&mut self, change: Change<User>) -> Result<(), Error> {
        match (change.before, change.after) {
            (None, Some(after)) => self.emit("user.created", &self.call.backend_user_json(&after)?)?,
            (Some(mut before), Some(after)) => {
                // Being active is not an event.
                before.last_active_at = after.last_active_at;
                if json!(before) != json!(after) {
                    self.emit("user.updated", &self.call.backend_user_json(&after)?)?;
                }
            }
            (Some(before), None) => self.emit("user.deleted", &view::deleted("user", &before.id))?,
            (None, None) => {}
        }
        Ok(())
    }

    fn session(&mut self, change: Change<Session>) -> Result<(), Error> {
        let old = change.before.as_ref().map(|session| session.status.clone());
        let session = match (change.after, change.before) {
            (Some(after), _) => after,
            // The session of a deleted user.
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
            return Ok(self.emit("organization.deleted", &view::deleted("organization", &old.id))?);
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
                let gone = view::deleted("organization_domain", &domain.id);
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
}

/// An organization without the parts that have events of their own.
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
