//! Any `.env` file is a configuration, or every mistake in it is one line that names a variable.
#![no_main]

use leptos_with_clerk::config::{Config, Environment, variables};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (errors, unknown) = match Environment::parse([], &text) {
        Err(errors) => (errors, Vec::new()),
        Ok(environment) => {
            let unknown = environment.unknown().map(str::to_owned).collect();
            (
                Config::read(&environment, true).err().unwrap_or_default(),
                unknown,
            )
        }
    };
    for error in errors {
        let error = error.to_string();
        let name = error.split(' ').next().unwrap_or_default();
        let is_named = name == ".env" || variables().any(|known| known == name);
        assert!(
            is_named || unknown.iter().any(|unknown| unknown == name),
            "{error}"
        );
        assert!(!error.contains('\n'), "{error}");
    }
});
