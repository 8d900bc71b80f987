//! The server has no `window.Clerk`.

pub(crate) fn sign_out() {}

pub(crate) async fn get_token() -> Option<String> {
    None
}

pub(crate) const fn open(_method: &str) -> bool {
    false
}
