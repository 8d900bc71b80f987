//! Commands for a local Clerk that runs, or for its data file.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use local_clerk::LocalClerk;
use reqwest::{Client, Method, redirect::Policy};
use serde_json::Value;
use url::Url;

use super::{Failure, state_file};

pub(super) const DEFAULT_URL: &str = "http://127.0.0.1:5002";
/// The variable of an app that uses the local Clerk.
pub(super) const URL_VARIABLE: &str = "CLERK_API_URL";
const KEY_VARIABLE: &str = "CLERK_SECRET_KEY";
/// How long one attempt to reach it may take, and the pause until the next one.
const ATTEMPT: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// The local Clerk that a command is for.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// URL of the local Clerk
    #[arg(long, env = URL_VARIABLE, default_value = DEFAULT_URL, value_parser = url)]
    url: Url,

    /// Data file of a local Clerk, which need not run; instead of the URL
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
}

pub(super) fn url(text: &str) -> Result<Url, &'static str> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or("CLERK_API_URL must be the URL of a local Clerk such as http://127.0.0.1:5002")
}

/// Waits until the local Clerk at this URL answers.
pub(super) async fn wait(url: Url, seconds: u64) -> Result<(), Failure> {
    let mut reason = format!("there is no answer of {url}");
    let instance = Running::at(url)?;
    let until_ready = async {
        while let Err(error) = instance.check_health().await {
            reason = error.to_string();
            tokio::time::sleep(PAUSE).await;
        }
    };
    let outcome = tokio::time::timeout(Duration::from_secs(seconds), until_ready).await;
    outcome.map_err(|_| format!("waited for {seconds} s: {reason}").into())
}

impl Target {
    pub(super) async fn export(&self, file: Option<&Path>) -> Result<(), Failure> {
        let state = self.call(Method::GET, &["export"], Vec::new()).await?;
        match file {
            Some(file) => {
                let written = state_file::write(file, &state);
                written.map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
            }
            None => println!("{state}"),
        }
        Ok(())
    }

    pub(super) async fn import(&self, file: &Path) -> Result<(), Failure> {
        let state = if file == Path::new("-") {
            let mut state = Vec::new();
            io::stdin().read_to_end(&mut state).map(|_| state)
        } else {
            fs::read(file)
        };
        let state = state.map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
        println!("{}", self.call(Method::POST, &["import"], state).await?);
        Ok(())
    }

    pub(super) async fn save(&self, name: &str) -> Result<(), Failure> {
        let counts = self.call(Method::PUT, &["snapshots", name], Vec::new()).await?;
        println!("{counts}");
        Ok(())
    }

    pub(super) async fn restore(&self, name: &str) -> Result<(), Failure> {
        let path = ["snapshots", name, "restore"];
        println!("{}", self.call(Method::POST, &path, Vec::new()).await?);
        Ok(())
    }

    /// Calls a control endpoint, if need be of a local Clerk that is started on the data file for that.
    async fn call(&self, method: Method, path: &[&str], body: Vec<u8>) -> Result<String, Failure> {
        let Some(data) = &self.data else {
            let instance = Running::at(self.url.clone())?;
            instance.check_health().await?;
            return instance.call(method, path, body).await;
        };
        if !data.exists() {
            return Err(format!("there is no data file {}", data.display()).into());
        }
        let clerk = LocalClerk::builder().data(data).start().await?;
        let answer = Running::at(Url::parse(&clerk.api_url())?)?
            .call(method, path, body)
            .await;
        clerk.shutdown().await;
        answer
    }
}

/// A local Clerk that runs.
struct Running {
    url: Url,
    http: Client,
}

impl Running {
    fn at(url: Url) -> Result<Self, Failure> {
        // It is on this machine, or in a container beside it.
        let http = Client::builder().redirect(Policy::none()).no_proxy().build()?;
        Ok(Self { url, http })
    }

    /// Fails unless a local Clerk answers. The secret key and the state are for nobody else.
    async fn check_health(&self) -> Result<(), Failure> {
        let request = self.http.get(self.endpoint(&["health"])?).timeout(ATTEMPT);
        let (_, text) = self.send(request).await?;
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        if body["status"] == "ok" && body["version"].is_string() {
            return Ok(());
        }
        let reason = long_message(&body).unwrap_or("what answers there is something else");
        Err(format!("there is no local Clerk at {}: {reason}", self.url).into())
    }

    async fn call(&self, method: Method, path: &[&str], body: Vec<u8>) -> Result<String, Failure> {
        let mut request = self.http.request(method, self.endpoint(path)?).body(body);
        if let Ok(key) = std::env::var(KEY_VARIABLE) {
            request = request.bearer_auth(key);
        }
        let (is_success, text) = self.send(request).await?;
        if is_success {
            return Ok(text);
        }
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        let reason = long_message(&body).unwrap_or("the reply is not one of a local Clerk");
        Err(format!("the local Clerk at {} refuses: {reason}", self.url).into())
    }

    fn endpoint(&self, path: &[&str]) -> Result<Url, Failure> {
        let mut endpoint = self.url.clone();
        let mut segments = endpoint.path_segments_mut().map_err(|()| "the URL has no path")?;
        segments.pop_if_empty().push("_emulate").extend(path);
        drop(segments);
        Ok(endpoint)
    }

    /// Sends a request; returns whether it succeeded, and the text of the reply.
    async fn send(&self, request: reqwest::RequestBuilder) -> Result<(bool, String), Failure> {
        let failed = |error: reqwest::Error| {
            let reason = if error.is_connect() {
                "nothing listens there".to_owned()
            } else if error.is_timeout() {
                "it does not answer".to_owned()
            } else {
                error.without_url().to_string()
            };
            format!("there is no local Clerk at {}: {reason}", self.url)
        };
        let response = request.send().await.map_err(failed)?;
        let is_success = response.status().is_success();
        Ok((is_success, response.text().await.map_err(failed)?))
    }
}

/// The message of an error in Clerk's shape.
fn long_message(body: &Value) -> Option<&str> {
    body["errors"][0]["long_message"].as_str()
}
