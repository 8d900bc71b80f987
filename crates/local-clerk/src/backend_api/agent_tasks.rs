//! Agent tasks: addresses at which a browser is signed in as a user, for agents and tests.

use serde_json::{Value, json};
use url::Url;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Params, Reply, Request},
    id,
    model::{Agent, MINUTE, SignInToken, TicketKind, User, is_web},
};

use super::tokens::{revoked, session_lifetime, ticket};

/// How long the address of a task is valid, in milliseconds.
const LIFETIME: i64 = 60 * MINUTE;

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let body = &request.body;
    let user = user(cx, body)?;
    let permissions = body.required("permissions")?;
    if permissions != "*" {
        let message = format!("permissions must be \"*\", not {permissions}.");
        return Err(ApiError::value_invalid("permissions", message).into());
    }
    let (name, description) = (body.required("agent_name")?, body.required("task_description")?);
    let redirect_url = body.required("redirect_url")?;
    if !Url::parse(redirect_url).is_ok_and(|url| is_web(&url)) {
        let message = "redirect_url must be an absolute URL.";
        return Err(ApiError::invalid("redirect_url", message).into());
    }
    let mut task = ticket(cx, TicketKind::AgentTask, body, &user.id, LIFETIME)?;
    task.agent = Some(Agent {
        id: id::of("agent", &format!("{} {name}", cx.keys.instance_id)),
        redirect_url: redirect_url.to_owned(),
    });
    task.session_lifetime = Some(session_lifetime(body)?);
    cx.store.put(&task)?;
    tracing::info!(
        agent = name,
        task = description,
        user = user.id,
        "agent task created"
    );
    let mut json = json(&task);
    json["url"] = json!(format!(
        "{}/v1/agents/tasks?ticket={}",
        cx.url.frontend_api, task.token
    ));
    Ok(Reply::json(&json))
}

/// Returns the user whom the body names by an id or an identifier.
fn user(cx: &Context<'_>, body: &Params) -> Result<User, Error> {
    let param = "on_behalf_of";
    let named = body.object(param)?.ok_or_else(|| ApiError::missing(param))?;
    let text = |name: &str| named.get(name).and_then(Value::as_str);
    match (text("user_id"), text("identifier")) {
        (Some(id), None) => cx.load(id, "user"),
        (None, Some(identifier)) => {
            let user = cx.user_by_identifier(identifier)?;
            Ok(user.ok_or_else(|| ApiError::not_found("user", identifier))?)
        }
        _ => {
            let message = "on_behalf_of must have either a user_id or an identifier.";
            Err(ApiError::value_invalid(param, message).into())
        }
    }
}

pub(super) fn revoke(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&json(&revoked(cx, request, TicketKind::AgentTask)?)))
}

fn json(task: &SignInToken) -> Value {
    json!({
        "object": "agent_task",
        "agent_id": task.agent.as_ref().map(|agent| &agent.id),
        "agent_task_id": task.id,
        "task_id": task.id,
    })
}
