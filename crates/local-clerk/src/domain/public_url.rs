//! Which public URL applies: that of the request, or the last one known.

use url::Url;

use crate::{
    error::{ApiError, Error},
    model::{LastPublicUrl, RedirectUrl, is_web, own_frontend_api},
    store,
};

use super::Context;

impl Context<'_> {
    /// Remembers the public URL of the current request, unless it bypassed the app's proxy.
    pub(crate) fn remember_url(&self) -> Result<(), store::Error> {
        if self.bypassed_proxy() {
            return Ok(());
        }
        let last = self.store.get::<LastPublicUrl>(LastPublicUrl::ID)?;
        if last.is_some_and(|last| last.0 == self.url) {
            return Ok(());
        }
        self.store.put(&LastPublicUrl(self.url.clone()))
    }

    /// Replaces the public URL by the last one remembered, else by that of the configured app.
    pub(crate) fn recall_url(&mut self) -> Result<(), store::Error> {
        let last = self.store.get::<LastPublicUrl>(LastPublicUrl::ID)?;
        if let Some(url) = last.map(|last| last.0).or_else(|| self.app.cloned()) {
            self.url = url;
        }
        Ok(())
    }

    /// Parses the target of a redirect, relative to `base` if there is one. Besides those of [`PublicUrl::parse_redirect`],
    /// the redirect URLs of native apps are allowed.
    pub(crate) fn parse_redirect(&self, base: Option<&Url>, text: &str, param: &str) -> Result<Url, Error> {
        match Url::parse(text) {
            Ok(url) if !is_web(&url) => {
                if self.store.of::<RedirectUrl>(text)?.is_empty() {
                    return Err(ApiError::redirect_url_mismatch(text).into());
                }
                Ok(url)
            }
            _ => Ok(self.url.parse_redirect(base, text, param)?),
        }
    }

    /// Tells whether the request reached this instance directly instead of through an app's proxy.
    pub(crate) fn bypassed_proxy(&self) -> bool {
        self.url.frontend_api == own_frontend_api(self.own)
    }
}
