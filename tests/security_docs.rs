//! `docs/security.md` and `docs/asvs.md` name only tests that exist, and have a verdict about every requirement.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

use std::{collections::BTreeMap, fs, path::Path};

/// The number of requirements in each section of the OWASP ASVS 5.0.0, by chapter.
const SECTIONS: [&[u32]; 17] = [
    &[2, 10, 12, 3, 3],
    &[3, 3, 5, 2],
    &[1, 3, 5, 8, 8, 1, 5],
    &[5, 5, 2, 4],
    &[1, 6, 3, 3],
    &[3, 12, 8, 6, 8, 4, 2, 4],
    &[3, 4, 2, 5, 3, 2],
    &[4, 4, 3, 2],
    &[3, 4],
    &[2, 3, 5, 16, 5, 2, 3],
    &[4, 5, 5, 4, 2, 2, 2],
    &[5, 2, 5],
    &[4, 6, 4, 7],
    &[2, 8, 3],
    &[5, 5, 7, 4],
    &[1, 5, 4, 3, 4],
    &[2, 8, 2],
];

const VERDICTS: [&str; 5] = ["met", "Clerk", "deployer", "not met", "n/a"];

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The requirements of each row of the tables in `docs/asvs.md`, their level and the verdict.
fn rows(asvs: &str) -> impl Iterator<Item = (Vec<String>, usize, &str)> {
    let rows = asvs.lines().filter_map(|line| line.strip_prefix("| "));
    let rows = rows.filter(|row| row.starts_with(|first: char| first.is_ascii_digit()));
    rows.map(|row| {
        let mut cells = row.split(" | ");
        let mut cell = || cells.next().unwrap_or_else(|| panic!("a cell is missing: {row}"));
        let (numbers, level, _, verdict) = (cell(), cell(), cell(), cell());
        (requirements(numbers), level.parse().unwrap(), verdict)
    })
}

/// Reads `1.2.3` or, for a range, `1.2.3–5`.
fn requirements(text: &str) -> Vec<String> {
    let (first, last) = text.split_once('–').unwrap_or((text, ""));
    let (section, first) = first.rsplit_once('.').unwrap();
    let first: u32 = first.parse().unwrap();
    let last = last.parse().unwrap_or(first);
    (first..=last)
        .map(|number| format!("{section}.{number}"))
        .collect()
}

#[test]
fn every_named_test_exists() {
    let mut count = 0;
    for document in ["docs/security.md", "docs/asvs.md"] {
        let text = read(document);
        let named = text.split('`').filter_map(|code| code.split_once(": "));
        for (path, names) in named.filter(|(path, _)| path.contains('/') && !path.contains(' ')) {
            let source = read(path);
            // Functions in Rust, otherwise one title with its quotes.
            let wanted: Vec<_> = match path.ends_with(".rs") {
                true => names.split(", ").map(|name| format!("fn {name}(")).collect(),
                false => vec![names.to_owned()],
            };
            for name in &wanted {
                assert!(source.contains(name), "{document}: {path} has no {name}");
            }
            count += wanted.len();
        }
    }
    assert!(count > 100, "only {count} tests are named");
}

#[test]
fn every_requirement_has_a_verdict() {
    let asvs = read("docs/asvs.md");
    let found: Vec<_> = rows(&asvs).flat_map(|(requirements, ..)| requirements).collect();
    let mut expected = Vec::new();
    for (chapter, sections) in (1..).zip(SECTIONS) {
        for (section, count) in (1..).zip(sections) {
            expected.extend((1..=*count).map(|number| format!("{chapter}.{section}.{number}")));
        }
    }
    let difference = expected
        .iter()
        .zip(&found)
        .find(|(expected, found)| expected != found);
    assert_eq!(
        difference, None,
        "the first requirement that is missing or out of order"
    );
    assert_eq!(found.len(), expected.len());
}

#[test]
fn the_summary_says_what_the_tables_say() {
    let (security, asvs) = (read("docs/security.md"), read("docs/asvs.md"));
    let (_, missing) = security.split_once("\n## What is missing\n").unwrap();
    let (missing, _) = missing.split_once("\n## ").unwrap();
    let missing: Vec<_> = missing.split(|c: char| !c.is_ascii_digit() && c != '.').collect();
    let mut counts = BTreeMap::from(VERDICTS.map(|verdict| (verdict, [0; 3])));
    for (requirements, level, verdict) in rows(&asvs) {
        let counts = counts
            .get_mut(verdict)
            .unwrap_or_else(|| panic!("{verdict} is no verdict"));
        counts[level - 1] += requirements.len();
        for requirement in requirements {
            let is_listed = missing.contains(&requirement.as_str());
            assert_eq!(
                is_listed,
                verdict == "not met",
                "{requirement} in \"What is missing\""
            );
        }
    }
    for (verdict, [one, two, three]) in counts {
        let line = format!(
            "\n| {verdict} | {one} | {two} | {three} | {} |\n",
            one + two + three
        );
        assert!(security.contains(&line), "docs/security.md lacks the line {line}");
    }
}
