//! The configuration of the site: where the program listens, its public URL and its files.

use std::net::SocketAddr;

use leptos_config::{Env, LeptosOptions};
use url::Url;

use super::Reader;

/// Reads `LEPTOS_…`, the options of Leptos, which `cargo leptos` sets. The defaults equal those in Cargo.toml, for a program that
/// is started without it.
pub fn read_leptos_options(reader: &mut Reader<'_>) -> LeptosOptions {
    let or = |value: Option<&str>, default: &str| value.unwrap_or(default).to_owned();
    let site_addr = reader.parse("LEPTOS_SITE_ADDR", "an address and port such as 127.0.0.1:5001");
    let env = reader.parse_with("LEPTOS_ENV", "`DEV` or `PROD`", |text| {
        match text.to_ascii_lowercase().as_str() {
            "dev" | "development" => Some(Env::DEV),
            "prod" | "production" => Some(Env::PROD),
            _ => None,
        }
    });
    let reload_port: Option<u16> = reader.parse("LEPTOS_RELOAD_PORT", "a port number such as 3001");
    let hash_files = reader.parse("LEPTOS_HASH_FILES", "`true` or `false`");

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

/// Reads `APP_URL`, the public origin of the program; by default localhost with the port that the program listens on.
pub fn read_app_url(reader: &mut Reader<'_>, site_addr: SocketAddr) -> Url {
    let url = reader.url("APP_URL", "http://localhost:5001").unwrap_or_else(|| {
        #[expect(clippy::expect_used, reason = "a port number cannot make this URL invalid")]
        Url::parse(&format!("http://localhost:{}", site_addr.port())).expect("a valid URL")
    });
    if url.path() != "/" {
        reader.error(
            "APP_URL",
            format!("is {url}"),
            "remove the path, because the app is served at the root",
        );
    }
    url
}
