//! What the developer's page can switch.

use serde::{Deserialize, Serialize};

use super::{
    call::Call,
    store::{self, Document},
};

#[derive(Default, Serialize, Deserialize)]
pub(super) struct Settings {
    /// May a browser be signed in as several users at a time?
    pub(super) multi_session: bool,
}

impl Document for Settings {
    const KIND: &'static str = "settings";
    fn id(&self) -> &str {
        "settings"
    }
}

impl Call<'_> {
    pub(super) fn settings(&self) -> Result<Settings, store::Error> {
        Ok(self.store.get("settings")?.unwrap_or_default())
    }
}
