//! The authorization endpoint, to which an OAuth application sends a user's browser.

use http::{StatusCode, header};
use maud::{DOCTYPE, html};
use url::{Url, form_urlencoded};

use crate::{
    domain::{Context, oauth_provider::OauthRequest},
    error::{Error, OauthError},
    frontend_api::browser,
    http::{Params, Reply, Request, cookies::DEV_BROWSER},
    id,
    keys::Instance,
    model::{Client, DEFAULT_SCOPES, OauthApplication, Session, parse_scopes},
};

/// The parameters that survive signing in and the consent screen.
const PARAMS: [&str; 10] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "prompt",
    "code_challenge",
    "code_challenge_method",
    "response_mode",
    "nonce",
];

/// The shortest `state` that protects from forged requests.
const MIN_STATE_LENGTH: usize = 8;

/// Where the browser takes the result to. It has been registered, so that errors may be reported there too.
struct Target {
    uri: String,
    state: Option<String>,
    is_form_post: bool,
}

/// An authorization request.
pub(super) struct Authorization {
    target: Target,
    prompt: Vec<String>,
    pub(super) request: OauthRequest,
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    authorize(cx, request, &request.query)
}

pub(super) fn post(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    authorize(cx, request, &request.body)
}

fn authorize(cx: &Context<'_>, request: &Request, params: &Params) -> Result<Reply, Error> {
    let authorization = match read(cx, params.filled("client_id"), params)? {
        Ok(authorization) => authorization,
        Err(refusal) => return Ok(refusal),
    };
    let asks_for = |prompt: &str| authorization.prompt.iter().any(|asked| asked == prompt);
    let mut client = browser::arriving_client(cx, request)?;
    if asks_for("login")
        && let Some(client) = &mut client
    {
        cx.sign_out(client)?;
    }
    let Some(session) = client
        .map(|client| usable_session(cx, &client))
        .transpose()?
        .flatten()
    else {
        if asks_for("none") {
            return Ok(authorization.refuse("login_required", "Nobody is signed in."));
        }
        let again = query(params, |name| name != "prompt" || !asks_for("login"));
        let again = format!("{}/oauth/authorize?{again}", cx.url.frontend_api);
        return Ok(to_portal(cx, request, "sign-in", &[("redirect_url", again)]));
    };
    let OauthRequest { application, .. } = &authorization.request;
    let needs_consent = application.consent_screen_enabled
        && (asks_for("consent") || !cx.has_consented(&authorization.request, &session.user_id)?);
    if !needs_consent {
        return authorization.grant(cx, &session, None);
    }
    if asks_for("none") {
        return Ok(authorization.refuse("consent_required", "The user has not consented yet."));
    }
    // Clerk's component reads the first two, which may be missing in the request.
    let mut all = vec![
        ("redirect_uri", authorization.target.uri.clone()),
        ("scope", authorization.request.scopes.join(" ")),
    ];
    let given = PARAMS
        .iter()
        .filter(|name| !["redirect_uri", "scope", "prompt"].contains(name));
    all.extend(given.filter_map(|name| Some((*name, params.text(name)?.to_owned()))));
    Ok(to_portal(cx, request, "oauth-consent", &all))
}

/// Returns the session that the browser acts in, if the user has no open tasks.
fn usable_session(cx: &Context<'_>, client: &Client) -> Result<Option<Session>, Error> {
    let sessions = cx.sessions_of(client)?;
    let last = client.last_active_session_id.as_ref();
    let session = sessions
        .into_iter()
        .map(|(session, _)| session)
        .find(|session| Some(&session.id) == last);
    match session {
        Some(session) if cx.tasks(&session)?.is_empty() => Ok(Some(session)),
        _ => Ok(None),
    }
}

/// Redirects to a page of the account portal. If it has another host than this endpoint, a browser of a development
/// instance has to take its identity there.
fn to_portal(cx: &Context<'_>, request: &Request, page: &str, params: &[(&str, String)]) -> Reply {
    let portal = cx.url.account_portal(cx.own);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(params);
    if cx.keys.instance == Instance::Development
        && host(&portal) != host(&cx.url.frontend_api)
        && let Some(token) = browser::dev_browser_cookie(cx, request)
    {
        query.append_pair(DEV_BROWSER, &token);
    }
    see_other(&format!("{portal}/{page}?{}", query.finish()))
}

fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(str::to_owned)
}

fn see_other(target: &str) -> Reply {
    Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, target)
}

/// The parameters of an authorization request as a query.
fn query(params: &Params, is_kept: impl Fn(&str) -> bool) -> String {
    let kept = PARAMS.iter().filter(|name| is_kept(name));
    let pairs = kept.filter_map(|name| Some((*name, params.text(name)?)));
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// Reads an authorization request, or returns the redirect that tells the application what is wrong with it.
///
/// # Errors
/// If the application is unknown, or the redirect URI is not one of its own: then the browser must not be redirected.
pub(super) fn read(
    cx: &Context<'_>,
    client_id: Option<&str>,
    params: &Params,
) -> Result<Result<Authorization, Reply>, Error> {
    super::check_not_repeated(params)?;
    let client_id = client_id.ok_or_else(|| OauthError::missing("client_id"))?;
    let application = cx.oauth_application(client_id)?;
    let application = application.ok_or_else(|| OauthError::invalid_client("The client is unknown."))?;
    let target = Target {
        uri: redirect_uri(&application, params.filled("redirect_uri"))?,
        state: params.filled("state").map(str::to_owned),
        is_form_post: params.filled("response_mode") == Some("form_post"),
    };
    Ok(match check(cx, application, &target, params) {
        Ok((prompt, request)) => Ok(Authorization {
            target,
            prompt,
            request,
        }),
        Err(Error::Oauth(error)) => Err(target.error(&error)),
        Err(error) => return Err(error),
    })
}

/// Returns the redirect URI, which must be registered as it is written.
fn redirect_uri(application: &OauthApplication, given: Option<&str>) -> Result<String, OauthError> {
    let registered = &application.redirect_uris;
    match (given, registered.as_slice()) {
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(OauthError::missing("redirect_uri")),
        (Some(given), _) if registered.iter().any(|uri| uri == given) => Ok(given.to_owned()),
        (Some(given), _) => {
            let message = format!("The redirect_uri {given} is not registered for the application.");
            Err(OauthError::invalid_request(message))
        }
    }
}

/// Checks everything that the application can be told about. Returns the prompts, and what it asks for.
fn check(
    cx: &Context<'_>,
    application: OauthApplication,
    target: &Target,
    params: &Params,
) -> Result<(Vec<String>, OauthRequest), Error> {
    let invalid = |message: &str| Err(OauthError::invalid_request(message).into());
    match params.filled("response_type") {
        Some("code") => {}
        None => return Err(OauthError::missing("response_type").into()),
        Some(_) => {
            let message = "The response_type must be code.";
            return Err(OauthError::new("unsupported_response_type", message).into());
        }
    }
    if !matches!(params.filled("response_mode"), None | Some("query" | "form_post")) {
        return invalid("The response_mode must be query or form_post.");
    }
    let challenge = params.filled("code_challenge");
    match (challenge, params.filled("code_challenge_method")) {
        (None, None) if application.needs_pkce() => {
            return invalid("The application has to use PKCE: code_challenge is missing.");
        }
        (None, Some(_)) => return invalid("There is a code_challenge_method without a code_challenge."),
        (Some(_), method) if method != Some("S256") => {
            return invalid("The code_challenge_method must be S256.");
        }
        (Some(challenge), _) if !is_challenge(challenge) => {
            return invalid("The code_challenge must be the Base64url of a SHA-256.");
        }
        _ => {}
    }
    match &target.state {
        Some(state) if state.len() < MIN_STATE_LENGTH => {
            return invalid("The state must have at least 8 characters.");
        }
        None if challenge.is_none() => return invalid("Without PKCE, state is required."),
        _ => {}
    }
    let words = params
        .filled("prompt")
        .unwrap_or_default()
        .split_ascii_whitespace();
    let prompt: Vec<String> = words.map(str::to_owned).collect();
    if prompt
        .iter()
        .any(|prompt| !["none", "login", "consent"].contains(&prompt.as_str()))
        || prompt.len() > 1 && prompt.iter().any(|prompt| prompt == "none")
    {
        return invalid("The prompt must be none alone, or login, consent or both.");
    }
    let scopes = match params.filled("scope") {
        Some(text) => parse_scopes(text).map_err(|scope| OauthError::invalid_scope(&scope))?,
        None => {
            let defaults = cx.settings()?.default_scopes(&DEFAULT_SCOPES).into_iter();
            defaults
                .filter(|scope| application.scopes.contains(scope))
                .collect()
        }
    };
    let has_organizations = cx.settings()?.organizations;
    if let Some(scope) = scopes
        .iter()
        .find(|scope| !application.scopes.contains(scope) || *scope == "user:org:read" && !has_organizations)
    {
        return Err(OauthError::invalid_scope(scope).into());
    }
    let request = OauthRequest {
        redirect_uri: target.uri.clone(),
        scopes,
        nonce: params.filled("nonce").map(str::to_owned),
        code_challenge: challenge.map(str::to_owned),
        application,
    };
    Ok((prompt, request))
}

fn is_challenge(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == 43 && text.bytes().all(is_allowed)
}

impl Authorization {
    /// Grants the request, and takes the code to the application.
    pub(super) fn grant(
        &self,
        cx: &Context<'_>,
        session: &Session,
        organization_id: Option<&str>,
    ) -> Result<Reply, Error> {
        let code = cx.grant_to_application(&self.request, session, organization_id)?;
        Ok(self.target.reply(&[("code", &code)]))
    }

    pub(super) fn refuse(&self, code: &'static str, description: &str) -> Reply {
        self.target.error(&OauthError::new(code, description))
    }
}

impl Target {
    fn error(&self, error: &OauthError) -> Reply {
        self.reply(&[("error", error.code), ("error_description", &error.description)])
    }

    /// Takes a result to the application: in the query of a redirect, or in a form.
    fn reply(&self, result: &[(&str, &str)]) -> Reply {
        let state = self.state.as_deref().map(|state| ("state", state));
        let fields: Vec<(&str, &str)> = result.iter().copied().chain(state).collect();
        if self.is_form_post {
            return form(&self.uri, &fields);
        }
        match Url::parse(&self.uri) {
            Ok(mut url) => {
                url.query_pairs_mut().extend_pairs(fields);
                see_other(url.as_str())
            }
            Err(error) => OauthError::invalid_request(error.to_string()).into(),
        }
    }
}

/// A page that submits a form by itself (OAuth 2.0 Form Post Response Mode).
fn form(action: &str, fields: &[(&str, &str)]) -> Reply {
    let nonce = id::secret();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Back to the application" }
            }
            body {
                form method="post" action=(action) {
                    @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                    noscript { button { "Continue" } }
                }
                script nonce=(nonce) { "document.forms[0].submit()" }
            }
        }
    };
    let policy =
        format!("default-src 'none'; script-src 'nonce-{nonce}'; frame-ancestors 'none'; base-uri 'none'");
    Reply::bytes("text/html; charset=utf-8", page.into_string())
        .with_header(header::CONTENT_SECURITY_POLICY, &policy)
        .with_header(header::REFERRER_POLICY, "no-referrer")
}
