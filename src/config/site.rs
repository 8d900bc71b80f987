//! Where the program listens, how browsers reach it, and where its files are.

use std::net::SocketAddr;

use leptos::config::{Env, LeptosOptions};
use url::Url;

use super::error::Reader;

/// The options of Leptos: what `cargo leptos` sets, or the same defaults as in Cargo.toml when the
/// program is started by hand.
pub(super) fn leptos_options(reader: &mut Reader<'_>) -> LeptosOptions {
    let or = |value: Option<&str>, default: &str| value.unwrap_or(default).to_owned();
    let site_addr = reader.parsed("LEPTOS_SITE_ADDR", "an address and port such as 127.0.0.1:5001");
    let env = reader.read("LEPTOS_ENV", "`DEV` or `PROD`", |text| {
        match text.to_ascii_lowercase().as_str() {
            "dev" | "development" => Some(Env::DEV),
            "prod" | "production" => Some(Env::PROD),
            _ => None,
        }
    });
    let reload_port: Option<u16> = reader.parsed("LEPTOS_RELOAD_PORT", "a port number such as 3001");
    let hash_files = reader.parsed("LEPTOS_HASH_FILES", "`true` or `false`");

    LeptosOptions::builder()
        .output_name(or(reader.text("LEPTOS_OUTPUT_NAME"), "leptos-with-clerk"))
        .site_root(or(reader.text("LEPTOS_SITE_ROOT"), "target/site"))
        .site_pkg_dir(or(reader.text("LEPTOS_SITE_PKG_DIR"), "pkg"))
        .site_addr(site_addr.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 5001))))
        .reload_port(reload_port.map_or(3001, u32::from))
        .hash_files(hash_files.unwrap_or(true))
        .hash_file(or(reader.text("LEPTOS_HASH_FILE_NAME"), "hash.txt").into())
        .env(env.unwrap_or(Env::DEV))
        .build()
}

/// The public origin of the program; by default the port it listens on, at localhost.
pub(super) fn app_url(reader: &mut Reader<'_>, site_addr: SocketAddr) -> Url {
    let url = reader.url("APP_URL", "http://localhost:5001").unwrap_or_else(|| {
        #[expect(clippy::expect_used, reason = "a port number cannot make this URL invalid")]
        Url::parse(&format!("http://localhost:{}", site_addr.port())).expect("a valid URL")
    });
    if url.path() != "/" {
        reader.error(
            "APP_URL",
            format!("is {url}"),
            "leave out the path: the app lives at the root",
        );
    }
    url
}
