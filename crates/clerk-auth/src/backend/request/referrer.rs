//! The referrer: another site may be a satellite on which the visitor signed in or out.

use url::Url;

use super::context::Context;
use crate::backend::config::hosts;

/// Whether the referrer is on another origin and is not one of Clerk's own pages for this instance.
pub(crate) fn is_foreign(context: &Context<'_>) -> bool {
    let Some(referrer) = context.referrer.as_deref().and_then(|text| Url::parse(text).ok()) else {
        return false;
    };
    let origin = |url: &Url| url.origin().ascii_serialization();
    origin(&referrer) != origin(&context.clerk_url) && !is_clerk(&referrer, context)
}

/// Whether this is the Frontend API, the instance's Account Portal or, in development, any Account Portal.
fn is_clerk(referrer: &Url, context: &Context<'_>) -> bool {
    let host = referrer.host_str().unwrap_or_default();
    let is_frontend_api = if context.frontend_api.starts_with("http") {
        Url::parse(&context.frontend_api).is_ok_and(|url| url.host_str() == Some(host))
    } else {
        host == context.frontend_api
    };
    is_frontend_api
        || context.is_development() && hosts::is_development_account_portal(host)
        || Url::parse(&hosts::accounts_base_url(&context.frontend_api))
            .is_ok_and(|url| url.origin().ascii_serialization() == referrer.origin().ascii_serialization())
}
