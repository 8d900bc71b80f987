//! Events of messages and waitlist entries.

use serde_json::json;

use crate::{
    error::Error,
    model::{ApplicationInvitation, Message, WaitlistEntry},
    store::Change,
    view,
};

use super::super::events::Events;

impl Events<'_, '_> {
    pub(crate) fn waitlist_entry(&mut self, change: Change<WaitlistEntry>) -> Result<(), Error> {
        let Some(entry) = change.after else {
            return Ok(());
        };
        let invitation = match &entry.invitation_id {
            Some(id) => self.cx.store.get::<ApplicationInvitation>(id)?,
            None => None,
        };
        let event = if change.before.is_some() {
            "waitlistEntry.updated"
        } else {
            "waitlistEntry.created"
        };
        let data = view::waitlist_entry(&entry, invitation.as_ref(), self.cx.now);
        Ok(self.emit(event, &data)?)
    }

    pub(crate) fn message(&mut self, change: Change<Message>) -> Result<(), Error> {
        let (None, Some(message)) = (change.before, change.after) else {
            return Ok(());
        };
        let user = self.cx.user_by_identifier(&message.to)?;
        let contact = user.as_ref().and_then(|user| {
            let mut contacts = user.email_addresses.iter().chain(&user.phone_numbers);
            contacts.find(|contact| contact.value == message.to)
        });
        let contact_id = contact.map(|contact| &contact.id);
        let value = match &message.link {
            Some(link) => Some((message.kind.link_name(), link)),
            None => Some(("otp_code", &message.code)).filter(|(_, code)| !code.is_empty()),
        };
        let (data, text) = match value {
            Some((name, value)) => (json!({ name: value }), format!("{}: {value}", message.subject)),
            None => (json!({}), message.subject.clone()),
        };
        let mut json = json!({
            "slug": message.kind,
            "user_id": user.as_ref().map(|user| &user.id),
            "status": "queued",
            "data": data,
            "delivered_by_clerk": self.cx.settings()?.delivered_by_clerk,
        });
        if message.to.starts_with('+') {
            json["object"] = json!("sms_message");
            json["id"] = json!(message.id.replacen("msg_", "sms_", 1));
            json["from_phone_number"] = json!("+15550000000");
            json["to_phone_number"] = json!(message.to);
            json["phone_number_id"] = json!(contact_id);
            json["message"] = json!(text);
            return Ok(self.emit("sms.created", &json)?);
        }
        json["object"] = json!("email");
        json["id"] = json!(message.id.replacen("msg_", "ema_", 1));
        json["from_email_name"] = json!("notifications");
        json["to_email_address"] = json!(message.to);
        json["email_address_id"] = json!(contact_id);
        json["subject"] = json!(message.subject);
        json["body"] = json!(text);
        json["body_plain"] = json!(text);
        Ok(self.emit("email.created", &json)?)
    }
}
