use std::collections::BTreeSet;

use serde_json::Value;

use super::super::{backend_api, emulate, frontend_api};

#[test]
fn every_endpoint_is_in_the_documentation() {
    let documentation = include_str!("../../docs/local-clerk.md");
    for (method, path, _) in frontend_api::ROUTES
        .iter()
        .chain(frontend_api::provider::ROUTES)
        .chain(backend_api::ROUTES)
        .chain(backend_api::MACHINE_ROUTES)
    {
        let row = documentation
            .lines()
            .find(|line| line.starts_with(&format!("| `{path}` |")) && line.contains(method.as_str()));
        assert!(row.is_some(), "{method} {path}");
    }
}

#[test]
fn the_control_endpoints_are_documented_and_described() {
    let documentation = include_str!("../../docs/local-clerk.md");
    let description: Value = serde_json::from_str(include_str!("../emulate/openapi.json")).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().keys();
        described.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let mut routes = BTreeSet::new();
    for (method, path, _) in emulate::OPEN_ROUTES.iter().chain(emulate::ROUTES) {
        let route = format!("{method} {}{path}", emulate::MOUNT);
        assert!(documentation.contains(&format!("| `{route}")), "{route}");
        routes.insert(route);
    }
    assert_eq!(described, routes);
}
