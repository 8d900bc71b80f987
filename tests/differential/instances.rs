//! Random instances and applications, each as environment variables of this program and as options of the
//! official package.

use axum::Router;
use base64::{Engine, engine::general_purpose::STANDARD};
use clerk_auth::PublishableKey;
use leptos_with_clerk::{
    config::{ClerkSource, Config, Environment},
    server::Server,
};
use serde_json::{Map, Value, json};

use crate::{backend_api, keys::OWN, random::Random};

/// The number of instances in a run.
pub(crate) const COUNT: u64 = 96;

const LIVE_HOSTS: [&str; 2] = ["clerk.example.com", "clerk.app.example.co.uk"];
const DEV_HOSTS: [&str; 2] = ["foo-bar-13.clerk.accounts.dev", "clerk.foo-bar-13.lcl.dev"];
const PROXIES: [&str; 4] = [
    "/__clerk",
    "https://app.example.com/__clerk",
    "https://proxy.example.com/clerk/",
    "http://localhost:5001/__clerk",
];
const PARTIES: [&str; 2] = [
    "https://app.example.com",
    "http://localhost:5001,https://app.example.com,https://other.example.com",
];
const ORGANIZATIONS: [&str; 5] = [
    "/api/orgs/:id",
    "/api/orgs/:id,/api/orgs/:id/(.*)",
    "/api/org-slug/:slug,/api/org-slug/:slug/(.*),/api/orgs/:id,/api/orgs/:id/(.*)",
    "/api/orgs/:id(org_\\w+){/settings}?,/api/:kind-slug/:slug",
    "i am not valid config",
];
const PERSONAL: [&str; 2] = ["/api/personal", "/api/personal,/api/personal/(.*),/api/me"];

/// A random pattern of compatible pieces.
fn pattern(random: &mut Random) -> String {
    let collection = random.pick(&["/orgs", "/org-slug", "/:kind", "/{orgs}?", "/o(rgs|rg-slug)"]);
    let parameter = random.pick(&[
        "/:id",
        "/:slug",
        "/:id(org_\\w+)",
        "{/:id}?",
        "/:slug?",
        "/org_:id",
        "/:slug{-:x}?",
        "/o:id",
        "/:id.:ext",
        "/:x-:slug",
    ]);
    let rest = random.pick(&[
        "",
        "/(.*)",
        "/settings",
        "{/settings}?",
        "/:rest*",
        "/:rest+",
        "/:x?/:y?",
    ]);
    format!("/api{collection}{parameter}{rest}")
}

fn random_patterns(random: &mut Random) -> String {
    if random.percent(40) {
        return random.pick(&ORGANIZATIONS).to_owned();
    }
    let count = 1 + random.below(3);
    (0..count).map(|_| pattern(random)).collect::<Vec<_>>().join(",")
}

pub(crate) struct Instance {
    pub(crate) is_development: bool,
    pub(crate) is_satellite: bool,
    /// Whether the signing keys cannot be fetched.
    pub(crate) has_failing_keys: bool,
    /// Whether `https://satellite.test` is an allowed redirect origin.
    pub(crate) allows_satellite: bool,
    pub(crate) suffix: String,
    /// The Frontend API host that issues the instance's tokens.
    pub(crate) issuer: String,
    /// The host in the key; a production satellite has another issuer.
    pub(crate) key_host: &'static str,
    pub(crate) options: Value,
    variables: Vec<(&'static str, String)>,
}

impl Instance {
    pub(crate) fn random(seed: u64, index: u64, api_url: &str) -> Self {
        let random = &mut Random::new(seed, u64::MAX - index);
        let is_development = random.percent(50);
        let key_host = if is_development {
            random.pick(&DEV_HOSTS)
        } else {
            random.pick(&LIVE_HOSTS)
        };
        let kind = if is_development { "test" } else { "live" };
        let mut key = format!("pk_{kind}_{}", STANDARD.encode(format!("{key_host}$")));
        if random.percent(50) {
            key.truncate(key.trim_end_matches('=').len());
        }
        let suffix = PublishableKey::parse(&key).unwrap().cookie_suffix();
        let mut build = Builder {
            variables: Vec::new(),
            options: Map::new(),
        };
        build.set("CLERK_PUBLISHABLE_KEY", "publishableKey", &key);
        // Each instance has its own secret key, and thus its own cache in the official package.
        build.set("CLERK_SECRET_KEY", "secretKey", &format!("sk_{kind}_{index}"));
        let keys = random.mostly(88, backend_api::STATES[0], &backend_api::STATES);
        build.set("CLERK_API_URL", "apiUrl", &format!("{api_url}/{keys}"));
        if keys == backend_api::STATES[0] && random.percent(40) {
            build.set("CLERK_JWT_KEY", "jwtKey", &OWN.pem());
        }
        let is_satellite = random.percent(25);
        let mut issuer = key_host.to_owned();
        if is_satellite {
            build.flag("CLERK_IS_SATELLITE", "isSatellite");
            let page = random.pick(&[
                "https://primary.example.com/sign-in",
                "https://primary.example.com/in?x=a%20b",
            ]);
            build.set("CLERK_SIGN_IN_URL", "signInUrl", page);
        }
        let has_domain = random.percent(if is_satellite { 70 } else { 20 });
        if has_domain {
            build.set("CLERK_DOMAIN", "domain", "satellite.example.org");
            if is_satellite && !is_development {
                "clerk.satellite.example.org".clone_into(&mut issuer);
            }
        }
        if is_satellite && !has_domain || random.percent(30) {
            build.set("CLERK_PROXY_URL", "proxyUrl", random.pick(&PROXIES));
        }
        if random.percent(40) {
            build.flag("CLERK_SATELLITE_AUTO_SYNC", "satelliteAutoSync");
        }
        if random.percent(35) {
            build.list(
                "CLERK_AUTHORIZED_PARTIES",
                "authorizedParties",
                random.pick(&PARTIES),
            );
        }
        let mut patterns = Builder {
            variables: Vec::new(),
            options: Map::new(),
        };
        if random.percent(45) {
            patterns.list(
                "CLERK_ORGANIZATION_PATTERNS",
                "organizationPatterns",
                &random_patterns(random),
            );
        }
        if random.percent(30) {
            patterns.list(
                "CLERK_PERSONAL_ACCOUNT_PATTERNS",
                "personalAccountPatterns",
                random.pick(&PERSONAL),
            );
        }
        build.variables.extend(patterns.variables);
        let allows_satellite = random.percent(50);
        if allows_satellite {
            let allowed = "https://other.example.com,https://satellite.test".to_owned();
            build.variables.push(("CLERK_ALLOWED_REDIRECT_ORIGINS", allowed));
        }
        build
            .options
            .insert("organizationSyncOptions".to_owned(), patterns.options.into());
        Self {
            is_development,
            is_satellite,
            has_failing_keys: keys == "failing",
            allows_satellite,
            suffix,
            issuer,
            key_host,
            options: build.options.into(),
            variables: build.variables,
        }
    }

    /// The whole program for this instance.
    pub(crate) async fn router(&self) -> Router {
        let rest = [
            ("APP_URL", "http://localhost:5001"),
            ("ALLOWED_HOSTS", "*"),
            ("LOCAL_CLERK", "off"),
            ("SESSION_STORE", "memory"),
            ("LEPTOS_SITE_ROOT", "/nonexistent"),
        ];
        let variables = self.variables.iter().map(|(name, value)| (*name, value.as_str()));
        let environment: Environment = variables.chain(rest).collect();
        let config = Config::read(&environment, false).unwrap();
        let ClerkSource::Instance(options) = &config.clerk else {
            panic!("the keys select another source")
        };
        let mut options = (**options).clone();
        // The app's own rule where no parties are set; the official package has none.
        if options.accept_missing_azp {
            options.authorized_parties.clear();
        }
        Server::build(&config, options).await.unwrap().router()
    }

    /// The variables on one line, without keys.
    pub(crate) fn summary(&self) -> String {
        let shown = self.variables.iter().filter(|(name, _)| *name != "CLERK_JWT_KEY");
        shown
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

struct Builder {
    variables: Vec<(&'static str, String)>,
    options: Map<String, Value>,
}

impl Builder {
    fn set(&mut self, variable: &'static str, option: &str, value: &str) {
        self.variables.push((variable, value.to_owned()));
        self.options.insert(option.to_owned(), json!(value));
    }

    fn flag(&mut self, variable: &'static str, option: &str) {
        self.variables.push((variable, "true".to_owned()));
        self.options.insert(option.to_owned(), json!(true));
    }

    fn list(&mut self, variable: &'static str, option: &str, value: &str) {
        self.variables.push((variable, value.to_owned()));
        self.options.insert(option.to_owned(), value.split(',').collect());
    }
}
