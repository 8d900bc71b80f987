from check import PICTURE, fails


def test(clerk, _environment):
    admin = clerk.users.create(email_address=["admin@acme.example"])
    member = clerk.users.create(email_address=["member@acme.example"])
    acme = clerk.organizations.create(
        request={"name": "Acme", "slug": "acme", "created_by": admin.id, "private_metadata": {"b": 2}}
    )
    assert (acme.name, acme.slug, acme.created_by) == ("Acme", "acme", admin.id)
    with fails(422, "form_identifier_exists"):
        clerk.organizations.create(request={"name": "Other", "slug": "acme", "created_by": admin.id})
    assert clerk.organizations.get(organization_id="acme", include_members_count=True).members_count == 1
    assert clerk.organizations.list(query="acm").total_count == 1
    assert clerk.organizations.update(organization_id=acme.id, name="Acme Inc").name == "Acme Inc"
    assert clerk.organizations.merge_metadata(organization_id=acme.id, public_metadata={"a": 1}).public_metadata == {"a": 1}
    assert clerk.organizations.replace_metadata(organization_id=acme.id, public_metadata={"c": 3}).public_metadata == {"c": 3}
    picture = {"file_name": "logo.png", "content": PICTURE, "content_type": "image/png"}
    assert clerk.organizations.upload_logo(organization_id=acme.id, file=picture).has_image
    assert not clerk.organizations.delete_logo(organization_id=acme.id).has_image

    whose = {"organization_id": acme.id, "user_id": member.id}
    joined = clerk.organization_memberships.create(**whose, role="org:member")
    assert (joined.role, joined.public_user_data.user_id) == ("org:member", member.id)
    assert clerk.organization_memberships.update(**whose, role="org:admin").role == "org:admin"
    noted = clerk.organization_memberships.update_metadata(**whose, public_metadata={"team": "x"})
    assert noted.public_metadata == {"team": "x"}
    assert clerk.organization_memberships.list(organization_id=acme.id, role=["org:admin"]).total_count == 2
    assert clerk.organization_memberships.delete(**whose).public_user_data.user_id == member.id

    invitation = clerk.organization_invitations.create(
        organization_id=acme.id, email_address="member@acme.example", role="org:member", inviter_user_id=admin.id
    )
    assert (invitation.status, invitation.inviter_id) == ("pending", admin.id)
    which = {"organization_id": acme.id, "invitation_id": invitation.id}
    assert clerk.organization_invitations.get(**which).email_address == "member@acme.example"
    made = clerk.organization_invitations.bulk_create(
        organization_id=acme.id, request_body=[{"email_address": "one@acme.example", "role": "org:member"}]
    )
    assert made.total_count == 1
    assert clerk.organization_invitations.list(organization_id=acme.id).total_count == 2
    assert clerk.organization_invitations.list_pending(organization_id=acme.id).total_count == 2
    assert clerk.organization_invitations.get_all(query="one@acme").total_count == 1
    assert clerk.organization_invitations.revoke(**which).status == "revoked"

    domains(clerk.organization_domains, acme.id)
    initech = clerk.organizations.get(organization_id="initech")
    subscription = clerk.organizations.get_billing_subscription(organization_id=initech.id)
    assert [item.plan.slug for item in subscription.subscription_items] == ["business"]
    grant = {"amount": 500, "action": "increase", "idempotency_key": "a"}
    assert clerk.organizations.adjust_billing_credit_balance(organization_id=acme.id, **grant).amount.amount == 500
    assert clerk.organizations.get_billing_credit_balance(organization_id=acme.id).balance.amount == 500
    assert clerk.organizations.delete(organization_id=acme.id).deleted


def domains(api, organization_id):
    domain = api.create(
        organization_id=organization_id, name="acme.example", enrollment_mode="automatic_invitation", verified=True
    )
    assert domain.name == "acme.example"
    which = {"organization_id": organization_id, "domain_id": domain.id}
    assert api.update(**which, enrollment_mode="automatic_suggestion").enrollment_mode == "automatic_suggestion"
    assert api.list(organization_id=organization_id).total_count == 1
    assert api.list_all().total_count == 1
    assert api.verify_ownership(**which).ownership_verification.status == "verified"
    assert api.delete(**which).deleted
