//! Serving until a signal, and ending in order.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use local_clerk::LocalClerk;
use serde_json::json;

use super::{Failure, options::ServerOptions, signals::Signals, state_file};

/// How long requests in progress may take when the local Clerk ends.
const GRACE: Duration = Duration::from_secs(10);

/// Prints the environment of an app that uses the local Clerk, and serves until a signal to stop.
pub(super) async fn serve(options: ServerOptions, json: bool) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    let ending = Ending::of(&options)?;
    let clerk = options.into_builder().start().await?;
    if json {
        let environment: BTreeMap<_, _> = clerk.environment().into_iter().collect();
        println!("{}", json!({ "environment": environment }));
    } else {
        println!("{}ready", clerk.env_file());
    }
    signals.next().await;
    ending.end(clerk, &mut signals).await
}

/// What is left to do when a local Clerk ends.
#[derive(Debug)]
pub(super) struct Ending {
    strict: bool,
    export: Option<PathBuf>,
}

impl Ending {
    /// Fails if the state could not be written at the end.
    pub(super) fn of(options: &ServerOptions) -> Result<Self, Failure> {
        let export = options.export_on_exit.clone();
        if let Some(file) = &export {
            state_file::prepare(file).map_err(|error| cannot_export(file, &error))?;
        }
        Ok(Self {
            strict: options.strict,
            export,
        })
    }

    /// Stops the local Clerk, writes its state, and fails if it has missed an endpoint and must not.
    pub(super) async fn end(self, mut clerk: LocalClerk, signals: &mut Signals) -> Result<(), Failure> {
        let is_stopped = tokio::select! {
            () = clerk.stop() => true,
            _ = signals.next() => false,
            () = tokio::time::sleep(GRACE) => false,
        };
        if !is_stopped {
            tracing::warn!("the local Clerk ends before all requests in progress are answered");
        }
        if let Some(file) = &self.export {
            let state = clerk.export().await?;
            state_file::write(file, &state).map_err(|error| cannot_export(file, &error))?;
            tracing::info!("the local Clerk has exported its state to {}", file.display());
        }
        let unknown = clerk.unknown_endpoints();
        if self.strict && !unknown.is_empty() {
            let list = unknown.join("\n  ");
            let problem =
                "the local Clerk was asked for endpoints that it does not have (LOCAL_CLERK_STRICT)";
            return Err(format!("{problem}:\n  {list}").into());
        }
        Ok(())
    }
}

fn cannot_export(file: &std::path::Path, error: &std::io::Error) -> Failure {
    let file = file.display();
    format!("the local Clerk cannot write to {file} (LOCAL_CLERK_EXPORT_ON_EXIT): {error}").into()
}
