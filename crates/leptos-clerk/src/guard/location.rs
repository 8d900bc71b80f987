//! Addresses of the sign-in page.

/// Whether a URL is a path of this app.
pub(super) fn is_path(url: &str) -> bool {
    url.starts_with('/') && !url.starts_with("//")
}

/// The sign-in page with the address to return to, which is percent-encoded already.
pub(super) fn sign_in_location(sign_in_url: &str, return_to: &str) -> String {
    let separator = if sign_in_url.contains('?') { "&" } else { "?" };
    [sign_in_url, separator, "redirect_url=", return_to].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_return_address_is_added_to_the_query() {
        assert_eq!(
            sign_in_location("/sign-in", "%2Fprofile"),
            "/sign-in?redirect_url=%2Fprofile"
        );
        assert_eq!(
            sign_in_location("https://accounts.example/sign-in?theme=dark", "%2Fprofile"),
            "https://accounts.example/sign-in?theme=dark&redirect_url=%2Fprofile"
        );
    }

    #[test]
    fn paths_of_this_app_have_one_slash_in_front() {
        assert!(is_path("/sign-in"));
        assert!(!is_path("https://accounts.example/sign-in"));
        assert!(!is_path("//accounts.example/sign-in"));
    }
}
