//! Redirects to the sign-in and sign-up pages.

use url::{Position, Url, form_urlencoded};

use crate::backend::{
    config::hosts,
    request::{Context, url_query},
};

/// Builds the redirects of one request to the sign-in and sign-up pages.
#[derive(Clone)]
pub struct Redirect {
    base_url: Url,
    sign_in_url: Option<String>,
    sign_up_url: Option<String>,
    accounts_base_url: String,
    is_satellite: bool,
    /// Only in development, where another origin needs it.
    dev_browser_token: Option<String>,
    pub(crate) is_pending: bool,
}

impl std::fmt::Debug for Redirect {
    /// Omits the browser token and the query, which may contain other tokens.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redirect")
            .field("path", &self.base_url.path())
            .finish_non_exhaustive()
    }
}

impl Redirect {
    pub(crate) fn new(context: &Context<'_>) -> Self {
        let options = &context.configuration.options;
        Self {
            base_url: context.clerk_url.clone(),
            sign_in_url: options.sign_in_url.clone(),
            sign_up_url: options.sign_up_url.clone(),
            accounts_base_url: hosts::accounts_base_url(context.configuration.key.frontend_api()),
            is_satellite: options.is_satellite,
            dev_browser_token: context
                .dev_browser_token
                .clone()
                .filter(|_| context.is_development()),
            is_pending: false,
        }
    }

    /// The URL of the sign-in page, which returns to `return_back_url` (relative to this request) afterwards.
    /// A pending session is sent to its tasks.
    ///
    /// # Errors
    ///
    /// `return_back_url` or the configured URL is not a valid URL.
    pub fn to_sign_in(&self, return_back_url: Option<&str>) -> Result<Url, url::ParseError> {
        let target = match &self.sign_in_url {
            Some(url) => self.base_url.join(url)?,
            None => Url::parse(&format!("{}/sign-in", self.accounts_base_url))?,
        };
        self.build(target, return_back_url)
    }

    /// The URL of the sign-up page; by default `/create` below a configured sign-in page.
    ///
    /// # Errors
    ///
    /// As [`to_sign_in`](Self::to_sign_in).
    pub fn to_sign_up(&self, return_back_url: Option<&str>) -> Result<Url, url::ParseError> {
        let target = match (&self.sign_up_url, &self.sign_in_url) {
            (Some(url), _) => self.base_url.join(url)?,
            (None, Some(url)) => below(self.base_url.join(url)?, "create"),
            (None, None) => Url::parse(&format!("{}/sign-up", self.accounts_base_url))?,
        };
        self.build(target, return_back_url)
    }

    /// The URL of the sign-in page, which returns to the requested page afterwards.
    ///
    /// # Errors
    ///
    /// As [`to_sign_in`](Self::to_sign_in).
    pub fn to_sign_in_and_back(&self) -> Result<Url, url::ParseError> {
        self.to_sign_in(Some(self.base_url.as_str()))
    }

    /// The `Location` of a redirect to the sign-in page, which returns to the requested page afterwards. If
    /// the sign-in page is a path of this application, the location is a path too, and forwarded headers have
    /// no influence on it.
    #[must_use]
    pub fn sign_in_location(&self) -> String {
        let Ok(url) = self.to_sign_in_and_back() else {
            let portal = || format!("{}/sign-in", self.accounts_base_url);
            return self.sign_in_url.clone().unwrap_or_else(portal);
        };
        if !self
            .sign_in_url
            .as_deref()
            .is_some_and(|url| url.starts_with('/'))
        {
            return url.into();
        }
        // Browsers treat `//host` as another host.
        let back = &self.base_url[Position::BeforePath..Position::AfterQuery];
        let back = format!("/{}", back.trim_start_matches('/'));
        let others = url.query_pairs().filter(|(name, _)| name != "redirect_url");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(others)
            .append_pair("redirect_url", &back)
            .finish();
        format!("{}?{query}", url.path())
    }

    /// The same redirects, but returning to another page of this origin: for the answer to a form, the page that has it,
    /// which `Referer` names. To the home page if the URL is of another origin.
    #[must_use]
    pub fn returning_to(&self, page: Option<&str>) -> Self {
        let page = page.and_then(|page| Url::parse(page).ok());
        let home = || self.base_url.join("/").unwrap_or_else(|_| self.base_url.clone());
        Self {
            base_url: page
                .filter(|page| page.origin() == self.base_url.origin())
                .unwrap_or_else(home),
            ..self.clone()
        }
    }

    fn build(&self, target: Url, return_back_url: Option<&str>) -> Result<Url, url::ParseError> {
        let mut url = if self.is_pending {
            below(target, "tasks")
        } else {
            target
        };
        let place = |url: &Url| (url.host_str().map(str::to_owned), url.port());
        let is_cross_origin = place(&self.base_url) != place(&url);
        if let Some(return_back_url) = return_back_url {
            let mut return_back_url = self.base_url.join(return_back_url)?;
            if is_cross_origin && self.is_satellite {
                url_query::set(&mut return_back_url, "__clerk_synced", "false");
            }
            url_query::set(&mut url, "redirect_url", return_back_url.as_str());
        }
        if let Some(token) = self.dev_browser_token.as_deref().filter(|_| is_cross_origin) {
            url_query::set(&mut url, "__clerk_db_jwt", token);
        }
        Ok(url)
    }
}

/// Appends a segment to the path.
fn below(mut url: Url, segment: &str) -> Url {
    let path = format!("{}/{segment}", url.path());
    url.set_path(&path);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirect() -> Redirect {
        Redirect {
            base_url: Url::parse("http://app.test/profile?tab=1").unwrap(),
            sign_in_url: None,
            sign_up_url: None,
            accounts_base_url: "https://accounts.app.test".to_owned(),
            is_satellite: false,
            dev_browser_token: None,
            is_pending: false,
        }
    }

    const BACK: &str = "redirect_url=http%3A%2F%2Fapp.test%2Fprofile%3Ftab%3D1";

    #[test]
    fn the_account_portal_is_the_default() {
        assert_eq!(
            redirect().to_sign_in_and_back().unwrap().as_str(),
            format!("https://accounts.app.test/sign-in?{BACK}")
        );
        assert_eq!(
            redirect().to_sign_up(None).unwrap().as_str(),
            "https://accounts.app.test/sign-up"
        );
    }

    #[test]
    fn pages_may_be_paths() {
        let redirect = Redirect {
            sign_in_url: Some("/sign-in?x=1".to_owned()),
            dev_browser_token: Some("db".to_owned()),
            ..redirect()
        };
        assert_eq!(
            redirect.to_sign_in_and_back().unwrap().as_str(),
            format!("http://app.test/sign-in?x=1&{BACK}")
        );
        assert_eq!(
            redirect.to_sign_up(None).unwrap().as_str(),
            "http://app.test/sign-in/create?x=1"
        );
        let redirect = Redirect {
            sign_up_url: Some("/join".to_owned()),
            ..redirect
        };
        assert_eq!(
            redirect.to_sign_up(None).unwrap().as_str(),
            "http://app.test/join"
        );
    }

    #[test]
    fn another_origin_receives_the_browser_token_and_satellites_request_syncing() {
        let redirect = Redirect {
            sign_in_url: Some("https://primary.test/sign-in".to_owned()),
            is_satellite: true,
            dev_browser_token: Some("db".to_owned()),
            ..redirect()
        };
        assert_eq!(
            redirect.to_sign_in(Some("/x")).unwrap().as_str(),
            "https://primary.test/sign-in?redirect_url=http%3A%2F%2Fapp.test%2Fx%3F__clerk_synced%3Dfalse&__clerk_db_jwt=db"
        );
    }

    #[test]
    fn pending_sessions_are_sent_to_their_tasks() {
        let redirect = Redirect {
            sign_in_url: Some("/sign-in?x=1".to_owned()),
            is_pending: true,
            ..redirect()
        };
        assert_eq!(
            redirect.to_sign_in(None).unwrap().as_str(),
            "http://app.test/sign-in/tasks?x=1"
        );
    }

    #[test]
    fn the_location_of_a_local_page_has_no_host() {
        let sign_in_url = Some("/sign-in?x=1".to_owned());
        let location = |base: &str| {
            Redirect {
                base_url: Url::parse(base).unwrap(),
                sign_in_url: sign_in_url.clone(),
                ..redirect()
            }
            .sign_in_location()
        };
        assert_eq!(
            location("http://app.test/profile?tab=1"),
            "/sign-in?x=1&redirect_url=%2Fprofile%3Ftab%3D1"
        );
        for base in [
            "http://app.test//evil.example",
            "http://app.test/\\\\evil.example",
        ] {
            assert_eq!(
                location(base),
                "/sign-in?x=1&redirect_url=%2Fevil.example",
                "{base}"
            );
        }
        assert_eq!(
            redirect().sign_in_location(),
            format!("https://accounts.app.test/sign-in?{BACK}")
        );
    }
}
