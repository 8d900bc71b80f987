//! The payer that a request is about: the signed-in user or an organization.

use serde_json::Value;

use crate::{
    domain::Context,
    error::Error,
    http::Request,
    model::{MANAGE_BILLING, Payer, READ_BILLING},
    view,
};

use super::super::{browser, organizations::permitted};

/// The payer.
pub(super) struct Owner {
    kind: Payer,
    pub(super) id: String,
    /// The payer as clients see it.
    pub(super) json: Value,
}

impl Owner {
    /// Finds the payer for reading.
    pub(super) fn for_reading(cx: &Context<'_>, request: &Request, kind: Payer) -> Result<Self, Error> {
        Self::find(cx, request, kind, READ_BILLING)
    }

    /// Finds the payer for a change.
    pub(super) fn for_change(cx: &Context<'_>, request: &Request, kind: Payer) -> Result<Self, Error> {
        Self::find(cx, request, kind, MANAGE_BILLING)
    }

    /// Finds the payer. If it is an organization, the caller needs this permission.
    fn find(cx: &Context<'_>, request: &Request, kind: Payer, permission: &str) -> Result<Self, Error> {
        let (id, json) = if kind == Payer::User {
            let user = browser::caller(cx, request)?.user;
            let json = view::payer_of_user(cx, &user);
            (user.id, json)
        } else {
            let (_, organization) = permitted(cx, request, permission)?;
            let json = view::payer_of_organization(cx, &organization);
            (organization.id, json)
        };
        Ok(Self { kind, id, json })
    }

    /// Returns the id of the item in the path, next to the payer.
    pub(super) fn item_id(&self, request: &Request) -> String {
        request.path(match self.kind {
            Payer::User => "id",
            Payer::Organization => "item_id",
        })
    }
}
