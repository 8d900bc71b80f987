use std::{collections::BTreeSet, ffi::OsString, fs};

use leptos_with_clerk::config::{Config, Environment, variables};

use crate::{configuration::key, support::TempDir};

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

/// Every name that differs from `name` by one letter that is missing, superfluous, wrong or swapped with the next,
/// unless it is a variable too.
fn misspelt(name: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for at in 0..name.len() {
        let (before, after) = name.split_at(at);
        let (letter, rest) = after.split_at(1);
        names.insert(format!("{before}{rest}"));
        names.insert(format!("{before}{letter}{letter}{rest}"));
        names.insert(format!("{before}X{rest}"));
        if let Some(next) = rest.get(..1) {
            names.insert(format!("{before}{next}{letter}{}", &rest[1..]));
        }
    }
    names.retain(|name| !variables().any(|variable| variable == name));
    names
}

/// The environment of a process with this variable and the rest, and what the program makes of it.
fn configure(name: &str, rest: &[(&str, &str)]) -> (Environment, Result<Config, Vec<String>>) {
    let pairs = rest.iter().copied().chain([(name, "sk_live_0123456789")]);
    let process = pairs.map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let environment = Environment::parse(process, "").unwrap();
    let config = Config::read(&environment, true);
    let config = config.map_err(|errors| errors.iter().map(ToString::to_string).collect());
    (environment, config)
}

#[test]
fn a_misspelt_variable_of_clerk_stops_the_automatic_local_clerk() {
    let of_clerk = variables().filter(|name| name.contains("CLERK"));
    let names = of_clerk.flat_map(misspelt).chain([
        "CLERK_PUBLISHABEL_KEY".to_owned(),
        "CLERK_KEY".to_owned(),
        "CLERK_API_KEY".to_owned(),
        "LOCAL_CLERK_PORT".to_owned(),
    ]);
    for name in names {
        let (environment, config) = configure(&name, &[]);
        assert_eq!(environment.unknown().collect::<Vec<_>>(), [&name]);
        let errors = config.unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(
            errors[0].starts_with(&format!("{name} is not a known variable")),
            "{errors:?}"
        );
        assert!(!errors[0].contains("0123456789"), "{errors:?}");
    }
}

#[test]
fn a_misspelt_variable_in_the_env_file_stops_it_too_and_an_empty_one_does_not() {
    let read = |dotenv| Config::read(&Environment::parse([], dotenv).unwrap(), true);
    assert!(read("CLERK_PUBLISHABEL_KEY=pk_live_x").is_err());
    assert!(read("CLERK_PUBLISHABEL_KEY=").is_ok());
}

#[cfg(unix)]
#[test]
fn a_misspelt_variable_that_is_not_utf_8_is_noticed() {
    use std::os::unix::ffi::OsStringExt;

    let value = OsString::from_vec(vec![b's', 0xff]);
    let environment = Environment::parse([(OsString::from("CLERK_SECRET_KYE"), value)], "").unwrap();
    assert!(Config::read(&environment, true).is_err());
}

#[test]
fn a_misspelt_variable_of_clerk_does_not_stop_what_was_asked_for() {
    let key = key("test", "app-1.clerk.accounts.dev");
    let keys = [
        ("CLERK_PUBLISHABLE_KEY", key.as_str()),
        ("CLERK_SECRET_KEY", "sk_test_0123456789"),
    ];
    for rest in [&[("LOCAL_CLERK", "on")][..], &keys] {
        let (environment, config) = configure("CLERK_AUTHORISED_PARTIES", rest);
        config.unwrap();
        assert_eq!(
            environment.unknown().collect::<Vec<_>>(),
            ["CLERK_AUTHORISED_PARTIES"]
        );
    }
}

#[test]
fn variables_of_clerks_own_tools_are_left_alone() {
    for name in [
        "CLERK_AFTER_SIGN_IN_URL",
        "CLERK_ENCRYPTION_KEY",
        "CLERK_FAPI",
        "CLERK_FRONTEND_API",
        "CLERK_PLATFORM_API_KEY",
        "CLERK_TELEMETRY_DEBUG",
        "CLERK_TESTING_TOKEN",
        "LOCAL_CLERK_APP_URL",
    ] {
        let (environment, config) = configure(name, &[]);
        assert_eq!(environment.unknown().count(), 0, "{name}");
        config.unwrap();
    }
}

#[test]
fn misspelt_variables_of_the_app_are_noticed_and_those_of_other_programs_are_not() {
    let has_prefix = |name: &str| name.starts_with("APP_") || name.starts_with("SESSION_");
    let of_app = variables().filter(|name| has_prefix(name));
    let names = of_app.flat_map(misspelt).filter(|name| has_prefix(name));
    for name in names.chain(["APP_URI".to_owned(), "SESSION_SECERT".to_owned()]) {
        let (environment, config) = configure(&name, &[]);
        assert_eq!(environment.unknown().collect::<Vec<_>>(), [&name]);
        config.unwrap();
    }
    for name in [
        "APP_ENV",
        "APP_NAME",
        "SESSION_MANAGER",
        "SESSION_TOKEN",
        "API_URL",
        "PATH",
    ] {
        let (environment, config) = configure(name, &[]);
        assert_eq!(environment.unknown().count(), 0, "{name}");
        config.unwrap();
    }
}
