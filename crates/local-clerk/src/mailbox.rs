//! The mailbox: what would have been sent.

use serde::{Deserialize, Serialize};

use super::{call::Call, errors::Error, id, model::CODE, store::Document};

/// Messages that are kept.
const KEPT: usize = 100;

#[derive(Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) code: String,
    #[serde(default)]
    pub(super) link: Option<String>,
    pub(super) created_at: i64,
}

impl Document for Message {
    const KIND: &'static str = "message";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.id
    }
}

/// "Sends" the one code there is.
pub(super) fn send_code(call: &Call<'_>, to: &str, subject: &str) -> Result<(), Error> {
    send(call, to, subject, CODE, None)
}

/// "Sends" a link to follow.
pub(super) fn send_link(call: &Call<'_>, to: &str, subject: &str, link: &str) -> Result<(), Error> {
    send(call, to, subject, "", Some(link))
}

fn send(call: &Call<'_>, to: &str, subject: &str, code: &str, link: Option<&str>) -> Result<(), Error> {
    let messages = call.store.all::<Message>()?;
    for old in messages.iter().rev().skip(KEPT - 1) {
        call.store.delete::<Message>(&old.id)?;
    }
    let message = Message {
        id: id::new("msg"),
        to: to.to_owned(),
        subject: subject.to_owned(),
        code: code.to_owned(),
        link: link.map(str::to_owned),
        created_at: call.now,
    };
    call.store.put(&message)?;
    Ok(())
}
