//! The events that changes cause. Handlers are unaware of them: the documents that a transaction has changed are
//! compared with their previous versions.

mod messages;
mod roles;
mod subscriptions;

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    id,
    model::{
        Invitation, InvitationStatus, Message, Organization, Permission, Role, Session, SessionStatus,
        Subscription, User, WaitlistEntry, Webhook,
    },
    store::{self, Change},
    view,
};

use super::{Delivery, Webhooks};

/// Puts the events of the changes of this request into the outbox.
pub(crate) fn record(cx: &Context<'_>, webhooks: &Webhooks) -> Result<(), Error> {
    if !cx.store.has_changed() {
        return Ok(());
    }
    let endpoints = cx.store.all::<Webhook>()?;
    if endpoints.is_empty() {
        return Ok(());
    }
    let mut events = Events {
        cx,
        endpoints,
        emitted: false,
    };
    for change in cx.store.changes::<User>()? {
        events.user(change)?;
    }
    for change in cx.store.changes::<Organization>()? {
        events.organization(change)?;
    }
    for change in cx.store.changes::<Permission>()? {
        events.permission(change)?;
    }
    for change in cx.store.changes::<Role>()? {
        events.role(change)?;
    }
    for change in cx.store.changes::<Session>()? {
        events.session(change)?;
    }
    for change in cx.store.changes::<Subscription>()? {
        events.subscription(change)?;
    }
    for change in cx.store.changes::<WaitlistEntry>()? {
        events.waitlist_entry(change)?;
    }
    for change in cx.store.changes::<Message>()? {
        events.message(change)?;
    }
    if events.emitted {
        Delivery::prune(&cx.store)?;
        webhooks.wake();
    }
    Ok(())
}

struct Events<'c, 'a> {
    cx: &'c Context<'a>,
    endpoints: Vec<Webhook>,
    emitted: bool,
}

impl Events<'_, '_> {
    fn emit(&mut self, event_type: &str, data: &Value) -> Result<(), store::Error> {
        let cx = self.cx;
        let wanted = |webhook: &&Webhook| webhook.wants(event_type);
        let mut receivers = self.endpoints.iter().filter(wanted).peekable();
        if receivers.peek().is_none() {
            return Ok(());
        }
        let payload = json!({
            "data": data,
            "event_attributes": { "http_request": {
                "client_ip": cx.device.ip_address.as_deref().unwrap_or("127.0.0.1"),
                "user_agent": cx.device.user_agent,
            } },
            "instance_id": cx.keys.instance_id,
            "object": "event",
            "timestamp": cx.now,
            "type": event_type,
        })
        .to_string();
        let svix_id = id::new("msg", cx.now);
        for webhook in receivers {
            let delivery = Delivery::new(&webhook.id, &svix_id, event_type, &payload, cx.now);
            cx.store.put(&delivery)?;
        }
        self.emitted = true;
        Ok(())
    }

    fn user(&mut self, change: Change<User>) -> Result<(), Error> {
        match (change.before, change.after) {
            (None, Some(after)) => self.emit("user.created", &view::backend_user(self.cx, &after)?)?,
            (Some(mut before), Some(after)) => {
                // Being active is not an event.
                before.last_active_at = after.last_active_at;
                if json!(before) != json!(after) {
                    self.emit("user.updated", &view::backend_user(self.cx, &after)?)?;
                }
            }
            (Some(before), None) => self.emit("user.deleted", &view::deleted_user(&before))?,
            (None, None) => {}
        }
        Ok(())
    }

    fn session(&mut self, change: Change<Session>) -> Result<(), Error> {
        let old = change.before.as_ref().map(|session| session.status);
        let session = match (change.after, change.before) {
            (Some(after), _) => after,
            // The session of a deleted user.
            (None, Some(mut before)) if before.status == SessionStatus::Active => {
                before.close(SessionStatus::Removed, self.cx.now);
                before
            }
            (None, _) => return Ok(()),
        };
        if old == Some(session.status) {
            return Ok(());
        }
        let mut data = view::backend_session(self.cx, &session)?;
        let event = match data["status"].as_str().unwrap_or_default() {
            "active" => "session.created",
            "pending" => "session.pending",
            "ended" => "session.ended",
            "removed" => "session.removed",
            "revoked" => "session.revoked",
            _ => return Ok(()),
        };
        let user = self.cx.store.get::<User>(&session.user_id)?;
        data["user"] = user
            .map(|user| view::backend_user(self.cx, &user))
            .transpose()?
            .unwrap_or_default();
        Ok(self.emit(event, &data)?)
    }

    fn organization(&mut self, change: Change<Organization>) -> Result<(), Error> {
        let cx = self.cx;
        let old = change.before.unwrap_or_default();
        let Some(new) = change.after else {
            for membership in &old.memberships {
                self.emit(
                    "organizationMembership.deleted",
                    &view::membership(cx, &old, membership)?,
                )?;
            }
            return Ok(self.emit("organization.deleted", &view::deleted_organization(&old))?);
        };
        if old.id.is_empty() {
            self.emit("organization.created", &view::backend_organization(cx, &new))?;
        } else if own_fields(&old) != own_fields(&new) {
            self.emit("organization.updated", &view::backend_organization(cx, &new))?;
        }
        for membership in &old.memberships {
            if new.membership(&membership.user_id).is_none() {
                self.emit(
                    "organizationMembership.deleted",
                    &view::membership(cx, &new, membership)?,
                )?;
            }
        }
        for membership in &new.memberships {
            let event = match old.membership(&membership.user_id) {
                None => "organizationMembership.created",
                Some(before) if json!(before) != json!(membership) => "organizationMembership.updated",
                Some(_) => continue,
            };
            self.emit(event, &view::membership(cx, &new, membership)?)?;
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
            self.emit(event, &view::domain(cx, &new, domain))?;
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
        let mut data = view::invitation(self.cx, organization, after)?;
        let event = match after.status {
            InvitationStatus::Pending => "organizationInvitation.created",
            InvitationStatus::Revoked => "organizationInvitation.revoked",
            InvitationStatus::Expired => return Ok(()),
            InvitationStatus::Accepted => {
                let user = self.cx.user_by_identifier(&after.email_address)?;
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
