//! The page at which a social connection asks who somebody is. It stands in for every provider.

use aws_lc_rs::digest;
use http::{Method, StatusCode, header};
use url::Url;

use crate::{
    dashboard::{escape, fill},
    domain::{Context, identifiers::parse_email_address, social},
    error::{ApiError, Error},
    http::{Reply, Request, Route},
    id,
    model::{Grant, Identity, OauthFlow, User},
};

/// Below the Frontend API, where the browser of an app on another machine finds them too.
pub(crate) const ROUTES: &[Route] = &[
    (Method::GET, social::PROVIDER_PATH, ask),
    (Method::POST, social::PROVIDER_PATH, decide),
    (Method::GET, social::LOGO_PATH, logo),
];

const TEMPLATE: &str = include_str!("consent/page.html");
const ACCOUNT: &str = include_str!("consent/account.html");
const STYLE: &str = include_str!("consent/page.css");
const LOGO: &str = include_str!("consent/logo.svg");

fn ask(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let flow = pending_flow(cx, request.query.text("state"))?;
    page(cx, request, &flow, "")
}

/// Sends the browser back with a code for what was allowed, or with what was not.
fn decide(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut flow = pending_flow(cx, request.body.text("state"))?;
    let answer = if request.body.text("decision") == Some("allow") {
        match identity(request, &flow.strategy) {
            Ok(identity) => {
                let code = id::secret();
                flow.grant = Some(Grant {
                    code: code.clone(),
                    identity,
                });
                cx.store.put(&flow)?;
                ("code", code)
            }
            Err(_) => {
                let why = "Enter an e-mail address, such as jane@example.com.";
                return Ok(page(cx, request, &flow, why)?.with_status(StatusCode::UNPROCESSABLE_ENTITY));
            }
        }
    } else {
        ("error", "access_denied".to_owned())
    };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("state", &flow.state)
        .append_pair(answer.0, &answer.1)
        .finish();
    let target = format!("{}?{query}", flow.callback_url);
    Ok(Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, &target))
}

fn logo(_: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Ok(Reply::bytes("image/svg+xml", LOGO).replacing_header(header::CACHE_CONTROL, "public, max-age=3600"))
}

fn pending_flow(cx: &Context<'_>, state: Option<&str>) -> Result<OauthFlow, Error> {
    let flow = cx.store.get::<OauthFlow>(state.unwrap_or_default())?;
    Ok(flow
        .filter(|flow| flow.expire_at > cx.now && flow.grant.is_none())
        .ok_or_else(|| {
            let why = "This authorization request is unknown or has expired. Start again in the app.";
            ApiError::bad_request("authorization_invalid", why)
        })?)
}

/// Who the form says it is. An e-mail address stands for the same account at the provider each time,
/// whether the provider tells it or not.
fn identity(request: &Request, strategy: &str) -> Result<Identity, ApiError> {
    let email_address = parse_email_address(request.body.required("email_address")?, "email_address")?;
    let hash = digest::digest(&digest::SHA256, format!("{strategy}\n{email_address}").as_bytes());
    let told = request.body.text("email_is").unwrap_or_default();
    let name = |field| request.body.filled(field).map(str::to_owned);
    Ok(Identity {
        provider_user_id: hash.as_ref()[..12]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
        email_address: (told != "private").then_some(email_address),
        email_address_verified: told == "verified",
        first_name: name("first_name"),
        last_name: name("last_name"),
    })
}

fn page(cx: &Context<'_>, request: &Request, flow: &OauthFlow, problem: &str) -> Result<Reply, Error> {
    let mut accounts = String::new();
    for user in cx.store.all::<User>()? {
        for account in &user.external_accounts {
            let identity = account.identity.as_ref();
            let known =
                identity.filter(|_| account.strategy() == flow.strategy && account.verification.verified);
            if let Some(identity) = known
                && let Some(email_address) = &identity.email_address
            {
                accounts += &account_form(flow, identity, email_address);
            }
        }
    }
    let typed = |field| escape(request.body.text(field).unwrap_or_default());
    let html = fill(
        TEMPLATE,
        &[
            ("style", STYLE),
            ("provider", &escape(&social::provider_name(&flow.strategy))),
            ("app", &escape(&origin(&flow.redirect_url))),
            ("state", &escape(&flow.state)),
            ("accounts", &accounts),
            ("problem", problem),
            ("email_address", &typed("email_address")),
            ("first_name", &typed("first_name")),
            ("last_name", &typed("last_name")),
        ],
    );
    // Browsers hold the redirects that follow a form to `form-action` as well.
    let mut ways = vec![origin(&flow.callback_url), origin(&flow.redirect_url)];
    ways.dedup();
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self' {}; \
         frame-ancestors 'none'; base-uri 'none'",
        ways.join(" ")
    );
    Ok(Reply::bytes("text/html; charset=utf-8", html)
        .with_header(header::CONTENT_SECURITY_POLICY, &policy)
        .with_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        // The address holds the state.
        .with_header(header::REFERRER_POLICY, "no-referrer"))
}

/// A button for somebody who has been here.
fn account_form(flow: &OauthFlow, identity: &Identity, email_address: &str) -> String {
    let (first_name, last_name) = (
        identity.first_name.as_deref().unwrap_or_default(),
        identity.last_name.as_deref().unwrap_or_default(),
    );
    let verified = if identity.email_address_verified {
        "verified"
    } else {
        "unverified"
    };
    fill(
        ACCOUNT,
        &[
            ("state", &escape(&flow.state)),
            ("email_address", &escape(email_address)),
            ("first_name", &escape(first_name)),
            ("last_name", &escape(last_name)),
            ("email_is", verified),
        ],
    )
}

fn origin(url: &str) -> String {
    Url::parse(url).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}
