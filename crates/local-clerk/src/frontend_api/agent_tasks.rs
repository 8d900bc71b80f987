//! The addresses of agent tasks, which sign a browser in without a page of the app.

use crate::{
    domain::{Context, sign_in},
    error::{ApiError, Error},
    http::{Reply, Request, cookies},
    keys::Instance,
    model::{Client, DevBrowser, Session, SignIn, SignInToken, TicketKind},
};

use super::{browser, handshake};

/// Signs the browser in, and redirects it to where the task begins, with the cookies for the app's server.
pub(super) fn start(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    if cx.bypassed_proxy() {
        cx.recall_url()?;
    }
    let ticket = request.query.required("ticket")?;
    let task = cx.store.of::<SignInToken>(ticket)?.pop();
    let task = task.filter(|task| task.kind() == TicketKind::AgentTask);
    let agent = task.and_then(|task| task.agent);
    let agent = agent.ok_or_else(ApiError::ticket_invalid)?;
    let target = cx.url.parse_redirect(None, &agent.redirect_url, "redirect_url")?;
    let (mut client, mut values) = client_or_new(cx, request)?;
    let mut attempt = SignIn::new(cx.now);
    sign_in::redeem_ticket(cx, &mut client, &mut attempt, ticket)?;
    cx.store.put(&client)?;
    let session: Session = cx.load(&attempt.created_session_id.unwrap_or_default(), "session")?;
    values.extend(cookies::client_uat_cookies(cx, Some(&client))?);
    let azp = target.origin().ascii_serialization();
    values.extend(cookies::session_cookies(cx, &session, &azp)?);
    handshake::redirect(cx, target, values, false)
}

/// Returns the client of the browser, or a new one, and the cookies by which a development instance recognizes it.
fn client_or_new(cx: &mut Context<'_>, request: &Request) -> Result<(Client, Vec<String>), Error> {
    if cx.keys.instance == Instance::Production {
        return Ok((browser::client_or_new(cx, request)?, Vec::new()));
    }
    let known = browser::visiting_dev_browser(cx, request)?;
    let mut dev_browser = known.unwrap_or_else(|| DevBrowser::new(cx.now));
    let client = browser::visiting_client(cx, request)?.unwrap_or_else(|| Client::new(cx.real_now));
    dev_browser.client_id = Some(client.id.clone());
    cx.store.put(&dev_browser)?;
    let cookies = cookies::dev_browser_cookies(cx, &dev_browser.id);
    Ok((client, cookies.to_vec()))
}
