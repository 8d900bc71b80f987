//! The events of roles and permissions.

use serde_json::json;

use crate::{
    model::{Permission, Role},
    store::{self, Change},
    view,
};

use super::Events;

impl Events<'_, '_> {
    pub(super) fn permission(&mut self, change: Change<Permission>) -> Result<(), store::Error> {
        match (change.before, change.after) {
            (None, Some(after)) => self.emit("permission.created", &view::permission(&after)),
            (Some(_), Some(after)) => self.emit("permission.updated", &view::permission(&after)),
            (Some(before), None) => self.emit("permission.deleted", &view::deleted("permission", &before.id)),
            (None, None) => Ok(()),
        }
    }

    pub(super) fn role(&mut self, change: Change<Role>) -> Result<(), store::Error> {
        match (change.before, change.after) {
            (None, Some(after)) => self.emit("role.created", &view::role(self.cx, &after)?),
            (Some(before), Some(after)) if json!(before) == json!(after) => Ok(()),
            (Some(_), Some(after)) => self.emit("role.updated", &view::role(self.cx, &after)?),
            (Some(before), None) => self.emit("role.deleted", &view::deleted("role", &before.id)),
            (None, None) => Ok(()),
        }
    }
}
