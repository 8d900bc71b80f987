//! [`Reverification`]: how recently a caller must have been verified.

use serde::{Deserialize, Serialize};

/// How recently, and by which factors, the caller must have been verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reverification {
    /// Which factors count.
    pub level: ReverificationLevel,
    /// The maximum age of the verification in minutes.
    pub after_minutes: u32,
}

/// The factors of a [`Reverification`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReverificationLevel {
    /// The first factor.
    FirstFactor,
    /// The second factor, or the first if the user has no second.
    SecondFactor,
    /// Both factors, or the first if the user has no second.
    MultiFactor,
}

impl Reverification {
    /// Both factors within ten minutes: Clerk's `strict_mfa`.
    #[must_use]
    pub const fn strict_mfa() -> Self {
        Self::new(ReverificationLevel::MultiFactor, 10)
    }

    /// The second factor within ten minutes: Clerk's `strict`.
    #[must_use]
    pub const fn strict() -> Self {
        Self::new(ReverificationLevel::SecondFactor, 10)
    }

    /// The second factor within an hour: Clerk's `moderate`.
    #[must_use]
    pub const fn moderate() -> Self {
        Self::new(ReverificationLevel::SecondFactor, 60)
    }

    /// The second factor within a day: Clerk's `lax`.
    #[must_use]
    pub const fn lax() -> Self {
        Self::new(ReverificationLevel::SecondFactor, 1_440)
    }

    /// Factors of `level` within `after_minutes` minutes.
    #[must_use]
    pub const fn new(level: ReverificationLevel, after_minutes: u32) -> Self {
        Self { level, after_minutes }
    }

    /// Whether the ages of both factors in minutes, -1 without such a factor, meet this requirement.
    pub(crate) fn is_met_by(self, [first, second]: [i64; 2]) -> bool {
        let fresh = |age: i64| age != -1 && i64::from(self.after_minutes) > age;
        match self.level {
            ReverificationLevel::FirstFactor => fresh(first),
            _ if second == -1 => fresh(first),
            ReverificationLevel::SecondFactor => fresh(second),
            ReverificationLevel::MultiFactor => fresh(first) && fresh(second),
        }
    }
}
