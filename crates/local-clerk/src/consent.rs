//! The consent page of social connections, which emulates every provider.

use aws_lc_rs::digest;
use http::{Method, StatusCode, header};
use url::Url;

mod template;

use crate::{
    domain::{Context, identifiers::parse_email_address, social},
    error::{ApiError, Error},
    http::{Reply, Request, Route},
    id,
    model::{Grant, Identity, OauthFlow, User, is_web},
    store::links,
};

use template::{Account, Consent, Form, document};

/// They are below the Frontend API, so that an app's proxy forwards to them.
pub(crate) const ROUTES: &[Route] = &[
    (Method::GET, social::PROVIDER_PATH, ask),
    (Method::POST, social::PROVIDER_PATH, decide),
    (Method::GET, social::LOGO_PATH, logo),
];

const LOGO: &str = include_str!("consent/logo.svg");

fn ask(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let flow = pending_flow(cx, request.query.text("state"))?;
    page(cx, request, &flow, "")
}

/// Redirects the browser back with a code, or with the error `access_denied`.
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
                let message = "Enter an e-mail address, such as jane@example.com.";
                return Ok(page(cx, request, &flow, message)?.with_status(StatusCode::UNPROCESSABLE_ENTITY));
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

/// Loads the authorization request that `state` identifies.
fn pending_flow(cx: &Context<'_>, state: Option<&str>) -> Result<OauthFlow, Error> {
    let flow = cx.store.get::<OauthFlow>(state.unwrap_or_default())?;
    Ok(flow
        .filter(|flow| flow.expire_at > cx.now && flow.grant.is_none())
        .ok_or_else(|| {
            let message = "This authorization request is unknown or has expired. Start again in the app.";
            ApiError::bad_request("authorization_invalid", message)
        })?)
}

/// Reads the identity from the form. An e-mail address always belongs to the same account at the provider, whether
/// the provider discloses it or not.
fn identity(request: &Request, strategy: &str) -> Result<Identity, ApiError> {
    let email_address = parse_email_address(request.body.required("email_address")?, "email_address")?;
    let hash = digest::digest(&digest::SHA256, format!("{strategy}\n{email_address}").as_bytes());
    let disclosure = request.body.text("email_is").unwrap_or_default();
    let name = |field| request.body.filled(field).map(str::to_owned);
    Ok(Identity {
        provider_user_id: hash.as_ref()[..12]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
        email_address: (disclosure != "private").then_some(email_address),
        email_address_verified: disclosure == "verified",
        first_name: name("first_name"),
        last_name: name("last_name"),
    })
}

fn page(cx: &Context<'_>, request: &Request, flow: &OauthFlow, error: &str) -> Result<Reply, Error> {
    let mut accounts = Vec::new();
    for user in cx.store.linked::<User>(&links::STRATEGY, &[&flow.strategy])? {
        for account in &user.external_accounts {
            let identity = account.identity.as_ref();
            let known =
                identity.filter(|_| account.strategy() == flow.strategy && account.verification.verified);
            if let Some(identity) = known
                && let Some(email_address) = &identity.email_address
            {
                accounts.push(Account {
                    email_address: email_address.clone(),
                    first_name: identity.first_name.clone().unwrap_or_default(),
                    last_name: identity.last_name.clone().unwrap_or_default(),
                    is_verified: identity.email_address_verified,
                });
            }
        }
    }
    let typed = |field| request.body.text(field).unwrap_or_default();
    let html = document(&Consent {
        provider: &social::provider_name(&flow.strategy),
        app: &origin(&flow.redirect_url),
        state: &flow.state,
        accounts: &accounts,
        error,
        form: Form {
            email_address: typed("email_address"),
            first_name: typed("first_name"),
            last_name: typed("last_name"),
        },
    });
    // Browsers apply `form-action` to the redirects that follow a form too.
    let mut targets = vec![origin(&flow.callback_url), origin(&flow.redirect_url)];
    targets.dedup();
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self' {}; \
         frame-ancestors 'none'; base-uri 'none'",
        targets.join(" ")
    );
    Ok(Reply::bytes("text/html; charset=utf-8", html.into_string())
        .with_header(header::CONTENT_SECURITY_POLICY, &policy)
        .with_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        // The URL contains the state.
        .with_header(header::REFERRER_POLICY, "no-referrer"))
}

/// Returns the origin of a URL; of the URL of a native app, its scheme.
fn origin(url: &str) -> String {
    Url::parse(url).map_or_else(
        |_| String::new(),
        |url| {
            if is_web(&url) {
                url.origin().ascii_serialization()
            } else {
                format!("{}:", url.scheme())
            }
        },
    )
}
