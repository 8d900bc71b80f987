//! The limits that the environment can change.

use std::time::Duration;

use http_server::Limits;

use super::Reader;

/// Reads `APP_MAX_CONNECTIONS` and `APP_KEEP_ALIVE_TIMEOUT`.
pub fn read_limits(reader: &mut Reader<'_>) -> Limits {
    let default = Limits::default();
    let mut number = |name, what, max: u32| {
        let expected = format!("{what} from 1 to {max}");
        reader.parse_with(name, &expected, |text| {
            text.parse().ok().filter(|number| (1..=max).contains(number))
        })
    };
    let connections = number("APP_MAX_CONNECTIONS", "a number", 1_000_000);
    let keep_alive = number("APP_KEEP_ALIVE_TIMEOUT", "a number of seconds", 86_400);
    Limits {
        connections: connections.unwrap_or(default.connections),
        keep_alive: keep_alive.map_or(default.keep_alive, |seconds| Duration::from_secs(seconds.into())),
        ..default
    }
}
