//! Sessions and users whose tokens count as expired before their time.

use std::{
    collections::HashMap,
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Map, Value};

use super::{javascript, webhook::WebhookEvent};

/// What a webhook says about tokens that have been issued before: they count as expired.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Revocation {
    /// The ID of the session or the user.
    pub subject: String,
    /// The tokens issued up to and including this Unix time, in seconds, count as expired. [`Revocation::ALL`] is every
    /// token.
    pub issued_until: i64,
}

impl Revocation {
    /// Later than any token is issued: the session has ended, or the user has been deleted.
    pub const ALL: i64 = 1 << 50;

    /// How many seconds a revocation must be remembered: until the last token has expired, which Clerk issues for 60
    /// seconds, with plenty of room for clocks that differ.
    pub const LIFETIME: i64 = 180;

    /// Creates a revocation.
    #[must_use]
    pub fn new(subject: impl Into<String>, issued_until: i64) -> Self {
        Self {
            subject: subject.into(),
            issued_until,
        }
    }

    /// Reads what an event revokes, if anything: every token of a session that was revoked, ended or removed, and of a
    /// user who was deleted. When a membership in an organization was changed or deleted, which may have taken permissions
    /// away, the earlier tokens of that user, except for those of the last two seconds: the browser may just have received
    /// a new one.
    ///
    /// A user who was changed in another way, or has joined an organization, is reported too, but keeps all tokens that
    /// are still valid: Clerk sends such events also when somebody signs in, and requests of other devices
    /// would fail until clerk-js replaces its token.
    ///
    /// ```
    /// use clerk_auth::{Revocation, WebhookEvent};
    ///
    /// let event = r#"{"type": "session.revoked", "data": {"id": "sess_1"}}"#;
    /// let event: WebhookEvent = serde_json::from_str(event)?;
    /// assert_eq!(Revocation::of(&event), Some(Revocation::new("sess_1", Revocation::ALL)));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn of(event: &WebhookEvent) -> Option<Self> {
        let second = match event.timestamp {
            0 => now(),
            milliseconds => milliseconds.div_euclid(1000),
        };
        let (subject, issued_until) = match event.event_type.as_str() {
            "session.revoked" | "session.ended" | "session.removed" | "user.deleted" => {
                (&event.data["id"], Self::ALL)
            }
            "user.updated" => (&event.data["id"], second - Self::LIFETIME),
            "organizationMembership.created" => (
                &event.data["public_user_data"]["user_id"],
                second - Self::LIFETIME,
            ),
            "organizationMembership.updated" | "organizationMembership.deleted" => {
                (&event.data["public_user_data"]["user_id"], second - 2)
            }
            _ => return None,
        };
        subject
            .as_str()
            .filter(|subject| !subject.is_empty())
            .map(|subject| Self::new(subject, issued_until))
    }

    /// Whether a token that was issued then counts as expired now. A token of the current second never does, unless all
    /// do: a new one would be no different until the second is over.
    fn revokes(issued_until: i64, issued_at: i64, now: i64) -> bool {
        issued_until >= Self::ALL || issued_at <= issued_until && issued_at < now
    }
}

/// The future of [`RevocationStore::issued_until`].
pub type IssuedUntilFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Option<i64>, Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// Where revocations are kept that are too many for the memory of one process.
pub trait RevocationStore: Send + Sync + 'static {
    /// Returns [`Revocation::issued_until`] of a session or a user, if there is one.
    fn issued_until<'a>(&'a self, subject: &'a str) -> IssuedUntilFuture<'a>;
}

/// The revocations of the last minutes, in memory, for [`Options::revocations`](crate::Options::revocations). Cheap to
/// clone; clones share the revocations.
///
/// A session token is valid for a minute, whatever becomes of its session. With this, Clerk's webhooks end it at once:
/// [`record`](Self::record) what [`Revocation::of`] reads from each event, in every process that authenticates
/// requests. A token that is revoked counts as expired. So browsers fetch a new one, by a refresh or a
/// handshake, and who has none is signed out.
///
/// The number of revocations is bounded. If there are more within [`Revocation::LIFETIME`], tokens that are not known
/// to be revoked are looked up in the [`RevocationStore`], and refused if that fails. Without a store, every token that
/// was issued before counts as expired.
#[derive(Clone)]
pub struct Revocations(Arc<Inner>);

struct Inner {
    capacity: usize,
    store: Option<Box<dyn RevocationStore>>,
    /// Spares requests the lock until there is a first revocation.
    is_unused: AtomicBool,
    entries: RwLock<Entries>,
}

#[derive(Default)]
struct Entries {
    by_subject: HashMap<String, Entry>,
    overflow: Option<Overflow>,
}

struct Entry {
    issued_until: i64,
    forget_at: i64,
}

/// There were more revocations than fit.
#[derive(Clone, Copy)]
struct Overflow {
    since: i64,
    until: i64,
}

impl Default for Revocations {
    fn default() -> Self {
        Self::new()
    }
}

impl Revocations {
    const DEFAULT_CAPACITY: usize = 50_000;

    /// Creates an empty set of at most 50,000 revocations, without a store.
    #[must_use]
    pub fn new() -> Self {
        Self::build(Self::DEFAULT_CAPACITY, None)
    }

    /// Creates an empty set of at most `capacity` revocations, and the store that is asked if that is not enough.
    #[must_use]
    pub fn with_store(capacity: usize, store: impl RevocationStore) -> Self {
        Self::build(capacity, Some(Box::new(store)))
    }

    fn build(capacity: usize, store: Option<Box<dyn RevocationStore>>) -> Self {
        Self(Arc::new(Inner {
            capacity,
            store,
            is_unused: AtomicBool::new(true),
            entries: RwLock::default(),
        }))
    }

    /// Remembers a revocation for [`Revocation::LIFETIME`]. It may be recorded more than once, in any order with others.
    pub fn record(&self, revocation: &Revocation) {
        self.record_at(revocation, now());
    }

    fn record_at(&self, revocation: &Revocation, now: i64) {
        let mut entries = self.0.entries.write().unwrap_or_else(PoisonError::into_inner);
        let forget_at = now + Revocation::LIFETIME;
        if let Some(entry) = entries.by_subject.get_mut(&revocation.subject) {
            entry.issued_until = entry.issued_until.max(revocation.issued_until);
            entry.forget_at = forget_at;
            return;
        }
        if entries.by_subject.len() >= self.0.capacity {
            entries.by_subject.retain(|_, entry| entry.forget_at > now);
        }
        if entries.by_subject.len() >= self.0.capacity {
            entries.overflow = Some(Overflow {
                since: now,
                until: forget_at,
            });
        } else {
            let entry = Entry {
                issued_until: revocation.issued_until,
                forget_at,
            };
            entries.by_subject.insert(revocation.subject.clone(), entry);
        }
        self.0.is_unused.store(false, Ordering::Release);
    }

    /// Whether a token with these claims counts as expired at a Unix time in milliseconds.
    pub(crate) async fn revoke(&self, claims: &Map<String, Value>, now: i64) -> bool {
        if self.0.is_unused.load(Ordering::Acquire) {
            return false;
        }
        let now = now.div_euclid(1000);
        let issued_at = javascript::to_number(claims.get("iat")) as i64;
        let subjects = ["sid", "sub"].map(|claim| claims.get(claim).and_then(Value::as_str));
        let subjects = || subjects.iter().flatten().copied();
        let overflow = {
            let entries = self.0.entries.read().unwrap_or_else(PoisonError::into_inner);
            let mut known = subjects().filter_map(|subject| entries.by_subject.get(subject));
            if known.any(|entry| Revocation::revokes(entry.issued_until, issued_at, now)) {
                return true;
            }
            entries.overflow.filter(|overflow| now < overflow.until)
        };
        let Some(overflow) = overflow else { return false };
        let Some(store) = &self.0.store else {
            return Revocation::revokes(overflow.since, issued_at, now);
        };
        for subject in subjects() {
            match store.issued_until(subject).await {
                Ok(None) => {}
                Ok(Some(until)) if !Revocation::revokes(until, issued_at, now) => {}
                Ok(Some(_)) => return true,
                Err(error) => {
                    tracing::error!(%error, "a token is refused: the store of revocations failed");
                    return true;
                }
            }
        }
        false
    }
}

impl fmt::Debug for Revocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revocations")
            .field("capacity", &self.0.capacity)
            .finish_non_exhaustive()
    }
}

fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_795_411_469;

    /// Whether a token of this session and user counts as expired, issued and checked so many seconds from now.
    async fn revoke(revocations: &Revocations, session: &str, user: &str, issued: i64, checked: i64) -> bool {
        let claims = json!({"sid": session, "sub": user, "iat": NOW + issued});
        revocations
            .revoke(claims.as_object().unwrap(), (NOW + checked) * 1000)
            .await
    }

    fn event(event_type: &str, data: &Value) -> WebhookEvent {
        let event = json!({"type": event_type, "data": data, "timestamp": NOW * 1000 + 500});
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn events_revoke_tokens() {
        let id = json!({"id": "id_1"});
        let member = json!({"id": "orgmem_1", "public_user_data": {"user_id": "id_1"}});
        for (event_type, data, issued_until) in [
            ("session.revoked", &id, Revocation::ALL),
            ("session.ended", &id, Revocation::ALL),
            ("session.removed", &id, Revocation::ALL),
            ("user.deleted", &id, Revocation::ALL),
            ("user.updated", &id, NOW - 180),
            ("organizationMembership.created", &member, NOW - 180),
            ("organizationMembership.updated", &member, NOW - 2),
            ("organizationMembership.deleted", &member, NOW - 2),
        ] {
            let expected = Revocation::new("id_1", issued_until);
            assert_eq!(
                Revocation::of(&event(event_type, data)),
                Some(expected),
                "{event_type}"
            );
            for malformed in [json!({}), json!({"id": 1}), json!({"id": ""}), json!(null)] {
                assert_eq!(
                    Revocation::of(&event(event_type, &malformed)),
                    None,
                    "{event_type}"
                );
            }
        }
        for event_type in ["user.created", "session.created", "email.created", ""] {
            assert_eq!(Revocation::of(&event(event_type, &id)), None, "{event_type}");
        }
    }

    #[tokio::test]
    async fn a_session_that_has_ended_stays_so_and_others_go_on() {
        let revocations = Revocations::new();
        assert!(!revoke(&revocations, "sess_1", "user_1", -10, 0).await);
        revocations.record_at(&Revocation::new("sess_1", Revocation::ALL), NOW);
        for issued in [-10, 0, 10] {
            assert!(
                revoke(&revocations, "sess_1", "user_1", issued, 20).await,
                "{issued}"
            );
        }
        assert!(!revoke(&revocations, "sess_2", "user_1", -10, 0).await);
        // An older event that arrives late takes nothing back.
        revocations.record_at(&Revocation::new("sess_1", NOW - 1), NOW);
        assert!(revoke(&revocations, "sess_1", "user_1", 10, 20).await);
    }

    #[tokio::test]
    async fn tokens_from_before_a_change_expire_and_those_from_after_do_not() {
        let revocations = Revocations::new();
        revocations.record_at(&Revocation::new("user_1", NOW), NOW);
        assert!(revoke(&revocations, "sess_1", "user_1", -1, 0).await);
        assert!(
            !revoke(&revocations, "sess_1", "user_1", 0, 0).await,
            "as good as a new one"
        );
        assert!(revoke(&revocations, "sess_1", "user_1", 0, 1).await);
        assert!(!revoke(&revocations, "sess_1", "user_1", 1, 1).await);
        let claims = json!({"sub": "user_1"});
        assert!(revocations.revoke(claims.as_object().unwrap(), NOW * 1000).await);
    }

    #[tokio::test]
    async fn old_revocations_make_room() {
        let revocations = Revocations::with_store(2, Failing);
        for second in 0..10 {
            let revocation = Revocation::new(format!("sess_{second}"), Revocation::ALL);
            revocations.record_at(&revocation, NOW + second * Revocation::LIFETIME);
        }
        assert!(!revoke(&revocations, "sess_other", "user_1", 0, 0).await);
        assert!(revocations.0.entries.read().unwrap().by_subject.len() <= 2);
    }

    struct Failing;

    impl RevocationStore for Failing {
        fn issued_until<'a>(&'a self, _: &'a str) -> IssuedUntilFuture<'a> {
            Box::pin(async { Err("the store is down".into()) })
        }
    }

    /// A store that knows one session that has ended.
    struct Knows(&'static str);

    impl RevocationStore for Knows {
        fn issued_until<'a>(&'a self, subject: &'a str) -> IssuedUntilFuture<'a> {
            Box::pin(async move { Ok((subject == self.0).then_some(Revocation::ALL)) })
        }
    }

    fn fill(revocations: &Revocations) {
        for number in 0..3 {
            revocations.record_at(&Revocation::new(format!("sess_{number}"), Revocation::ALL), NOW);
        }
    }

    #[tokio::test]
    async fn a_full_set_asks_the_store() {
        let revocations = Revocations::with_store(2, Knows("sess_2"));
        fill(&revocations);
        for session in ["sess_0", "sess_1", "sess_2"] {
            assert!(revoke(&revocations, session, "user_1", 0, 0).await, "{session}");
        }
        assert!(!revoke(&revocations, "sess_3", "user_1", 0, 0).await);
    }

    #[tokio::test]
    async fn a_full_set_whose_store_fails_refuses_every_token_until_the_revocations_are_over() {
        let revocations = Revocations::with_store(2, Failing);
        fill(&revocations);
        assert!(revoke(&revocations, "sess_3", "user_1", 0, 0).await);
        let over = Revocation::LIFETIME;
        assert!(!revoke(&revocations, "sess_3", "user_1", over, over).await);
    }

    #[tokio::test]
    async fn a_full_set_without_a_store_refuses_earlier_tokens() {
        let revocations = Revocations::build(2, None);
        fill(&revocations);
        assert!(revoke(&revocations, "sess_3", "user_1", -1, 1).await);
        assert!(!revoke(&revocations, "sess_3", "user_1", 1, 1).await);
    }
}
