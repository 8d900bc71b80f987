//! Where sessions are kept.

use std::{fmt, path::PathBuf};

use ::redis::IntoConnectionInfo;
use tokio_postgres::config::Host;

/// Where sessions are kept. Neither `Debug` nor `Display` shows a password.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Location {
    /// The memory of the process: sessions end with it.
    Memory,
    /// A SQLite file on this machine, which several processes may share.
    Sqlite(PathBuf),
    /// A Redis server.
    Redis(Box<::redis::ConnectionInfo>),
    /// A PostgreSQL database.
    Postgres(Box<tokio_postgres::Config>),
}

/// A text that is no location. Does not repeat the text, which may contain a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocationError {
    /// The text begins with none of the known schemes.
    #[error("begins with none of the known schemes")]
    Scheme,
    /// `sqlite:` without a path.
    #[error("has no path after `sqlite:`")]
    NoPath,
    /// Not a URL of a Redis server.
    #[error("is not a URL of a Redis server such as `rediss://:PASSWORD@redis.example:6379/0`")]
    Redis,
    /// A URL of a Redis server with a fragment: with `#insecure`, any certificate would be accepted.
    #[error(
        "contains `#`: write it as `%23` in a password; `#insecure` would let any server pose as this one"
    )]
    Fragment,
    /// Not a URL of a PostgreSQL database.
    #[error(
        "is not a URL of a PostgreSQL database such as `postgres://USER:PASSWORD@db.example/NAME?sslmode=require`"
    )]
    Postgres,
}

impl Location {
    /// Reads `memory`, `sqlite:PATH`, `redis://…`, `rediss://…` (with TLS) or `postgres://…`.
    ///
    /// # Errors
    ///
    /// The text is none of these.
    ///
    /// ```
    /// use session_stores::Location;
    ///
    /// let location = Location::parse("redis://:secret@redis.example/1")?;
    /// assert_eq!(location.to_string(), "Redis at redis.example:6379");
    /// # Ok::<(), session_stores::LocationError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, LocationError> {
        if text == "memory" {
            return Ok(Self::Memory);
        }
        let (scheme, rest) = text.split_once(':').ok_or(LocationError::Scheme)?;
        match scheme {
            "sqlite" => match rest.strip_prefix("//").unwrap_or(rest) {
                "" => Err(LocationError::NoPath),
                path => Ok(Self::Sqlite(path.into())),
            },
            "redis" | "rediss" if text.contains('#') => Err(LocationError::Fragment),
            "redis" | "rediss" => {
                let info = text.into_connection_info().map_err(|_| LocationError::Redis)?;
                Ok(Self::Redis(Box::new(info)))
            }
            "postgres" | "postgresql" => {
                let config: tokio_postgres::Config = text.parse().map_err(|_| LocationError::Postgres)?;
                match config.get_hosts() {
                    [] => Err(LocationError::Postgres),
                    _ => Ok(Self::Postgres(Box::new(config))),
                }
            }
            _ => Err(LocationError::Scheme),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Redis(info) => write!(f, "Redis at {}", info.addr()),
            Self::Postgres(config) => {
                f.write_str("PostgreSQL at ")?;
                for (index, host) in config.get_hosts().iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    match host {
                        Host::Tcp(name) => write!(f, "{separator}{name}")?,
                        #[cfg(unix)]
                        Host::Unix(path) => write!(f, "{separator}{}", path.display())?,
                    }
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_recognized_and_shows_no_password() {
        for (text, shown) in [
            ("memory", "memory"),
            ("sqlite:data/a.sqlite", "data/a.sqlite"),
            ("sqlite:///var/lib/a.sqlite", "/var/lib/a.sqlite"),
            ("redis://:hunter2@redis.example/1", "Redis at redis.example:6379"),
            (
                "rediss://app:hunter2@redis.example:6380",
                "Redis at redis.example:6380",
            ),
            (
                "postgres://app:hunter2@db.example:5433/app?sslmode=require",
                "PostgreSQL at db.example",
            ),
            (
                "postgresql://app:hunter2@a.example,b.example/app",
                "PostgreSQL at a.example, b.example",
            ),
        ] {
            let location = Location::parse(text).unwrap();
            assert_eq!(location.to_string(), shown);
            assert!(!format!("{location:?}").contains("hunter2"), "{location:?}");
        }
    }

    #[test]
    fn other_texts_are_refused_and_not_repeated() {
        for (text, expected) in [
            ("", LocationError::Scheme),
            ("Memory", LocationError::Scheme),
            ("mysql://app:hunter2@db.example/app", LocationError::Scheme),
            ("sqlite:", LocationError::NoPath),
            ("redis://:hunter2@redis.example/one", LocationError::Redis),
            ("redis://:hunter2@redis.example:port", LocationError::Redis),
            (
                "rediss://:hunter2@redis.example/#insecure",
                LocationError::Fragment,
            ),
            (
                "postgres://app:hunter2@db.example/app?unknown=1",
                LocationError::Postgres,
            ),
            (
                "postgres://app:hunter2@db.example:port/app",
                LocationError::Postgres,
            ),
            ("postgres:", LocationError::Postgres),
        ] {
            let error = Location::parse(text).unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("hunter2"));
        }
    }
}
