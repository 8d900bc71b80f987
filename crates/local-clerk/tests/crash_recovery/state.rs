//! Kills while states are saved, restored, imported and replaced: what is found afterwards is the state before the call
//! or the one after it.

use std::{collections::BTreeMap, fs, net::TcpListener, path::Path, time::Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{Backend, LocalClerk, TempDir, moment_within, seed};

const ROUNDS: usize = 3;
const USERS: usize = 100;
const HOUR: u64 = 3_600_000;

/// How many documents there are with the same kind and meaning, and how many deliveries of webhooks.
type Summary = BTreeMap<String, usize>;

#[derive(Clone, Debug)]
struct State {
    /// `None` if ids and times are not known.
    documents: Option<Value>,
    summary: Summary,
}

impl State {
    /// The state that there is.
    async fn read(backend: &Backend) -> Self {
        let documents = call(backend, Method::GET, "export").await["documents"].take();
        let mut summary = Summary::new();
        for document in documents.as_array().unwrap() {
            let (kind, body) = (document["kind"].as_str().unwrap(), &document["body"]);
            let meaning = match kind {
                "user" => &body["email_addresses"][0]["value"],
                "identifier" => &body["value"],
                "clock_offset" => &body["milliseconds"],
                _ => &Value::Null,
            };
            *summary.entry(format!("{kind} {meaning}")).or_default() += 1;
        }
        let deliveries = call(backend, Method::GET, "deliveries").await;
        summary.insert("deliveries".to_owned(), number(&deliveries["total_count"]));
        Self {
            documents: Some(documents),
            summary,
        }
    }

    /// The state of a seed with so many users.
    fn seeded(name: &str) -> Self {
        let mut state = Self {
            documents: None,
            summary: Summary::from([
                ("settings null".to_owned(), 1),
                ("role null".to_owned(), 2),
                ("deliveries".to_owned(), 0),
            ]),
        };
        for number in 0..USERS {
            state.add_user(&format!("{name}.{number}@example.com"));
        }
        state
    }

    fn add_user(&mut self, email_address: &str) {
        self.documents = None;
        let name = json!(email_address);
        for key in [
            format!("user {name}"),
            format!("identifier {name}"),
            "payment_method null".to_owned(),
        ] {
            *self.summary.entry(key).or_default() += 1;
        }
    }

    fn allows(&self, found: &Self) -> bool {
        self.summary == found.summary && (self.documents.is_none() || self.documents == found.documents)
    }

    /// The same without the deliveries, which are not part of a saved state.
    fn saved(mut self) -> Self {
        self.summary.insert("deliveries".to_owned(), 0);
        self
    }
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// Calls a control endpoint of a local Clerk that is not killed meanwhile.
async fn call(backend: &Backend, method: Method, path: &str) -> Value {
    let path = format!("/_emulate/{path}");
    let (status, reply) = backend.call(method, &path, None).await.expect("a reply");
    assert_eq!(status, StatusCode::OK, "{path}: {reply}");
    reply
}

/// A call that changes the state.
struct Change {
    method: Method,
    path: &'static str,
    body: String,
    /// The state after it.
    after: State,
}

/// What the calls so far have led to.
struct History {
    /// The state that there is.
    now: State,
    /// The state of the snapshot.
    snapshot: State,
    /// The state of the seed that a reset goes back to.
    seed: State,
    /// An export, and its state.
    export: (String, State),
    /// How many calls there were, which makes names unique.
    calls: usize,
}

const CHANGES: [&str; 8] = [
    "save", "import", "user", "restore", "replace", "clock", "extend", "reset",
];

impl History {
    fn change(&mut self, name: &str) -> Change {
        self.calls += 1;
        let unique = format!("{name}{}", self.calls);
        let change = |method, path, body, after| Change {
            method,
            path,
            body,
            after,
        };
        let mut after = self.now.clone();
        match name {
            "save" => change(Method::PUT, "/_emulate/snapshots/one", String::new(), after),
            "restore" => {
                let path = "/_emulate/snapshots/one/restore";
                change(Method::POST, path, String::new(), self.snapshot.clone())
            }
            "import" => {
                let (text, after) = self.export.clone();
                change(Method::POST, "/_emulate/import", text, after)
            }
            "replace" => {
                let after = State::seeded(&unique);
                change(Method::PUT, "/_emulate/seed", seed(&unique, USERS), after)
            }
            "extend" => {
                for number in 0..USERS {
                    after.add_user(&format!("{unique}.{number}@example.com"));
                }
                change(Method::POST, "/_emulate/seed", seed(&unique, USERS), after)
            }
            "reset" => change(Method::POST, "/_emulate/reset", String::new(), self.seed.clone()),
            "clock" => {
                let offset = |key: &str| key.strip_prefix("clock_offset ")?.parse::<u64>().ok();
                let before = after
                    .summary
                    .keys()
                    .find_map(|key| offset(key))
                    .unwrap_or_default();
                after.summary.remove(&format!("clock_offset {before}"));
                after.summary.insert(format!("clock_offset {}", before + HOUR), 1);
                after.documents = None;
                change(
                    Method::POST,
                    "/_emulate/clock",
                    json!({ "advance": "1h" }).to_string(),
                    after,
                )
            }
            _ => {
                let email_address = format!("{unique}@example.com");
                after.add_user(&email_address);
                *after.summary.get_mut("deliveries").unwrap() += 1;
                let body = json!({ "email_address": [email_address], "skip_password_requirement": true });
                change(Method::POST, "/v1/users", body.to_string(), after)
            }
        }
    }

    /// Takes over what was found after a change.
    fn found(&mut self, name: &str, found: State, is_after: bool) {
        match name {
            "save" if is_after => self.snapshot = found.clone().saved(),
            "replace" if is_after => {
                self.seed = State {
                    documents: None,
                    ..found.clone()
                }
            }
            _ => {}
        }
        self.now = found;
    }
}

async fn send(backend: &Backend, change: &Change) -> Option<()> {
    let request = backend
        .client
        .request(
            change.method.clone(),
            format!("{}{}", backend.api_url, change.path),
        )
        .bearer_auth(&backend.secret_key)
        .header("content-type", "application/json")
        .body(change.body.clone());
    let response = request.send().await.ok()?;
    let status = response.status();
    let reply = response.text().await.ok()?;
    assert_eq!(status, StatusCode::OK, "{}: {reply}", change.path);
    Some(())
}

/// A local Clerk that sends webhooks to nobody who answers. Its seed has no plans.
fn start(data: &Path, receiver: &TcpListener) -> (LocalClerk, Backend) {
    let url = format!("http://{}", receiver.local_addr().unwrap());
    let mut local = LocalClerk::spawn_with(data, &["--webhook-url", &url, "--seed", "first.toml"]);
    let environment = local.environment();
    (local, Backend::new(&environment))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_leaves_the_state_before_a_call_or_the_one_after_it() {
    let directory = TempDir::new();
    let data = directory.0.join("local-clerk.sqlite");
    fs::write(directory.0.join("first.toml"), seed("first", USERS)).unwrap();
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let (mut local, mut backend) = start(&data, &receiver);
    let export = call(&backend, Method::GET, "export").await.to_string();
    let exported = State::read(&backend).await;
    assert!(State::seeded("first").allows(&exported), "{:?}", exported.summary);
    let mut history = History {
        now: exported.clone(),
        snapshot: exported.clone(),
        seed: State {
            documents: None,
            ..exported.clone()
        },
        export: (export, exported),
        calls: 0,
    };

    // How long each call takes.
    let mut times = BTreeMap::new();
    for name in CHANGES {
        let change = history.change(name);
        let began = Instant::now();
        send(&backend, &change).await.expect("a reply");
        times.insert(name, began.elapsed());
        let found = State::read(&backend).await;
        assert!(
            change.after.allows(&found),
            "{name}: {:?} instead of {:?}",
            found.summary,
            change.after.summary
        );
        history.found(name, found, true);
    }

    for name in [CHANGES; ROUNDS].as_flattened() {
        // So that the states before and after the call differ.
        let user = history.change("user");
        send(&backend, &user).await.expect("a reply");
        history.now = user.after;
        let change = history.change(name);
        let acknowledged = tokio::select! {
            reply = send(&backend, &change) => reply,
            () = tokio::time::sleep(moment_within(times[name])) => None,
        };
        local.kill();
        (local, backend) = start(&data, &receiver);
        let found = State::read(&backend).await;
        let is_after = change.after.allows(&found);
        let is_before = acknowledged.is_none() && history.now.allows(&found);
        assert!(is_before || is_after, "{name}: {:?}", found.summary);
        if *name != "save" {
            history.found(name, found, is_after);
            continue;
        }
        // The state is the same. The snapshot tells whether it was saved.
        history.now = found;
        call(&backend, Method::POST, "snapshots/one/restore").await;
        let restored = State::read(&backend).await;
        let was_saved = history.now.clone().saved().allows(&restored);
        assert!(was_saved || acknowledged.is_none() && history.snapshot.allows(&restored));
        history.snapshot = restored.clone();
        history.now = restored;
    }
}
