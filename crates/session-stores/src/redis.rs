//! The Redis store.
//!
//! A session is a hash, which Redis removes when it expires. Its scripts are atomic, and run on Redis 6 and later. Keys
//! are not chosen for Redis Cluster.

use std::{fmt, time::Duration};

use futures_util::StreamExt;
use redis::{
    Client, Cmd, ConnectionInfo, FromRedisValue, RedisError, RedisResult,
    aio::{ConnectionManager, ConnectionManagerConfig},
    cmd,
};
use tokio::time::{sleep, timeout};
use tower_sessions::{
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::{
    Notice, StoreOptions,
    notice::Receiver,
    record::{Row, decode, now},
};

const TIMEOUT: Duration = Duration::from_secs(2);

/// How often all notices are read, in case the connection is broken and nobody has said so.
const RELOAD_INTERVAL: Duration = Duration::from_secs(10);

/// The time between two attempts to connect again.
const RECONNECT_INTERVAL: Duration = Duration::from_millis(200);

const NOTICES: &str = "app:notices";

/// `KEYS`: the session. `ARGV`: the data, the time of expiry, the deadline, the id, the current time and the owner, who is
/// empty if there is none. Returns 1, or 0 if the id is taken.
const CREATE: &str = "
    if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
    redis.call('HSET', KEYS[1], 'data', ARGV[1], 'expires', ARGV[2], 'deadline', ARGV[3], 'owner', ARGV[6])
    redis.call('EXPIREAT', KEYS[1], ARGV[2])
    if ARGV[6] ~= '' then
        local index = 'app:owner:' .. ARGV[6]
        redis.call('ZADD', index, ARGV[2], ARGV[4])
        redis.call('EXPIREAT', index, ARGV[3])
    end
    return 1";

/// As [`CREATE`], for a session that exists. The index of an owner contains sessions that have ended by themselves until
/// another of the owner's sessions is saved.
const SAVE: &str = "
    local deadline, owner = unpack(redis.call('HMGET', KEYS[1], 'deadline', 'owner'))
    if not deadline then return 0 end
    local expires = ARGV[2]
    if tonumber(deadline) < tonumber(expires) then expires = deadline end
    redis.call('HSET', KEYS[1], 'data', ARGV[1], 'expires', expires, 'owner', ARGV[6])
    redis.call('EXPIREAT', KEYS[1], expires)
    if owner and owner ~= ARGV[6] then redis.call('ZREM', 'app:owner:' .. owner, ARGV[4]) end
    if ARGV[6] ~= '' then
        local index = 'app:owner:' .. ARGV[6]
        redis.call('ZREMRANGEBYSCORE', index, '-inf', ARGV[5])
        redis.call('ZADD', index, expires, ARGV[4])
        redis.call('EXPIREAT', index, ARGV[3])
    end
    return 1";

/// `KEYS`: the notices. `ARGV`: the subject, the value, the time of expiry and the channel.
const PUBLISH: &str = "local value, expires = tonumber(ARGV[2]), tonumber(ARGV[3])
         local known = redis.call('HGET', KEYS[1], ARGV[1])
         if known then
             local known_value, known_expires = string.match(known, '^(%d+) (%d+) ')
             value = math.max(value, tonumber(known_value))
             expires = math.max(expires, tonumber(known_expires))
         end
         local notice = string.format('%.0f %.0f %s', value, expires, ARGV[1])
         redis.call('HSET', KEYS[1], ARGV[1], notice)
         redis.call('PUBLISH', ARGV[4], notice)";

/// A store on a Redis server. Cheap to clone.
#[derive(Clone)]
pub struct RedisStore {
    client: Client,
    connection: ConnectionManager,
    /// With the number of the database, because channels are shared by all databases of a server.
    channel: String,
    options: StoreOptions,
}

impl RedisStore {
    pub(crate) async fn open(info: &ConnectionInfo, options: StoreOptions) -> Result<Self> {
        let client = Client::open(info.clone()).map_err(|error| backend(&error))?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_number_of_retries(2)
            .set_max_delay(RECONNECT_INTERVAL);
        let connection = ConnectionManager::new_with_config(client.clone(), config);
        let store = Self {
            connection: connection.await.map_err(|error| backend(&error))?,
            channel: format!("{NOTICES}:{}", info.redis_settings().db()),
            client,
            options,
        };
        // A password that is missing or wrong is noticed with the first command.
        store.check().await?;
        Ok(store)
    }

    /// Sends a command, and sends it again if the connection is lost: that of a server that has restarted is noticed only
    /// then.
    async fn send<T: FromRedisValue>(&self, command: &Cmd) -> Result<T> {
        let is_lost = |error: &RedisError| {
            (error.is_io_error() || error.is_connection_dropped()) && !error.is_timeout()
        };
        let mut connection = self.connection.clone();
        let first = command.query_async(&mut connection).await;
        let result = match first {
            Err(error) if is_lost(&error) => command.query_async(&mut connection).await,
            result => result,
        };
        result.map_err(|error| backend(&error))
    }

    /// Returns whether the script has written the session.
    async fn write(&self, script: &str, id: Id, row: &Row) -> Result<bool> {
        let mut command = cmd("EVAL");
        command
            .arg(script)
            .arg(1)
            .arg(session_key(&id.to_string()))
            .arg(&row.data)
            .arg(row.expires)
            .arg(row.deadline)
            .arg(id.to_string())
            .arg(now())
            .arg(row.owner.as_deref().unwrap_or_default());
        self.send(&command).await
    }

    pub(crate) async fn create(&self, record: &mut Record) -> Result<()> {
        let row = Row::of(record, &self.options)?;
        while !self.write(CREATE, record.id, &row).await? {
            record.id = Id::default();
        }
        Ok(())
    }

    pub(crate) async fn save(&self, record: &Record) -> Result<()> {
        let row = Row::of(record, &self.options)?;
        self.write(SAVE, record.id, &row).await.map(drop)
    }

    pub(crate) async fn load(&self, id: Id) -> Result<Option<Record>> {
        let load = Cmd::hmget(session_key(&id.to_string()), &["data", "expires"]);
        match self.send(&load).await? {
            // Redis removes a session by its own clock.
            (Some::<Vec<u8>>(data), Some::<i64>(expires)) if expires > now() => {
                decode(id, &String::from_utf8_lossy(&data), expires).map(Some)
            }
            _ => Ok(None),
        }
    }

    pub(crate) async fn delete(&self, id: Id) -> Result<()> {
        self.send(&Cmd::del(session_key(&id.to_string()))).await
    }

    pub(crate) async fn check(&self) -> Result<()> {
        let lifetime = 60;
        self.send(&Cmd::set_ex("app:probe", 1, lifetime)).await
    }

    pub(crate) async fn delete_expired(&self) -> Result<()> {
        let known: Vec<String> = self.send(&Cmd::hvals(NOTICES)).await?;
        let expired: Vec<String> = parse(known)
            .filter(|notice| notice.expires <= now())
            .map(|notice| notice.subject)
            .collect();
        match expired.as_slice() {
            [] => Ok(()),
            expired => self.send(&Cmd::hdel(NOTICES, expired)).await,
        }
    }

    pub(crate) async fn delete_owned(&self, owner: &str) -> Result<()> {
        let index = format!("app:owner:{owner}");
        let ids: Vec<String> = self.send(&Cmd::zrange(&index, 0, -1)).await?;
        let mut keys: Vec<String> = ids.iter().map(|id| session_key(id)).collect();
        keys.push(index);
        self.send(&Cmd::del(keys)).await
    }

    pub(crate) async fn publish(&self, notice: &Notice) -> Result<()> {
        let mut command = cmd("EVAL");
        command
            .arg(PUBLISH)
            .arg(1)
            .arg(NOTICES)
            .arg(&notice.subject)
            .arg(notice.value)
            .arg(notice.expires)
            .arg(&self.channel);
        self.send(&command).await
    }

    pub(crate) async fn notices(&self) -> Result<Vec<Notice>> {
        let known: Vec<String> = self.send(&Cmd::hvals(NOTICES)).await?;
        Ok(parse(known).filter(|notice| notice.expires > now()).collect())
    }

    pub(crate) async fn notice(&self, subject: &str) -> Result<Option<Notice>> {
        let known: Option<String> = self.send(&Cmd::hget(NOTICES, subject)).await?;
        Ok(parse(known).next())
    }

    pub(crate) async fn watch(&self, receiver: &mut Receiver<impl FnMut(&Notice) + Send>) {
        let mut is_failing = false;
        loop {
            let error = self.subscribe(receiver, &mut is_failing).await;
            if !is_failing {
                is_failing = true;
                tracing::warn!(%error, "the connection to Redis is lost; connecting again");
            }
            sleep(RECONNECT_INTERVAL).await;
        }
    }

    /// Receives notices until the connection is lost.
    async fn subscribe(
        &self,
        receiver: &mut Receiver<impl FnMut(&Notice) + Send>,
        is_failing: &mut bool,
    ) -> Error {
        let connected = async {
            let mut connection = self.client.get_async_pubsub().await?;
            connection.subscribe(&self.channel).await?;
            RedisResult::Ok(connection)
        };
        let (mut sink, mut messages) = match timeout(TIMEOUT, connected).await {
            Ok(Ok(connection)) => connection.split(),
            Ok(Err(error)) => return backend(&error),
            Err(_) => return no_response(),
        };
        loop {
            // Subscribed first, so that no notice falls in between.
            match self.notices().await {
                Ok(notices) => receiver.accept_all(notices, now()),
                Err(error) => return error,
            }
            *is_failing = false;
            let reload = sleep(RELOAD_INTERVAL);
            tokio::pin!(reload);
            loop {
                tokio::select! {
                    message = messages.next() => match message {
                        Some(message) => {
                            let payload: String = message.get_payload().unwrap_or_default();
                            parse([payload]).for_each(|notice| receiver.accept(notice));
                        }
                        None => return Error::Backend("the server has closed the connection".to_owned()),
                    },
                    () = &mut reload => break,
                }
            }
            match timeout(TIMEOUT, sink.ping::<redis::Value>()).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return backend(&error),
                Err(_) => return no_response(),
            }
        }
    }
}

fn session_key(id: &str) -> String {
    format!("app:session:{id}")
}

/// Reads notices, and leaves out what is none.
fn parse(messages: impl IntoIterator<Item = String>) -> impl Iterator<Item = Notice> {
    messages.into_iter().filter_map(|message| Notice::parse(&message))
}

fn backend(error: &RedisError) -> Error {
    Error::Backend(error.to_string())
}

fn no_response() -> Error {
    Error::Backend("no response in time".to_owned())
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}
