//! E-mail links, which are sent in place of codes.

use serde::{Deserialize, Serialize};

use crate::store::Document;

/// The strategy of e-mail links.
pub(crate) const EMAIL_LINK: &str = "email_link";

/// A link that was sent and has not been followed yet.
#[derive(Serialize, Deserialize)]
pub(crate) struct EmailLink {
    pub(crate) token: String,
    pub(crate) purpose: LinkPurpose,
    /// Where the browser is sent after the link was followed.
    pub(crate) redirect_url: String,
    pub(crate) expire_at: i64,
}

/// What following a link verifies.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum LinkPurpose {
    SignUp { client_id: String, id: String },
    SignIn { client_id: String, id: String },
    EmailAddress { user_id: String, id: String },
}

impl Document for EmailLink {
    const KIND: &'static str = "email_link";
    fn id(&self) -> &str {
        &self.token
    }
}
