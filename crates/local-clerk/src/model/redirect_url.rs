//! URLs that native apps may be redirected to.

use serde::{Deserialize, Serialize};

use crate::store::Document;

#[derive(Serialize, Deserialize)]
pub(crate) struct RedirectUrl {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) created_at: i64,
}

impl Document for RedirectUrl {
    const KIND: &'static str = "redirect_url";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.url)
    }
}
