//! How far a test suite has advanced the clock.

use serde::{Deserialize, Serialize};

use crate::store::{self, Document, Store};

/// How far the clock of the instance is ahead of the real one; zero unless a test suite has advanced it.
#[derive(Serialize, Deserialize)]
pub(crate) struct ClockOffset {
    pub(crate) milliseconds: i64,
}

impl Document for ClockOffset {
    const KIND: &'static str = "clock_offset";
    fn id(&self) -> &str {
        "clock_offset"
    }
}

impl ClockOffset {
    /// Returns the stored offset in milliseconds.
    pub(crate) fn of(store: &Store<'_>) -> Result<i64, store::Error> {
        let stored = store.get::<Self>("clock_offset")?;
        Ok(stored.map_or(0, |offset| offset.milliseconds))
    }
}
