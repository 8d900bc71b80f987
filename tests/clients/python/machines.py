from clerk_backend_api import Clerk

from check import fails


def test(clerk, environment, _is_there):
    subject = clerk.users.create(email_address=["keys@example.com"]).id
    keys = clerk.api_keys
    key = keys.create_api_key(name="CI", subject=subject, scopes=["read"])
    assert key.secret.startswith("ak_") and key.scopes == ["read"]
    which = {"api_key_id": key.id}
    assert keys.get_api_key(**which).name == "CI"
    assert keys.get_api_key_secret(**which).secret == key.secret
    assert keys.verify_api_key(secret=key.secret).subject == subject
    assert keys.update_api_key(**which, description="builds").description == "builds"
    assert keys.get_api_keys(subject=subject).total_count == 1
    assert keys.revoke_api_key(**which, revocation_reason="leaked").revoked
    with fails(400, "api_key_revoked"):
        keys.verify_api_key(secret=key.secret)
    assert keys.delete_api_key(**which).id == key.id

    machines = clerk.machines
    receiver = machines.create(request={"name": "Receiver"})
    sender = machines.create(request={"name": "Sender", "scoped_machines": [receiver.id]})
    assert [one.id for one in sender.scoped_machines] == [receiver.id]
    assert machines.get(machine_id=sender.id).name == "Sender"
    assert machines.list(query="send").total_count == 1
    assert machines.update(machine_id=sender.id, name="Source").name == "Source"
    assert machines.get_secret_key(machine_id=sender.id).secret == sender.secret_key
    pair = {"machine_id": receiver.id, "to_machine_id": sender.id}
    assert machines.create_scope(**pair).to_machine_id == sender.id
    assert machines.delete_scope(machine_id=receiver.id, other_machine_id=sender.id).to_machine_id == sender.id

    machine = clerk.watch(Clerk(bearer_auth=sender.secret_key, server_url=f"{environment['CLERK_API_URL']}/v1"))
    token = machine.m2m.create_token(claims={"job": "x"})
    assert (token.subject, token.scopes) == (sender.id, [receiver.id])
    assert clerk.m2m.verify_token(token=token.token).id == token.id
    assert clerk.m2m.list_tokens(subject=sender.id).total_count == 1
    assert clerk.m2m.revoke_token(m2m_token_id=token.id).revoked
    with fails(400, "m2m_token_revoked"):
        clerk.m2m.verify_token(token=token.token)
    rotated = machines.rotate_secret_key(machine_id=sender.id, previous_token_ttl=0)
    assert rotated.secret != sender.secret_key
    assert machines.delete(machine_id=sender.id).id == sender.id
