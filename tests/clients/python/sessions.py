import base64
import json

import httpx

from check import fails


def test(clerk, environment):
    jane = clerk.users.create(email_address=["session@example.com"])
    ticket = clerk.sign_in_tokens.create(request={"user_id": jane.id, "expires_in_seconds": 60})
    browser = httpx.Client(base_url=environment["CLERK_FAPI_URL"], headers={"origin": "http://localhost:3000"})
    known = {"__clerk_db_jwt": browser.post("/v1/dev_browser").json()["id"]}
    form = {"strategy": "ticket", "ticket": ticket.token}
    signed_in = browser.post("/v1/client/sign_ins", params=known, data=form).json()
    session_id = signed_in["response"]["created_session_id"]
    unused = clerk.sign_in_tokens.create(request={"user_id": jane.id})
    assert clerk.sign_in_tokens.revoke(sign_in_token_id=unused.id).status == "revoked"

    form = {"email_address": "joining@example.com"}
    other = {"__clerk_db_jwt": browser.post("/v1/dev_browser").json()["id"]}
    attempt = browser.post("/v1/client/sign_ups", params=other, data=form).json()["response"]
    assert clerk.sign_ups.update(id=attempt["id"], external_id="crm-1").external_id == "crm-1"
    assert clerk.sign_ups.get(id=attempt["id"]).email_address == "joining@example.com"

    session = clerk.sessions.get(session_id=session_id)
    assert (session.user_id, session.status) == (jane.id, "active")
    made = clerk.sessions.create(request={"user_id": jane.id})
    listed = clerk.sessions.list(user_id=jane.id, status="active")
    assert [one.id for one in listed] == [made.id, session_id]
    assert clerk.clients.get(client_id=session.client_id).session_ids == [session_id]
    assert clerk.clients.verify(request={"token": known["__clerk_db_jwt"]}).id == session.client_id
    assert session.client_id in [client.id for client in clerk.clients.list()]
    token = clerk.sessions.create_token(session_id=session_id).jwt
    with fails(400, "invalid_refresh_token"):
        clerk.sessions.refresh(
            session_id=session_id, expired_token=token, refresh_token="wrong", request_origin="http://localhost:3000"
        )
    assert len(clerk.jwks.get_jwks().keys) == 1

    # This client's model of claims drops their content.
    template = clerk.jwt_templates.create(request={"name": "hasura", "claims": {}, "lifetime": 600})
    assert clerk.jwt_templates.get(template_id=template.id).name == "hasura"
    assert [one.id for one in clerk.jwt_templates.list()] == [template.id]
    token = clerk.sessions.create_token_from_template(session_id=session_id, template_name="hasura").jwt
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["exp"] - claims["iat"] == 600
    assert clerk.jwt_templates.update(template_id=template.id, name="other", claims={}).name == "other"
    assert clerk.jwt_templates.delete(template_id=template.id).deleted

    actor = clerk.actor_tokens.create(request={"user_id": jane.id, "actor": {"sub": "user_support"}})
    assert clerk.actor_tokens.revoke(actor_token_id=actor.id).status == "revoked"
    assert clerk.testing_tokens.create().token
    task = clerk.agent_tasks.create(
        request={
            "on_behalf_of": {"user_id": jane.id},
            "permissions": "*",
            "agent_name": "tests",
            "task_description": "Opens the profile",
            "redirect_url": "http://localhost:3000/profile",
        }
    )
    assert clerk.agent_tasks.revoke(agent_task_id=task.agent_task_id).agent_id == task.agent_id
    assert httpx.get(task.url).json()["errors"][0]["code"] == "agent_task_revoked"
    assert clerk.sessions.revoke(session_id=session_id).status == "revoked"
