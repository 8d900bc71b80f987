//! How the steps of a component show in the address.

/// The properties for a component whose steps are paths below `path`. Where there is no such path, the steps are in the
/// fragment of the URL.
pub(super) fn routing(path: String) -> Vec<(&'static str, String)> {
    if path.starts_with('/') {
        vec![("routing", "path".to_owned()), ("path", path)]
    } else {
        vec![("routing", "hash".to_owned())]
    }
}
