//! Messages in the mailbox: what a real instance would have sent.

use serde::{Deserialize, Serialize};

use crate::store::Document;

#[derive(Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) link: Option<String>,
    pub(crate) created_at: i64,
}

impl Document for Message {
    const KIND: &'static str = "message";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.id
    }
}
