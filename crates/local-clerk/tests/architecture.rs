//! The layers of the crate: a module of one layer may use those of lower layers only.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The rooms of the crate from bottom to top. Rooms of the same layer do not use each other.
const LAYERS: &[&[&str]] = &[
    &["changes", "clock", "id", "store"],
    &["error", "keys"],
    &["password", "webauthn"],
    &["model"],
    &["domain", "environment"],
    &["view", "seed"],
    &["webhooks"],
    &["http"],
    &[
        "frontend_api",
        "backend_api",
        "dashboard",
        "account_portal",
        "npm",
    ],
    &["consent", "emulate"],
    &["routes"],
    &["start"],
    &["builder", "session"],
    &["cli"],
];

/// Rooms without any knowledge of HTTP.
const WITHOUT_HTTP: [&str; 9] = [
    "domain", "model", "view", "error", "password", "store", "seed", "webauthn", "webhooks",
];

/// The lines of a source file without comments and unit tests.
struct Source {
    path: PathBuf,
    room: String,
    /// How many modules the file lies below the root of the crate.
    depth: usize,
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    let mut directories = vec![root.clone()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(&root).unwrap().with_extension("");
                let modules: Vec<_> = relative.iter().map(|name| name.to_str().unwrap()).collect();
                if !["lib", "main", "tests"].contains(&modules[0]) {
                    sources.push(Source {
                        room: modules[0].to_owned(),
                        depth: modules.len(),
                        code: code(&fs::read_to_string(&path).unwrap()),
                        path,
                    });
                }
            }
        }
    }
    assert!(sources.len() > 100, "the sources are found");
    sources
}

fn code(text: &str) -> String {
    let (code, _) = text.split_once("#[cfg(test)]\nmod ").unwrap_or((text, ""));
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The rooms that code names, by `crate::room` or `use crate::{room, ...}`.
fn used_rooms(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (_, rest) in code
        .match_indices("crate::")
        .map(|(at, found)| (at, &code[at + found.len()..]))
    {
        match rest.strip_prefix('{') {
            Some(group) => rooms.extend(first_names(group)),
            None => rooms.extend(first_names(rest).into_iter().next()),
        }
    }
    rooms
}

/// The first name of each path in a group of imports, up to its closing brace.
fn first_names(group: &str) -> Vec<String> {
    let (mut names, mut depth, mut is_first) = (Vec::new(), 0, true);
    let mut name = String::new();
    for letter in group.chars().chain(['}']) {
        if depth == 0 && is_first && (letter.is_alphanumeric() || letter == '_') {
            name.push(letter);
            continue;
        }
        if !name.is_empty() {
            names.push(std::mem::take(&mut name));
            is_first = false;
        }
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => is_first = true,
            _ => {}
        }
    }
    names
}

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&room))
}

#[test]
fn imports_are_parsed() {
    let code = "use crate::{a::{b, c::d}, e, f::g};\nlet x = crate::h::i;";
    let rooms: Vec<String> = used_rooms(code).into_iter().collect();
    assert_eq!(rooms, ["a", "e", "f", "h"]);
}

#[test]
fn modules_use_lower_layers_only() {
    for source in sources() {
        let own = layer(&source.room).unwrap_or_else(|| panic!("{} has no layer", source.path.display()));
        for used in used_rooms(&source.code) {
            // Anything else is an item that the root of the crate re-exports.
            let Some(used_layer) = layer(&used) else {
                continue;
            };
            assert!(
                used == source.room || used_layer < own,
                "{} uses crate::{used}, which is not of a lower layer",
                source.path.display()
            );
        }
        let root = "super::".repeat(source.depth);
        assert!(
            !source.code.contains(&root),
            "{} reaches the root of the crate by {root}: use crate::",
            source.path.display()
        );
    }
}

#[test]
fn rules_and_views_know_no_http() {
    for source in sources() {
        if WITHOUT_HTTP.contains(&source.room.as_str()) {
            for word in ["axum", "StatusCode", "HeaderMap", "HeaderValue", "use http::"] {
                assert!(
                    !source.code.contains(word),
                    "{} mentions {word}",
                    source.path.display()
                );
            }
        }
    }
}

#[test]
fn only_the_domain_extends_the_context() {
    for source in sources() {
        assert!(
            source.room == "domain" || !source.code.contains("impl Context"),
            "{} adds methods to Context",
            source.path.display()
        );
    }
}

#[test]
fn only_the_clock_asks_for_the_time() {
    for source in sources() {
        for call in ["SystemTime::now", "now_utc", "Instant::now"] {
            assert!(
                source.room == "clock" || !source.code.contains(call),
                "{} calls {call}",
                source.path.display()
            );
        }
    }
}
