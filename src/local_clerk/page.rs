//! The developer's page: users, the mailbox, keys to copy, and a reset.

use http::Method;
use secrecy::ExposeSecret as _;

use super::{
    call::{Call, Route},
    errors::{ApiError, Error},
    keys::StoredKeys,
    mailbox::Message,
    model::User,
    reply::Reply,
    seed,
};

pub(super) const ROUTES: &[Route] = &[(Method::GET, "/", show), (Method::POST, "/reset", reset)];

const STYLE: &str = include_str!("page.css");

fn show(call: &mut Call<'_>) -> Result<Reply, Error> {
    let users = call.store.all::<User>()?;
    let messages = call.store.all::<Message>()?;
    let users: String = users
        .iter()
        .map(|user| {
            let name = [user.first_name.as_deref(), user.last_name.as_deref()];
            let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
            row(&[&name, user.identifier(), &user.id])
        })
        .collect();
    let messages: String = messages
        .iter()
        .rev()
        .map(|message| row(&[&message.to, &message.subject, &message.code]))
        .collect();
    let keys = call.keys;
    let own = &call.shared.own;
    let environment = escape(&format!(
        "CLERK_PUBLISHABLE_KEY={}\nCLERK_SECRET_KEY={}\nCLERK_API_URL=http://{own}\nCLERK_FAPI_URL=http://{own}/__clerk",
        keys.publishable_key,
        keys.secret_key.expose_secret(),
    ));
    let html = format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Local Clerk</title><style>{STYLE}</style></head><body><header><h1>Local Clerk</h1><p>This is not Clerk. It stands in for it on this machine, as a {} instance, for developing and testing.</p></header><main><section><h2>Users</h2><table><thead><tr><th>Name</th><th>E-mail address</th><th>Id</th></tr></thead><tbody>{users}</tbody></table><p>The demo user is <code>{}</code> with the password <code>{}</code>.</p></section><section><h2>Mailbox</h2><p>Nothing is ever sent. The code is always <code>424242</code>.</p><table><thead><tr><th>To</th><th>Subject</th><th>Code</th></tr></thead><tbody>{messages}</tbody></table></section><section><h2>Keys</h2><p>For another app's environment:</p><pre>{environment}</pre></section><section><h2>Reset</h2><form method="post" action="/reset"><button>Forget all users, sessions and messages</button></form></section></main></body></html>"#,
        keys.instance.name(),
        seed::DEMO_EMAIL_ADDRESS,
        seed::DEMO_PASSWORD,
    );
    Ok(Reply::bytes("text/html; charset=utf-8", html)
        .with_header(http::header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
        .with_header(http::header::X_FRAME_OPTIONS, "DENY"))
}

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Forgets everything but the keys. Only this page's own form may ask for it.
fn reset(call: &mut Call<'_>) -> Result<Reply, Error> {
    let origin = call
        .headers
        .get(http::header::ORIGIN)
        .and_then(|origin| origin.to_str().ok());
    let host = call
        .headers
        .get(http::header::HOST)
        .and_then(|host| host.to_str().ok());
    let is_own = matches!((origin, host), (Some(origin), Some(host)) if origin == format!("http://{host}"));
    if !is_own {
        let why = "Only the local Clerk's own page resets it.";
        return Err(ApiError::new(http::StatusCode::FORBIDDEN, "origin_invalid", why).into());
    }
    call.store.clear_except::<StoredKeys>()?;
    seed::seed(&call.store, call.now)?;
    Ok(Reply::empty(http::StatusCode::SEE_OTHER).with_header(http::header::LOCATION, "/"))
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| format!("<td>{}</td>", escape(cell)))
        .collect();
    format!("<tr>{cells}</tr>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
