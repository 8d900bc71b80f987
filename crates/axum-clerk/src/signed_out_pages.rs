//! Pages that are the same for every signed-out visitor, rendered once.

mod page;
mod service;

use std::{collections::HashMap, convert::Infallible, fmt, sync::Arc};

use arc_swap::ArcSwap;
use axum::body::{self, Body};
use clerk_auth::{Auth, Clerk, Refusal};
use http::{HeaderMap, Request, Response, StatusCode, Uri, header};
use tower::{Service, ServiceExt};

pub use self::service::{SignedOutPagesFuture, SignedOutPagesLayer, SignedOutPagesService};

use self::page::Page;
use crate::CspNonce;

/// Serves pages that are the same for every signed-out visitor from memory, as they are or compressed with gzip.
/// Rendering and compressing such a page for each visitor costs many times as much.
///
/// The pages may depend on the path, on who is signed in and on the nonce of the Content Security Policy, which is
/// replaced in every response, and on nothing else of the request. Requests of signed-in visitors, with a query or for
/// other paths reach the wrapped service. The pages are rendered at start-up; when something changes that they show, have
/// them rendered again by [`refresh`](Self::refresh).
///
/// ```
/// use axum::{
///     Extension, Router, extract::Request, middleware::map_request, response::Html, routing::get,
/// };
/// use axum_clerk::{Clerk, ClerkLayer, CspNonce, MaybeAuth, SignedOutPages};
///
/// async fn home(MaybeAuth(auth): MaybeAuth, Extension(nonce): Extension<CspNonce>) -> Html<String> {
///     let who = auth.user_id().unwrap_or("stranger");
///     Html(format!("<p>Hello, {who}</p><script nonce=\"{nonce}\">…</script>"))
/// }
///
/// async fn insert_nonce(mut request: Request) -> Request {
///     request.extensions_mut().insert(CspNonce::new());
///     request
/// }
///
/// async fn app(clerk: Clerk) -> Router {
///     let pages = Router::new().route("/", get(home));
///     let signed_out = SignedOutPages::render(&clerk, &["/"], pages.clone()).await;
///     pages
///         .layer(signed_out.layer())
///         .layer(ClerkLayer::new(clerk))
///         .layer(map_request(insert_nonce))
/// }
/// ```
#[derive(Clone, Default)]
pub struct SignedOutPages {
    pages: Arc<ArcSwap<HashMap<&'static str, Arc<Page>>>>,
}

impl SignedOutPages {
    /// Renders the pages at the given paths with the service that serves all others.
    ///
    /// A response other than an HTML document with status 200, or one that sets a cookie, is not kept, and the log
    /// says so: its page is rendered for every request.
    pub async fn render<S>(clerk: &Clerk, paths: &[&'static str], service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    {
        let pages = Self::default();
        pages.refresh(clerk, paths, service).await;
        pages
    }

    /// Renders the pages at the given paths again, or for the first time, and serves them from then on, through every
    /// clone and layer. A page that cannot be kept stays as it was, and the log says so.
    ///
    /// ```
    /// use axum::Router;
    /// use axum_clerk::{Clerk, SignedOutPages};
    ///
    /// async fn prices_have_changed(clerk: &Clerk, kept: &SignedOutPages, pages: Router) {
    ///     kept.refresh(clerk, &["/prices"], pages).await;
    /// }
    /// ```
    pub async fn refresh<S>(&self, clerk: &Clerk, paths: &[&'static str], mut service: S)
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    {
        for &path in paths {
            let Some(page) = render_page(clerk, path, &mut service).await else {
                tracing::warn!(path, "not an HTML page that can be kept for signed-out visitors");
                continue;
            };
            let page = Arc::new(page);
            self.pages.rcu(|pages| {
                let mut pages = HashMap::clone(pages);
                pages.insert(path, Arc::clone(&page));
                pages
            });
        }
    }

    /// Creates the layer that serves the pages. Apply it below [`ClerkLayer`](crate::ClerkLayer) and below what
    /// inserts the [`CspNonce`].
    #[must_use]
    pub fn layer(&self) -> SignedOutPagesLayer {
        SignedOutPagesLayer::new(self.clone())
    }
}

impl fmt::Debug for SignedOutPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.pages.load().keys()).finish()
    }
}

async fn render_page<S>(clerk: &Clerk, path: &'static str, service: &mut S) -> Option<Page>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    let nonce = CspNonce::new();
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::from_static(path);
    let extensions = request.extensions_mut();
    extensions.insert(Auth::signed_out());
    extensions.insert(clerk.clone());
    extensions.insert(Arc::clone(clerk.client_options()));
    extensions.insert(nonce.clone());
    let refusal = Refusal::default();
    extensions.insert(refusal.clone());
    let response = service.ready().await.ok()?.call(request).await.ok()?;
    if response.status() != StatusCode::OK || !is_plain_html(response.headers()) {
        return None;
    }
    let (parts, body) = response.into_parts();
    let html = body::to_bytes(body, usize::MAX).await.ok()?;
    let html = std::str::from_utf8(&html).ok()?;
    // Its visitors are redirected to the sign-in page.
    if refusal.denied().is_some() {
        return None;
    }
    let pieces: Vec<_> = html.split(nonce.as_str()).collect();
    Some(Page::new(&pieces, parts.headers))
}

fn is_plain_html(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
        && !headers.contains_key(header::SET_COOKIE)
        && !headers.contains_key(header::CONTENT_ENCODING)
}
