//! The PostgreSQL store.

use std::{error::Error as _, fmt, future::poll_fn, time::Duration};

use deadpool_postgres::{Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use rustls::{ClientConfig, RootCertStore};
use tokio::{
    sync::mpsc,
    task::AbortHandle,
    time::{sleep, timeout},
};
use tokio_postgres::{AsyncMessage, Client, Config, Row as SqlRow, types::ToSql};
use tokio_postgres_rustls::MakeRustlsConnect;
use tower_sessions::{
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::{
    Notice, StoreOptions,
    notice::Receiver,
    record::{Row, decode, now},
};

/// The connections of one process to the database, beside the one that waits for notices.
const CONNECTIONS: usize = 8;

const TIMEOUT: Duration = Duration::from_secs(2);

/// How often all notices are read, in case the connection is broken and nobody has said so.
const RELOAD_INTERVAL: Duration = Duration::from_secs(10);

/// The time between two attempts to connect again.
const RECONNECT_INTERVAL: Duration = Duration::from_millis(200);

/// Several processes may start at once, and PostgreSQL's `IF NOT EXISTS` is not safe against that: the lock is.
const SCHEMA: &str = "
    BEGIN;
    SELECT pg_advisory_xact_lock(7308891);
    CREATE TABLE IF NOT EXISTS app_sessions (
        id text PRIMARY KEY,
        owner text,
        data text NOT NULL,
        expires bigint NOT NULL,
        deadline bigint NOT NULL
    );
    CREATE INDEX IF NOT EXISTS app_sessions_owner ON app_sessions (owner);
    CREATE INDEX IF NOT EXISTS app_sessions_expires ON app_sessions (expires);
    CREATE TABLE IF NOT EXISTS app_notices (
        subject text PRIMARY KEY,
        value bigint NOT NULL,
        expires bigint NOT NULL
    );
    COMMIT;
";

const SELECT_NOTICES: &str = "SELECT subject, value, expires FROM app_notices WHERE expires > $1";

/// A store in a PostgreSQL database. Cheap to clone.
#[derive(Clone)]
pub struct PostgresStore {
    pool: Pool,
    /// For the connection that waits for notices.
    config: Config,
    tls: MakeRustlsConnect,
    options: StoreOptions,
}

impl PostgresStore {
    pub(crate) async fn open(config: &Config, options: StoreOptions) -> Result<Self> {
        let mut config = config.clone();
        // A server that is gone without a word is noticed in time.
        config
            .connect_timeout(TIMEOUT)
            .tcp_user_timeout(TIMEOUT)
            .keepalives_idle(Duration::from_secs(30));
        let tls = tls();
        let manager = Manager::from_config(
            config.clone(),
            tls.clone(),
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .runtime(Runtime::Tokio1)
            .max_size(CONNECTIONS)
            .wait_timeout(Some(TIMEOUT))
            .create_timeout(Some(TIMEOUT))
            .build();
        let store = Self {
            pool: pool.map_err(|error| Error::Backend(error.to_string()))?,
            config,
            tls,
            options,
        };
        let client = store.pool.get().await.map_err(|error| pool_error(&error))?;
        client
            .batch_execute(SCHEMA)
            .await
            .map_err(|error| backend(&error))?;
        Ok(store)
    }

    /// Runs a statement, and runs it again on a new connection if the connection is lost: that of a server that has
    /// restarted is noticed only then.
    async fn query(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<SqlRow>> {
        // All connections of the pool may be lost.
        let mut attempts = CONNECTIONS;
        loop {
            let client = self.pool.get().await.map_err(|error| pool_error(&error))?;
            let rows = match client.prepare_cached(sql).await {
                Ok(statement) => client.query(&statement, values).await,
                Err(error) => Err(error),
            };
            match rows {
                Err(error) if attempts > 0 && is_lost(&client, &error) => attempts -= 1,
                rows => return rows.map_err(|error| backend(&error)),
            }
        }
    }

    pub(crate) async fn create(&self, record: &mut Record) -> Result<()> {
        let row = Row::of(record, &self.options)?;
        let insert =
            "INSERT INTO app_sessions (id, owner, data, expires, deadline) VALUES ($1, $2, $3, $4, $5)
                      ON CONFLICT DO NOTHING RETURNING id";
        loop {
            let id = record.id.to_string();
            let values: [&(dyn ToSql + Sync); 5] = [&id, &row.owner, &row.data, &row.expires, &row.deadline];
            if !self.query(insert, &values).await?.is_empty() {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    pub(crate) async fn save(&self, record: &Record) -> Result<()> {
        let (row, id) = (Row::of(record, &self.options)?, record.id.to_string());
        let update =
            "UPDATE app_sessions SET owner = $2, data = $3, expires = least($4, deadline) WHERE id = $1";
        let values: [&(dyn ToSql + Sync); 4] = [&id, &row.owner, &row.data, &row.expires];
        self.query(update, &values).await.map(drop)
    }

    pub(crate) async fn load(&self, id: Id) -> Result<Option<Record>> {
        let select = "SELECT data, expires FROM app_sessions WHERE id = $1 AND expires > $2";
        let rows = self.query(select, &[&id.to_string(), &now()]).await?;
        let row = rows.first();
        row.map(|row| decode(id, row.get(0), row.get(1))).transpose()
    }

    pub(crate) async fn delete(&self, id: Id) -> Result<()> {
        let delete = "DELETE FROM app_sessions WHERE id = $1";
        self.query(delete, &[&id.to_string()]).await.map(drop)
    }

    pub(crate) async fn check(&self) -> Result<()> {
        // One row for all checks, which has expired and is deleted with the other expired ones.
        let probe = "INSERT INTO app_sessions (id, data, expires, deadline) VALUES ('probe', '{}', 0, 0)
                     ON CONFLICT (id) DO UPDATE SET expires = 0";
        self.query(probe, &[]).await.map(drop)
    }

    pub(crate) async fn delete_expired(&self) -> Result<()> {
        for delete in [
            "DELETE FROM app_sessions WHERE expires <= $1",
            "DELETE FROM app_notices WHERE expires <= $1",
        ] {
            self.query(delete, &[&now()]).await?;
        }
        Ok(())
    }

    pub(crate) async fn delete_owned(&self, owner: &str) -> Result<()> {
        let delete = "DELETE FROM app_sessions WHERE owner = $1";
        self.query(delete, &[&owner]).await.map(drop)
    }

    pub(crate) async fn publish(&self, notice: &Notice) -> Result<()> {
        let publish = "WITH notice AS (
                           INSERT INTO app_notices (subject, value, expires) VALUES ($1, $2, $3)
                           ON CONFLICT (subject) DO UPDATE SET
                               value = greatest(app_notices.value, excluded.value),
                               expires = greatest(app_notices.expires, excluded.expires)
                           RETURNING subject, value, expires
                       )
                       SELECT pg_notify('app_notices', value || ' ' || expires || ' ' || subject) FROM notice";
        let values: [&(dyn ToSql + Sync); 3] = [&notice.subject, &notice.value, &notice.expires];
        self.query(publish, &values).await.map(drop)
    }

    pub(crate) async fn notices(&self) -> Result<Vec<Notice>> {
        let rows = self.query(SELECT_NOTICES, &[&now()]).await?;
        Ok(rows.iter().map(notice).collect())
    }

    pub(crate) async fn notice(&self, subject: &str) -> Result<Option<Notice>> {
        let select = "SELECT subject, value, expires FROM app_notices WHERE subject = $1";
        let rows = self.query(select, &[&subject]).await?;
        Ok(rows.first().map(notice))
    }

    pub(crate) async fn watch(&self, receiver: &mut Receiver<impl FnMut(&Notice) + Send>) {
        let mut is_failing = false;
        loop {
            let error = self.listen(receiver, &mut is_failing).await;
            if !is_failing {
                is_failing = true;
                tracing::warn!(%error, "the connection to PostgreSQL is lost; connecting again");
            }
            sleep(RECONNECT_INTERVAL).await;
        }
    }

    /// Receives notices until the connection is lost.
    async fn listen(
        &self,
        receiver: &mut Receiver<impl FnMut(&Notice) + Send>,
        is_failing: &mut bool,
    ) -> Error {
        let connected = async {
            let listener = Listener::connect(&self.config, self.tls.clone()).await?;
            listener.client.batch_execute("LISTEN app_notices").await?;
            Ok(listener)
        };
        let mut listener = match timeout(TIMEOUT, connected).await {
            Ok(Ok(listener)) => listener,
            Ok(Err(error)) => return backend(&error),
            Err(_) => return no_response(),
        };
        loop {
            // Listening first, so that no notice falls in between.
            let now = now();
            match timeout(TIMEOUT, listener.client.query(SELECT_NOTICES, &[&now])).await {
                Ok(Ok(rows)) => receiver.accept_all(rows.iter().map(notice).collect(), now),
                Ok(Err(error)) => return backend(&error),
                Err(_) => return no_response(),
            }
            *is_failing = false;
            let reload = sleep(RELOAD_INTERVAL);
            tokio::pin!(reload);
            loop {
                tokio::select! {
                    message = listener.messages.recv() => match message.as_deref().map(Notice::parse) {
                        Some(Some(notice)) => receiver.accept(notice),
                        // Sent by another program.
                        Some(None) => {}
                        None => return Error::Backend("the server has closed the connection".to_owned()),
                    },
                    () = &mut reload => break,
                }
            }
        }
    }
}

/// A connection of its own that receives what is sent by `NOTIFY`.
struct Listener {
    client: Client,
    messages: mpsc::UnboundedReceiver<String>,
    driver: AbortHandle,
}

impl Listener {
    async fn connect(
        config: &Config,
        tls: MakeRustlsConnect,
    ) -> std::result::Result<Self, tokio_postgres::Error> {
        let (client, mut connection) = config.connect(tls).await?;
        let (sender, messages) = mpsc::unbounded_channel();
        let driver = tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                if let AsyncMessage::Notification(notification) = message
                    && sender.send(notification.payload().to_owned()).is_err()
                {
                    return;
                }
            }
        });
        Ok(Self {
            client,
            messages,
            driver: driver.abort_handle(),
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// TLS with the certificates of the system, or of the file that `SSL_CERT_FILE` names, for an `sslmode` other than
/// `disable`.
fn tls() -> MakeRustlsConnect {
    let mut roots = RootCertStore::empty();
    // Without any, the certificate of a server is refused, which says what is wrong.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder().with_root_certificates(roots);
    MakeRustlsConnect::new(config.with_no_client_auth())
}

/// Whether the operation failed because the connection is lost or the server is shutting down.
fn is_lost(client: &Client, error: &tokio_postgres::Error) -> bool {
    // Class 57: the operator has stopped the server.
    client.is_closed() || error.code().is_some_and(|code| code.code().starts_with("57P"))
}

fn notice(row: &SqlRow) -> Notice {
    Notice {
        subject: row.get(0),
        value: row.get(1),
        expires: row.get(2),
    }
}

fn backend(error: &tokio_postgres::Error) -> Error {
    // The error itself says only that the database has sent one.
    match error.source() {
        Some(source) => Error::Backend(format!("{error}: {source}")),
        None => Error::Backend(error.to_string()),
    }
}

fn pool_error(error: &PoolError) -> Error {
    match error {
        PoolError::Backend(error) => backend(error),
        error => Error::Backend(error.to_string()),
    }
}

fn no_response() -> Error {
    Error::Backend("no response in time".to_owned())
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}
