//! Configuring a local Clerk.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use url::{Host, Url};

use crate::{
    keys::Instance,
    seed::SeedSource,
    start::{self, Config, LocalClerk, StartError},
    store::Data,
};

impl LocalClerk {
    /// Returns a builder with the defaults that suit a test: a free port on loopback, data in memory, a development
    /// instance and the default seed (a demo user and three plans).
    pub fn builder() -> LocalClerkBuilder {
        LocalClerkBuilder::default()
    }
}

/// Configures a [`LocalClerk`].
///
/// ```
/// use std::time::Duration;
///
/// use local_clerk::{Instance, LocalClerk};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clerk = LocalClerk::builder()
///     .instance(Instance::Production)
///     .seed_str("[[users]]\nemail_addresses = [\"ada@example.com\"]\n")
///     .token_lifetime(Duration::from_secs(5))
///     .start()
///     .await?;
/// assert!(clerk.keys().publishable_key().starts_with("pk_live_"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until `start` is called"]
pub struct LocalClerkBuilder {
    config: Config,
}

impl LocalClerkBuilder {
    /// Listens on this address; port 0 takes any free port. An address that other machines can reach needs
    /// [`allowed_hosts`](Self::allowed_hosts), and the control endpoints and the page then ask for the secret key.
    ///
    /// Default: `127.0.0.1:0`.
    pub fn addr(mut self, addr: SocketAddr) -> Self {
        self.config.addr = addr;
        self
    }

    /// Stores users, sessions and keys in this SQLite file, which is created if it does not exist, readable by its
    /// owner only.
    ///
    /// Default: [`memory`](Self::memory).
    pub fn data(mut self, file: impl Into<PathBuf>) -> Self {
        self.config.data = Data::File(file.into());
        self
    }

    /// Stores everything in memory, where it is lost when the local Clerk stops. This is the default.
    pub fn memory(mut self) -> Self {
        self.config.data = Data::Memory;
        self
    }

    /// Sets the kind of Clerk instance to behave as.
    ///
    /// Default: [`Instance::Development`].
    pub fn instance(mut self, instance: Instance) -> Self {
        self.config.instance = instance;
        self
    }

    /// Fills new data from this seed file (TOML). The file is read by [`start`](Self::start), which reports a
    /// mistake with its line.
    ///
    /// Default: a demo user and three plans.
    pub fn seed_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.config.seed = SeedSource::File(file.into());
        self
    }

    /// Fills new data from this text, which has the format of a seed file.
    pub fn seed_str(mut self, toml: impl Into<String>) -> Self {
        self.config.seed = SeedSource::Text(toml.into());
        self
    }

    /// Replaces the state at the start by that of this file, which [`LocalClerk::export`] or `GET /_emulate/export`
    /// returned.
    pub fn import(mut self, file: impl Into<PathBuf>) -> Self {
        self.config.import = Some(file.into());
        self
    }

    /// Serves clerk-js and Clerk's components from this `node_modules` directory.
    ///
    /// Default: `node_modules` in the working directory, which is also used if this directory has no
    /// `@clerk/clerk-js`. Programs that load no page need neither.
    pub fn npm_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.config.npm_dir = Some(directory.into());
        self
    }

    /// Appends every reply of the two APIs to this file, one line of JSON each.
    pub fn record(mut self, file: impl Into<PathBuf>) -> Self {
        self.config.record = Some(file.into());
        self
    }

    /// Sends webhooks to this URL, whose host must be a loopback address, `localhost`, that of
    /// [`app_url`](Self::app_url) or one of [`allowed_hosts`](Self::allowed_hosts).
    ///
    /// Default: no webhooks.
    pub fn webhook_url(mut self, url: Url) -> Self {
        self.config.webhook_url = Some(url);
        self
    }

    /// Sets the URL at which browsers reach the app, whose proxy forwards `/__clerk` to this local Clerk. Links in
    /// replies of the Backend API lead there from the start, and session tokens name it in `azp`.
    ///
    /// Default: learned from the requests that the app forwards.
    pub fn app_url(mut self, url: Url) -> Self {
        self.config.app_url = Some(url);
        self
    }

    /// Adds hosts at which browsers reach apps. Requests from pages at other hosts than these, loopback ones and that of
    /// [`app_url`](Self::app_url) are refused: any web page could otherwise pass as the app.
    ///
    /// Default: none.
    pub fn allowed_hosts(mut self, hosts: impl IntoIterator<Item = Host>) -> Self {
        self.config.allowed_hosts.extend(hosts);
        self
    }

    /// Sets the lifetime of session tokens, from one second to one day; fractions of a second are dropped. It
    /// overrides the seed, and the settings of a data file that exists already.
    ///
    /// Default: 60 seconds, as at Clerk.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.token_lifetime = Some(u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX));
        self
    }

    /// Keeps this many signing keys ready for the instances that `POST /_emulate/instances` starts. They are generated in
    /// the background, and shared by the process.
    ///
    /// Default: none, until the first such instance is started.
    pub fn keys_ready(mut self, count: usize) -> Self {
        self.config.keys_ready = count;
        self
    }

    /// Logs requests to endpoints that do not exist as errors instead of warnings.
    /// [`LocalClerk::unknown_endpoints`] lists them.
    ///
    /// Default: `false`.
    pub fn strict(mut self, strict: bool) -> Self {
        self.config.strict = strict;
        self
    }

    /// Checks whether new data can be filled from the seed, and starts nothing.
    ///
    /// # Errors
    /// If the seed cannot be read, has mistakes, or does not fit the kind of instance: one error for each mistake.
    pub async fn check_seed(self) -> Result<(), Vec<StartError>> {
        start::check_seed(self.config).await
    }

    /// Starts the local Clerk, which is listening when this returns.
    ///
    /// # Errors
    /// If other machines can reach the address and no hosts are allowed, if it is in use, or if the data file, the seed
    /// file or another setting cannot be used.
    pub async fn start(self) -> Result<LocalClerk, StartError> {
        start::start(self.config).await
    }
}
