use super::super::{backend_api, frontend_api};

#[test]
fn every_endpoint_is_in_the_documentation() {
    let documentation = include_str!("../../docs/local-clerk.md");
    for (method, path, _) in frontend_api::ROUTES
        .iter()
        .chain(backend_api::ROUTES)
        .chain(backend_api::MACHINE_ROUTES)
    {
        let row = documentation
            .lines()
            .find(|line| line.starts_with(&format!("| `{path}` |")) && line.contains(method.as_str()));
        assert!(row.is_some(), "{method} {path}");
    }
}
