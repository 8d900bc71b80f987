from check import fails


def test(clerk, environment):
    settings = clerk.instance_settings
    assert settings.get().environment_type == "development"
    settings.update(request={"test_mode": True})
    with fails(400, "not_supported_by_local_clerk"):
        settings.update(request={"support_email": "support@example.com"})
    assert settings.update_restrictions(request={"blocklist": True}).blocklist
    assert settings.get_organization_settings().domains_enabled
    assert not settings.update_organization_settings(request={"domains_enabled": False}).domains_enabled

    assert settings.get_communication().blocked_country_codes == []
    assert not settings.get_instance_protect().rules_enabled
    (domain,) = clerk.domains.list().data
    assert not domain.is_satellite and domain.frontend_api_url == environment["CLERK_FAPI_URL"]

    assert clerk.webhooks.generate_svix_auth_url().svix_url == f"{environment['CLERK_API_URL']}/"
    with fails(400, "svix_app_exists"):
        clerk.webhooks.create_svix_app()

    line = clerk.allowlist_identifiers.create(request={"identifier": "*@good.example", "notify": False})
    assert [one.id for one in clerk.allowlist_identifiers.list()] == [line.id]
    assert clerk.allowlist_identifiers.delete(identifier_id=line.id).deleted
    line = clerk.blocklist_identifiers.create(request={"identifier": "bad@example.com"})
    assert clerk.blocklist_identifiers.list().total_count == 1
    assert clerk.blocklist_identifiers.delete(identifier_id=line.id).deleted

    url = clerk.redirect_urls.create(request={"url": "my-app://callback"})
    assert clerk.redirect_urls.get(id=url.id).url == "my-app://callback"
    assert [one.id for one in clerk.redirect_urls.list()] == [url.id]
    assert clerk.redirect_urls.delete(id=url.id).deleted

    invitation = clerk.invitations.create(request={"email_address": "guest@example.com"})
    assert len(clerk.invitations.bulk_create(request=[{"email_address": "a@guest.example"}])) == 1
    assert len(clerk.invitations.list(status="pending")) == 2
    assert clerk.invitations.revoke(invitation_id=invitation.id).status == "revoked"
    entry = clerk.waitlist_entries.create(request={"email_address": "eager@example.com"})
    other = clerk.waitlist_entries.bulk_create(request=[{"email_address": "b@guest.example"}])[0]
    assert clerk.waitlist_entries.list().total_count == 2
    assert clerk.waitlist_entries.invite(waitlist_entry_id=entry.id).status == "invited"
    assert clerk.waitlist_entries.reject(waitlist_entry_id=other.id).status == "rejected"
    assert clerk.waitlist_entries.delete(waitlist_entry_id=other.id).deleted
