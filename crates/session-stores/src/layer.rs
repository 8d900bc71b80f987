//! The layer that gives requests sessions.

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderMap, HeaderValue, Request, Response, header};
use tower::{Layer, Service};
use tower_sessions::{
    Expiry, Session,
    cookie::{Cookie, CookieJar, Key, SameSite, time},
    session::Id,
};

use crate::BestEffortStore;

/// The session cookie.
#[derive(Clone)]
pub struct CookieOptions {
    /// The name. Browsers accept `__Host-` only from this host, over HTTPS, so no other site below the same domain can
    /// set the cookie.
    pub name: &'static str,
    /// Whether browsers send it over HTTPS only.
    pub secure: bool,
    /// Signs the cookie.
    pub key: Key,
    /// Earlier keys: cookies that they have signed are accepted.
    pub earlier_keys: Vec<Key>,
    /// How long a session lasts after it was last saved.
    pub inactivity: Duration,
}

/// Gives requests a [`Session`]. As tower-sessions' own layer, with a key that can be replaced, and a removal that
/// browsers accept for a cookie with the prefix `__Host-`. Cheap to clone.
///
/// A visitor gets a cookie and a session in the store once something is stored. A response that reports a failure of the
/// server (5xx) stores nothing. While the store fails, cookies stay as they are.
#[derive(Clone)]
pub struct SessionLayer {
    store: Arc<BestEffortStore>,
    cookie: Arc<CookieOptions>,
}

impl SessionLayer {
    /// Creates a layer.
    #[must_use]
    pub fn new(store: BestEffortStore, cookie: CookieOptions) -> Self {
        Self {
            store: Arc::new(store),
            cookie: Arc::new(cookie),
        }
    }

    fn session(&self, id: Option<Id>) -> Session {
        let inactivity = time::Duration::try_from(self.cookie.inactivity).unwrap_or(time::Duration::MAX);
        Session::new(
            id,
            Arc::clone(&self.store),
            Some(Expiry::OnInactivity(inactivity)),
        )
    }

    /// Returns the cookie to set after a request with this session, if any: none if the store has failed since it had
    /// `failures`, because the session looks empty then, and a new one is not stored.
    async fn cookie_after(&self, session: &Session, had_cookie: bool, failures: u64) -> Option<HeaderValue> {
        let cookie = if session.is_empty().await {
            had_cookie.then(|| self.cookie.removal()).flatten()
        } else if session.is_modified() {
            if let Err(error) = session.save().await {
                tracing::error!(%error, "the session could not be saved");
                return None;
            }
            self.cookie.set(session.id()?)
        } else {
            None
        };
        cookie.filter(|_| self.store.failures() == failures)
    }
}

impl CookieOptions {
    /// Returns the session of a request, if one of the keys has signed its id.
    fn read(&self, headers: &HeaderMap) -> Option<Id> {
        let values = headers.get_all(header::COOKIE).into_iter();
        let mut cookies = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| Cookie::split_parse(value).filter_map(Result::ok))
            .filter(|cookie| cookie.name() == self.name)
            .map(Cookie::into_owned)
            .peekable();
        cookies.peek()?;
        let jar = CookieJar::new();
        cookies.find_map(|cookie| {
            let mut keys = std::iter::once(&self.key).chain(&self.earlier_keys);
            let verified = keys.find_map(|key| jar.signed(key).verify(cookie.clone()))?;
            verified.value().parse().ok()
        })
    }

    fn set(&self, id: Id) -> Option<HeaderValue> {
        let inactivity = time::Duration::try_from(self.inactivity).ok()?;
        let mut jar = CookieJar::new();
        jar.signed_mut(&self.key)
            .add(self.cookie(id.to_string(), inactivity));
        HeaderValue::try_from(jar.get(self.name)?.to_string()).ok()
    }

    fn removal(&self) -> Option<HeaderValue> {
        let cookie = self.cookie(String::new(), time::Duration::ZERO);
        HeaderValue::try_from(cookie.to_string()).ok()
    }

    fn cookie(&self, value: String, max_age: time::Duration) -> Cookie<'static> {
        Cookie::build((self.name, value))
            .http_only(true)
            // Not `Strict`: signing in ends with a navigation from another site.
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .path("/")
            .max_age(max_age)
            .build()
    }
}

impl fmt::Debug for SessionLayer {
    /// Without the keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionLayer")
            .field("store", &self.store)
            .field("cookie", &self.cookie.name)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CookieOptions {
    /// Without the keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CookieOptions")
            .field("name", &self.name)
            .field("secure", &self.secure)
            .field("inactivity", &self.inactivity)
            .finish_non_exhaustive()
    }
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> SessionService<S> {
        SessionService {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`SessionLayer`].
#[derive(Clone, Debug)]
pub struct SessionService<S> {
    inner: S,
    layer: SessionLayer,
}

impl<S, B, R> Service<Request<B>> for SessionService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Send,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The service that is ready handles this request; its clone gets ready for the next one.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let layer = self.layer.clone();
        Box::pin(async move {
            let id = layer.cookie.read(request.headers());
            let session = layer.session(id);
            let failures = layer.store.failures();
            request.extensions_mut().insert(session.clone());
            let mut response = inner.call(request).await?;
            if !response.status().is_server_error()
                && let Some(cookie) = layer.cookie_after(&session, id.is_some(), failures).await
            {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        })
    }
}
