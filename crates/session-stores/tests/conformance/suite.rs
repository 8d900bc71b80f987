//! The suite.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use session_stores::{BestEffortStore, Notice, Store, StoreOptions};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinSet},
    time::{sleep, timeout},
};
use tower_sessions::{
    SessionStore,
    cookie::time::OffsetDateTime,
    session::{Id, Record},
    session_store::Error,
};

use crate::{OPTIONS, open, raw::Raw};

/// Longer than anything here takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) const SHORT: StoreOptions = StoreOptions {
    max_age: Duration::from_secs(2),
    ..OPTIONS
};

pub(crate) fn unix_time() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// A session of this owner that expires in an hour, to the second.
pub(crate) fn record(owner: &str) -> Record {
    let data = [
        ("owner", owner.into()),
        ("number", 42.into()),
        ("text", "ä\0\"".into()),
    ];
    Record {
        id: Id::default(),
        data: data.map(|(key, value)| (key.to_owned(), value)).into(),
        expiry_date: OffsetDateTime::from_unix_timestamp(unix_time() + 3600).unwrap(),
    }
}

fn expiring_in(seconds: i64) -> Record {
    Record {
        expiry_date: OffsetDateTime::from_unix_timestamp(unix_time() + seconds).unwrap(),
        ..record("")
    }
}

pub(crate) async fn eventually(what: &str, condition: impl AsyncFn() -> bool) {
    let wait = async {
        while !condition().await {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, wait)
        .await
        .unwrap_or_else(|_| panic!("not in time: {what}"));
}

/// The notices that a store receives.
pub(crate) struct Received {
    notices: mpsc::UnboundedReceiver<Notice>,
    task: AbortHandle,
}

pub(crate) fn watch(store: &Store) -> Received {
    let (sender, notices) = mpsc::unbounded_channel();
    let store = store.clone();
    let task = tokio::spawn(async move {
        store
            .watch(|notice: &Notice| {
                let _ = sender.send(notice.clone());
            })
            .await;
    });
    Received {
        notices,
        task: task.abort_handle(),
    }
}

impl Received {
    /// Waits for the notice about a subject.
    pub(crate) async fn expect(&mut self, subject: &str) -> Notice {
        let found = async {
            loop {
                let notice = self.notices.recv().await.unwrap();
                if notice.subject == subject {
                    return notice;
                }
            }
        };
        timeout(PATIENCE, found)
            .await
            .unwrap_or_else(|_| panic!("{subject} is not received"))
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Everything, on a store that several processes share.
pub(crate) async fn all(location: &str, raw: &Raw) {
    // At once, as several processes may start.
    let opened = (0..4).map(|_| open(location, OPTIONS));
    let stores = futures_util::future::join_all(opened).await;
    sessions(&stores[0]).await;
    sessions_of_several_processes(&stores).await;
    notices(&stores[0], &stores[1]).await;
    absolute_lifetime(&open(location, SHORT).await).await;
    sweep(&stores[0], raw).await;
    corrupt_row(&stores[0], raw).await;
}

pub(crate) async fn sessions(store: &Store) {
    store.check().await.unwrap();

    // What is created is loaded, and no other.
    let mut first = record("user_1");
    store.create(&mut first).await.unwrap();
    assert_eq!(store.load(&first.id).await.unwrap().as_ref(), Some(&first));
    assert_eq!(store.load(&Id::default()).await.unwrap(), None);

    // An id that is taken is not taken again.
    let mut second = Record {
        id: first.id,
        ..record("user_2")
    };
    store.create(&mut second).await.unwrap();
    assert_ne!(second.id, first.id);
    assert_eq!(store.load(&first.id).await.unwrap().as_ref(), Some(&first));
    assert_eq!(store.load(&second.id).await.unwrap().as_ref(), Some(&second));

    // A session is changed as a whole.
    first.data = HashMap::from([("owner".to_owned(), "user_3".into())]);
    first.expiry_date += Duration::from_secs(60);
    store.save(&first).await.unwrap();
    assert_eq!(store.load(&first.id).await.unwrap().as_ref(), Some(&first));

    // What has been deleted does not come back.
    store.delete(&second.id).await.unwrap();
    store.delete(&second.id).await.unwrap();
    store.save(&second).await.unwrap();
    assert_eq!(store.load(&second.id).await.unwrap(), None);

    // Neither does what has expired.
    let mut expired = expiring_in(-1);
    store.create(&mut expired).await.unwrap();
    assert_eq!(store.load(&expired.id).await.unwrap(), None);
    let mut expiring = expiring_in(1);
    store.create(&mut expiring).await.unwrap();
    eventually("a session expires", async || {
        store.load(&expiring.id).await.unwrap().is_none()
    })
    .await;

    // The sessions of one owner are deleted: of the present one, not of an earlier one.
    let mut others = [record("user_3"), record("user_3"), record("user_4"), record("")];
    for other in &mut others {
        store.create(other).await.unwrap();
    }
    store.delete_owned("user_1").await.unwrap();
    assert!(store.load(&first.id).await.unwrap().is_some());
    store.delete_owned("user_3").await.unwrap();
    for (session, remains) in [
        (&first, false),
        (&others[0], false),
        (&others[1], false),
        (&others[2], true),
        (&others[3], true),
    ] {
        assert_eq!(store.load(&session.id).await.unwrap().is_some(), remains);
    }
    store.save(&others[0]).await.unwrap();
    assert_eq!(store.load(&others[0].id).await.unwrap(), None);
}

async fn sessions_of_several_processes(stores: &[Store]) {
    // The same id everywhere at once: each gets one of its own.
    let id = Id::default();
    let mut tasks = JoinSet::new();
    for number in 0..40 {
        let store = stores[number % stores.len()].clone();
        tasks.spawn(async move {
            let mut record = Record {
                id,
                ..record(&format!("user_{number}"))
            };
            store.create(&mut record).await.unwrap();
            record
        });
    }
    let created = tasks.join_all().await;
    let ids: HashSet<Id> = created.iter().map(|record| record.id).collect();
    assert_eq!(ids.len(), created.len());
    for record in &created {
        assert_eq!(stores[0].load(&record.id).await.unwrap().as_ref(), Some(record));
    }

    // The same session saved everywhere at once: one of them remains, whole.
    let versions: Vec<Record> = (0..40)
        .map(|number| Record {
            id: created[0].id,
            ..record(&format!("user_{number}"))
        })
        .collect();
    let mut tasks = JoinSet::new();
    for (number, version) in versions.iter().enumerate() {
        let (store, version) = (stores[number % stores.len()].clone(), version.clone());
        tasks.spawn(async move { store.save(&version).await.unwrap() });
    }
    tasks.join_all().await;
    let remaining = stores[0].load(&created[0].id).await.unwrap().unwrap();
    assert!(versions.iter().any(|version| version.data == remaining.data));
}

/// On a store that was opened with [`SHORT`].
pub(crate) async fn absolute_lifetime(store: &Store) {
    let mut session = record("user_1");
    store.create(&mut session).await.unwrap();
    eventually("a session ends although it is used", async || {
        store.save(&session).await.unwrap();
        store.load(&session.id).await.unwrap().is_none()
    })
    .await;
    store.save(&session).await.unwrap();
    assert_eq!(store.load(&session.id).await.unwrap(), None);
}

pub(crate) async fn notices(store: &Store, other: &Store) {
    let notice = |subject: &str, value, expires_in| Notice {
        subject: subject.to_owned(),
        value,
        expires: unix_time() + expires_in,
    };
    let current = notice("user 1", 1 << 50, 60);
    store.publish(&current).await.unwrap();
    assert_eq!(other.notice("user 1").await.unwrap().as_ref(), Some(&current));
    assert_eq!(other.notice("user").await.unwrap(), None);
    assert!(other.notices().await.unwrap().contains(&current));

    // The largest value counts, whatever the order.
    let older = notice("user 1", 5, 30);
    store.publish(&older).await.unwrap();
    assert_eq!(other.notice("user 1").await.unwrap(), Some(current));

    let expired = notice("user_2", 1, -1);
    store.publish(&expired).await.unwrap();
    assert!(!other.notices().await.unwrap().contains(&expired));

    // A process that starts receives what there is, and then what comes.
    let mut received = watch(other);
    assert_eq!(received.expect("user 1").await.value, 1 << 50);
    store.publish(&notice("user_3", 3, 60)).await.unwrap();
    assert_eq!(received.expect("user_3").await.value, 3);
    store.publish(&notice("user_3", 4, 60)).await.unwrap();
    assert_eq!(received.expect("user_3").await.value, 4);
}

async fn sweep(store: &Store, raw: &Raw) {
    raw.clear().await;
    let mut session = record("user_1");
    store.create(&mut session).await.unwrap();
    let mut expiring = expiring_in(1);
    store.create(&mut expiring).await.unwrap();
    for (subject, expires_in) in [("user_1", 60), ("user_2", -1)] {
        let notice = Notice {
            subject: subject.to_owned(),
            value: 1,
            expires: unix_time() + expires_in,
        };
        store.publish(&notice).await.unwrap();
    }
    store.check().await.unwrap();
    eventually("the session expires", async || {
        store.load(&expiring.id).await.unwrap().is_none()
    })
    .await;

    store.delete_expired().await.unwrap();
    // Redis removes the session itself, a moment later.
    eventually("what has expired is removed", async || {
        raw.count().await == (1, 1)
    })
    .await;
    assert!(store.load(&session.id).await.unwrap().is_some());
    store.delete_expired().await.unwrap();
    assert_eq!(raw.count().await, (1, 1));
}

async fn corrupt_row(store: &Store, raw: &Raw) {
    let mut session = record("user_1");
    store.create(&mut session).await.unwrap();
    raw.corrupt().await;
    let error = store.load(&session.id).await.unwrap_err();
    assert!(matches!(error, Error::Decode(_)), "{error}");

    // For the app it is empty, and replaced.
    let best_effort = BestEffortStore::new(store.clone());
    assert!(
        best_effort
            .load(&session.id)
            .await
            .unwrap()
            .unwrap()
            .data
            .is_empty()
    );
    best_effort.save(&session).await.unwrap();
    assert_eq!(store.load(&session.id).await.unwrap(), Some(session));
}
