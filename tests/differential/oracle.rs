//! The oracle process: `@clerk/backend`, which communicates by lines of JSON.

use std::{
    io::{BufRead, BufReader, BufWriter, Lines, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::requests::Case;

/// The version that package.json pins.
const VERSION: &str = "3.25.0";

/// What the official package decided.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Answer {
    pub(crate) id: usize,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) auth: Option<Value>,
    /// The error that creating the auth object threw.
    pub(crate) auth_error: Option<String>,
    /// The error that `authenticateRequest` threw.
    pub(crate) error: Option<String>,
}

pub(crate) struct Oracle {
    child: Child,
    input: BufWriter<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Oracle {
    pub(crate) fn start(instances: &[Value]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(
            root.join("node_modules/@clerk/backend").is_dir(),
            "node_modules/@clerk/backend is missing: run `npm ci` (`make test` does)"
        );
        let mut child = Command::new("node")
            .arg(root.join("tests/differential/oracle.mjs"))
            .current_dir(root)
            .env("NODE_ENV", "test")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("node is needed for the oracle: {error}"));
        let mut input = BufWriter::new(child.stdin.take().unwrap());
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let hello: Value = serde_json::from_str(&output.next().unwrap().unwrap()).unwrap();
        assert_eq!(
            hello["version"], VERSION,
            "another version of @clerk/backend is installed"
        );
        writeln!(input, "{}", json!(instances)).unwrap();
        Self { child, input, output }
    }

    /// Sends requests without waiting for the answers.
    pub(crate) fn ask<'a>(&mut self, cases: impl IntoIterator<Item = &'a Case>) {
        for case in cases {
            let Case {
                id,
                instance,
                method,
                headers,
                ..
            } = case;
            let url = case.url();
            let line =
                json!({"id": id, "instance": instance, "method": method, "url": url, "headers": headers});
            writeln!(self.input, "{line}").unwrap();
        }
        self.input.flush().unwrap();
    }

    /// The next `count` answers, sorted by ID.
    pub(crate) fn answers(&mut self, count: usize) -> Vec<Answer> {
        let lines = self.output.by_ref().take(count);
        let mut answers: Vec<Answer> = lines
            .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
            .collect();
        assert_eq!(answers.len(), count, "the oracle has exited");
        answers.sort_by_key(|answer| answer.id);
        answers
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // It may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
