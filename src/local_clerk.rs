//! The local Clerk that a development build runs alongside the app.
//!
//! It accepts a code that everyone knows, so a build without debug assertions contains it only if the feature
//! `local-clerk-in-release` says so. All other builds have a stub in its place.

#[cfg_attr(
    all(
        feature = "local-clerk",
        any(debug_assertions, feature = "local-clerk-in-release")
    ),
    path = "local_clerk/enabled.rs"
)]
#[cfg_attr(
    not(all(
        feature = "local-clerk",
        any(debug_assertions, feature = "local-clerk-in-release")
    )),
    path = "local_clerk/disabled.rs"
)]
mod implementation;

pub(crate) use self::implementation::{AVAILABLE, start};

use std::error::Error;

use leptos_with_clerk::config::{ClerkSource, Config};

/// Serves the local Clerk without the app: the deprecated subcommand `local-clerk`. Once it listens, it prints the
/// variables with which to configure another app.
pub(crate) async fn serve_standalone(
    config: &Config,
    stop_signal: impl Future<Output = ()>,
) -> Result<(), Box<dyn Error>> {
    eprintln!("`leptos-with-clerk local-clerk` is deprecated: run the program `local-clerk` instead");
    let ClerkSource::Local(local, _) = &config.clerk else {
        return Err(
            "the local Clerk has its own keys: remove CLERK_PUBLISHABLE_KEY, CLERK_SECRET_KEY and LOCAL_CLERK".into(),
        );
    };
    let local_clerk = start(local, None).await?;
    for (name, value) in local_clerk.environment() {
        println!("{name}={value}");
    }
    println!("ready");
    stop_signal.await;
    local_clerk.shutdown().await;
    Ok(())
}
