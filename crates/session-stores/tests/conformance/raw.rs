//! The databases behind the back of the stores.

use std::sync::Mutex;

use redis::{Cmd, aio::MultiplexedConnection};

pub(crate) enum Raw {
    Sqlite(Box<Mutex<rusqlite::Connection>>),
    Redis(MultiplexedConnection),
    Postgres(tokio_postgres::Client),
}

impl Raw {
    pub(crate) fn sqlite(location: &str) -> Self {
        let connection = rusqlite::Connection::open(location.strip_prefix("sqlite:").unwrap()).unwrap();
        Self::Sqlite(Box::new(Mutex::new(connection)))
    }

    pub(crate) async fn redis(url: &str) -> Self {
        let client = redis::Client::open(url).unwrap();
        Self::Redis(client.get_multiplexed_async_connection().await.unwrap())
    }

    pub(crate) async fn postgres(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        Self::Postgres(client)
    }

    /// Counts sessions, and notices, whether or not they have expired.
    pub(crate) async fn count(&self) -> (usize, usize) {
        let count = |table: &str| format!("SELECT count(*) FROM {table}");
        let number = |number: i64| usize::try_from(number).unwrap();
        match self {
            Self::Sqlite(connection) => {
                let connection = connection.lock().unwrap();
                let count = |table| connection.query_row(&count(table), [], |row| row.get(0)).unwrap();
                (number(count("sessions")), number(count("notices")))
            }
            Self::Redis(connection) => {
                let connection = &mut connection.clone();
                let keys: Vec<String> = Cmd::keys("app:session:*").query_async(connection).await.unwrap();
                let notices: i64 = Cmd::hlen("app:notices").query_async(connection).await.unwrap();
                (keys.len(), number(notices))
            }
            Self::Postgres(client) => {
                let count = async |table| client.query_one(&count(table), &[]).await.unwrap().get(0);
                (
                    number(count("app_sessions").await),
                    number(count("app_notices").await),
                )
            }
        }
    }

    /// Deletes everything.
    pub(crate) async fn clear(&self) {
        match self {
            Self::Sqlite(connection) => {
                let sql = "DELETE FROM sessions; DELETE FROM notices";
                connection.lock().unwrap().execute_batch(sql).unwrap();
            }
            Self::Redis(connection) => {
                let _: () = redis::cmd("FLUSHDB")
                    .query_async(&mut connection.clone())
                    .await
                    .unwrap();
            }
            Self::Postgres(client) => client
                .batch_execute("TRUNCATE app_sessions, app_notices")
                .await
                .unwrap(),
        }
    }

    /// Makes what is stored of every session unreadable.
    pub(crate) async fn corrupt(&self) {
        match self {
            Self::Sqlite(connection) => {
                let sql = "UPDATE sessions SET data = x'00'";
                connection.lock().unwrap().execute(sql, []).unwrap();
            }
            Self::Redis(connection) => {
                let connection = &mut connection.clone();
                let keys: Vec<String> = Cmd::keys("app:session:*").query_async(connection).await.unwrap();
                for key in keys {
                    let _: () = Cmd::hset(key, "data", "{").query_async(connection).await.unwrap();
                }
            }
            Self::Postgres(client) => {
                let sql = "UPDATE app_sessions SET data = '{'";
                client.execute(sql, &[]).await.unwrap();
            }
        }
    }
}
