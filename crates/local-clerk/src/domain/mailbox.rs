//! The mailbox, which receives every message instead of a real address or phone.

use crate::{
    error::Error,
    id,
    model::{CODE, Message, MessageKind, Verification},
};

use super::Context;

/// How many messages the mailbox keeps.
const CAPACITY: usize = 100;

/// "Sends" [`CODE`].
pub(crate) fn send_code(cx: &Context<'_>, to: &str, kind: MessageKind, subject: &str) -> Result<(), Error> {
    send(cx, to, kind, subject, CODE, None)
}

/// "Sends" the code that verifies an e-mail address or a phone number, and returns the verification that waits for it.
pub(crate) fn send_verification_code(
    cx: &Context<'_>,
    to: &str,
    strategy: &str,
) -> Result<Verification, Error> {
    send_code(cx, to, MessageKind::VerificationCode, "Verification code")?;
    Ok(Verification::sent(strategy, cx.code_expiry()?))
}

/// "Sends" a link.
pub(crate) fn send_link(
    cx: &Context<'_>,
    to: &str,
    kind: MessageKind,
    subject: &str,
    link: &str,
) -> Result<(), Error> {
    send(cx, to, kind, subject, "", Some(link))
}

/// "Sends" a message without a code or a link.
pub(crate) fn send_notice(cx: &Context<'_>, to: &str, kind: MessageKind, subject: &str) -> Result<(), Error> {
    send(cx, to, kind, subject, "", None)
}

fn send(
    cx: &Context<'_>,
    to: &str,
    kind: MessageKind,
    subject: &str,
    code: &str,
    link: Option<&str>,
) -> Result<(), Error> {
    let messages = cx.store.all::<Message>()?;
    for old in messages.iter().rev().skip(CAPACITY - 1) {
        cx.store.delete::<Message>(&old.id)?;
    }
    let message = Message {
        id: id::new("msg", cx.now),
        to: to.to_owned(),
        kind,
        subject: subject.to_owned(),
        code: code.to_owned(),
        link: link.map(str::to_owned),
        created_at: cx.now,
    };
    cx.store.put(&message)?;
    Ok(())
}
