use std::{ffi::OsString, fs};

use leptos_with_clerk::config::Environment;

use crate::support::TempDir;

#[test]
fn a_malformed_line_is_reported_by_number_and_not_shown() {
    let text = "# keys\nAPP_URL=http://localhost:5001\nCLERK_SECRET_KEY 'sk_test_secret\n";
    let directory = TempDir::new();
    fs::write(directory.path().join(".env"), text).unwrap();
    let errors = Environment::load(directory.path()).unwrap_err();
    assert_eq!(errors.len(), 1);
    let shown = errors[0].to_string();
    assert!(shown.starts_with(".env line 3 "), "{shown}");
    assert!(!shown.contains("sk_test_secret"), "{shown}");
}

#[test]
fn the_process_takes_precedence_and_an_empty_value_counts_as_unset() {
    let process = [
        ("APP_URL", "http://real"),
        ("PATH", "/bin"),
        ("SESSION_STORE", " "),
    ];
    let process = process.map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let dotenv = "APP_URL=http://file\nCLERK_PUBLISHABLE_KYE=x\nLOCAL_CLERK=off\n";
    let environment = Environment::parse(process, dotenv).unwrap();
    assert_eq!(environment.get("APP_URL"), Some("http://real"));
    assert_eq!(environment.get("LOCAL_CLERK"), Some("off"));
    assert_eq!(environment.get("SESSION_STORE"), None);
    assert_eq!(
        environment.unknown().collect::<Vec<_>>(),
        ["CLERK_PUBLISHABLE_KYE"]
    );
}

#[test]
fn values_never_appear_in_debug_output() {
    let environment: Environment = [("CLERK_SECRET_KEY", "sk_test_secret")].into_iter().collect();
    assert!(!format!("{environment:?}").contains("sk_test_secret"));
}
