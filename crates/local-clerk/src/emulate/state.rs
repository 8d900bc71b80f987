//! The state of the instance, to be kept and restored.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    keys::StoredKeys,
    model::{
        ApiKey, ApplicationInvitation, Checkout, Client, ClockOffset, ContactVerification, CreditEntry,
        DevBrowser, EmailLink, Fault, Identifier, Image, JwtTemplate, LastPublicUrl, ListedIdentifier,
        M2mToken, Machine, Message, Nonce, OauthFlow, Organization, Payment, PaymentMethod, Permission, Plan,
        RedirectUrl, Restrictions, Role, RoleSet, Session, Settings, SignInToken, Subscription, Ticket, User,
        WaitlistEntry, Webhook,
    },
    seed,
    store::{self, Document, Store},
    webhooks::Delivery,
};

use super::{no_parameters, parse, seed::counts};

/// What stays when the state is replaced: the app knows the keys and the address, and the test suite has chosen the rest.
const KEPT: &[&str] = &[
    StoredKeys::KIND,
    LastPublicUrl::KIND,
    seed::REPLACED,
    Fault::KIND,
    Webhook::KIND,
];
/// What is not part of a saved state: what stays, and the events of webhooks, which would be sent twice.
const NOT_SAVED: &[&str] = &[
    StoredKeys::KIND,
    LastPublicUrl::KIND,
    seed::REPLACED,
    Fault::KIND,
    Webhook::KIND,
    Delivery::KIND,
];

/// The format of exports.
const VERSION: u32 = 1;
const MAX_NAME_LENGTH: usize = 64;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Export {
    version: u32,
    documents: Vec<Exported>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exported {
    kind: String,
    body: Value,
}

pub(super) fn export(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    Ok(Reply::bytes("application/json", export_state(&cx.store)?))
}

/// Returns the state as JSON, as an import takes it.
pub(crate) fn export_state(store: &Store<'_>) -> Result<String, store::Error> {
    let documents = store.all_except(NOT_SAVED)?.into_iter();
    let documents: Vec<String> = documents
        .map(|raw| format!("{{\"kind\":\"{}\",\"body\":{}}}", raw.kind, raw.body))
        .collect();
    let documents = documents.join(",");
    Ok(format!("{{\"version\":{VERSION},\"documents\":[{documents}]}}"))
}

/// Replaces the state by an export.
pub(super) fn import(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&[])?;
    import_state(&cx.store, &request.raw)?;
    // The clock may have changed.
    request.shared.webhooks.wake();
    counts(cx)
}

/// Replaces the state by an export, whose text this is.
pub(crate) fn import_state(store: &Store<'_>, export: &[u8]) -> Result<(), Error> {
    let Export { version, documents } = parse(export)?;
    if version != VERSION {
        let message =
            format!("version must be {VERSION}: another version of the local Clerk has exported this.");
        return Err(ApiError::value_invalid("version", message).into());
    }
    store.clear_except(KEPT)?;
    for (number, exported) in documents.into_iter().enumerate() {
        let place = format!("documents[{number}]");
        put(store, &exported.kind, exported.body).map_err(|error| match error {
            PutError::Refused(reason) => {
                ApiError::value_invalid(&place, format!("{place} is not valid: {reason}.")).into()
            }
            PutError::Failed(error) => Error::from(error),
        })?;
    }
    Role::complete(store)?;
    let settings = store.get::<Settings>(Settings::ID)?;
    let checked = settings.map_or(Err("there are no settings"), |settings| settings.check());
    checked.map_err(|reason| {
        ApiError::value_invalid("documents", format!("documents is not valid: {reason}."))
    })?;
    Ok(())
}

enum PutError {
    Refused(String),
    Failed(store::Error),
}

fn put_as<D: Document>(store: &Store<'_>, body: Value) -> Result<(), PutError> {
    let document: D = serde_json::from_value(body).map_err(|error| PutError::Refused(error.to_string()))?;
    store.put(&document).map_err(PutError::Failed)
}

/// Stores a document of one of the kinds that an export contains.
fn put(store: &Store<'_>, kind: &str, body: Value) -> Result<(), PutError> {
    macro_rules! put_as_one_of {
        ($($document:ty),* $(,)?) => {
            $(if kind == <$document>::KIND {
                return put_as::<$document>(store, body);
            })*
        };
    }
    put_as_one_of!(
        ApiKey,
        ApplicationInvitation,
        Checkout,
        Client,
        ClockOffset,
        ContactVerification,
        CreditEntry,
        DevBrowser,
        EmailLink,
        Identifier,
        Image,
        JwtTemplate,
        ListedIdentifier,
        M2mToken,
        Machine,
        Message,
        Nonce,
        OauthFlow,
        Organization,
        Payment,
        PaymentMethod,
        Permission,
        Plan,
        RedirectUrl,
        Restrictions,
        Role,
        RoleSet,
        Session,
        Settings,
        SignInToken,
        Subscription,
        Ticket,
        User,
        WaitlistEntry,
    );
    Err(PutError::Refused("its kind is unknown".to_owned()))
}

/// Saves the state under a name.
pub(super) fn save(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let name = request.path("name");
    let is_name = !name.is_empty()
        && name.len() <= MAX_NAME_LENGTH
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if !is_name {
        let message =
            format!("name must be {MAX_NAME_LENGTH} letters, digits, dots, dashes and underscores at most.");
        return Err(ApiError::value_invalid("name", message).into());
    }
    cx.store.save_snapshot(&name, NOT_SAVED)?;
    counts(cx)
}

/// Goes back to the state that was saved under a name.
pub(super) fn restore(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let name = request.path("name");
    if !cx.store.restore_snapshot(&name, KEPT)? {
        return Err(ApiError::not_found("snapshot", &name).into());
    }
    Role::complete(&cx.store)?;
    // The clock may have changed.
    request.shared.webhooks.wake();
    counts(cx)
}
