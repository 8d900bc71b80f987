import base64
import hashlib
import hmac
import struct
import time

from clerk_backend_api import models

from check import PICTURE, fails

KEY = "JBSWY3DPEHPK3PXP"


def totp():
    """The code that an authenticator app shows (RFC 6238)."""
    tag = hmac.digest(base64.b32decode(KEY), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    start = tag[19] & 15
    return f"{(struct.unpack('>I', tag[start:start + 4])[0] & 0x7fffffff) % 1_000_000:06}"


def test(clerk, _environment):
    jane = clerk.users.create(
        email_address=["jane@example.com"],
        phone_number=["+12015550101"],
        username="jane",
        password="correct horse battery",
        first_name="Jane",
        external_id="crm-7",
        public_metadata={"level": 3},
        totp_secret=KEY,
        backup_codes=["backup01"],
    )
    assert (jane.username, jane.first_name, jane.external_id) == ("jane", "Jane", "crm-7")
    assert jane.totp_enabled and jane.backup_code_enabled and jane.public_metadata == {"level": 3}
    with fails(422, "form_identifier_exists"):
        clerk.users.create(email_address=["jane@example.com"])
    joe = clerk.users.create(email_address=["joe@example.com"], first_name="Joe")
    assert clerk.users.get(user_id=jane.id).id == jane.id
    with fails(404, "resource_not_found"):
        clerk.users.get(user_id="user_unknown")
    found = clerk.users.list(request={"email_address": ["jane@example.com"], "order_by": "-created_at"})
    assert [user.id for user in found] == [jane.id]
    assert clerk.users.count(request={"query": "example.com"}).total_count == 3
    assert clerk.users.update(user_id=jane.id, last_name="Doe").last_name == "Doe"
    assert clerk.users.update_metadata(user_id=jane.id, private_metadata={"a": 1}).private_metadata == {"a": 1}
    assert clerk.users.replace_metadata(user_id=jane.id, public_metadata={"b": 2}).public_metadata == {"b": 2}

    assert clerk.users.verify_password(user_id=jane.id, password="correct horse battery").verified
    with fails(422, "incorrect_password"):
        clerk.users.verify_password(user_id=jane.id, password="wrong")
    assert clerk.users.verify_totp(user_id=jane.id, code=totp()).verified
    assert clerk.users.delete_backup_codes(user_id=jane.id).user_id == jane.id
    assert clerk.users.delete_totp(user_id=jane.id).user_id == jane.id
    assert clerk.users.disable_mfa(user_id=jane.id).user_id == jane.id
    assert not clerk.users.get(user_id=jane.id).two_factor_enabled
    assert clerk.users.set_password_compromised(user_id=jane.id).id == jane.id
    assert clerk.users.unset_password_compromised(user_id=jane.id).id == jane.id
    assert not clerk.users.remove_password(user_id=jane.id).password_enabled

    assert clerk.users.ban(user_id=joe.id).banned
    assert not clerk.users.unban(user_id=joe.id).banned
    assert all(user.banned for user in clerk.users.bulk_ban(user_ids=[jane.id, joe.id]))
    assert not any(user.banned for user in clerk.users.bulk_unban(user_ids=[jane.id, joe.id]))
    assert clerk.users.lock(user_id=joe.id).locked
    assert not clerk.users.unlock(user_id=joe.id).locked
    picture = {"file_name": "picture.png", "content": PICTURE, "content_type": "image/png"}
    assert clerk.users.set_profile_image(user_id=jane.id, file=picture).has_image
    assert not clerk.users.delete_profile_image(user_id=jane.id).has_image

    address = clerk.email_addresses.create(
        request={"user_id": jane.id, "email_address": "second@example.com", "verified": True}
    )
    assert clerk.email_addresses.get(email_address_id=address.id).email_address == "second@example.com"
    assert clerk.email_addresses.update(email_address_id=address.id, primary=True).id == address.id
    assert clerk.users.get(user_id=jane.id).primary_email_address_id == address.id
    verification = clerk.email_addresses.prepare_verification(email_address_id=address.id)
    attempt = {"email_address_id": address.id, "verification_id": verification.id}
    assert clerk.email_addresses.attempt_verification(**attempt, code="000000").status == "unverified"
    assert clerk.email_addresses.attempt_verification(**attempt, code="424242").status == "verified"
    assert clerk.email_addresses.delete(email_address_id=address.id).deleted
    moved = clerk.email_addresses.replace_for_user(user_id=jane.id, email_address="moved@example.com")
    assert clerk.users.get(user_id=jane.id).primary_email_address_id == moved.id
    phone = clerk.phone_numbers.create(
        request={"user_id": jane.id, "phone_number": "+12015550102", "verified": True}
    )
    assert clerk.phone_numbers.get(phone_number_id=phone.id).phone_number == "+12015550102"
    assert clerk.phone_numbers.update(phone_number_id=phone.id, primary=True).id == phone.id
    verification = clerk.phone_numbers.prepare_verification(phone_number_id=phone.id)
    assert (verification.strategy, verification.channel) == ("phone_code", "sms")
    attempt = {"phone_number_id": phone.id, "verification_id": verification.id, "code": "424242"}
    assert clerk.phone_numbers.attempt_verification(**attempt).attempts == 1
    with fails(400, "verification_already_verified"):
        clerk.phone_numbers.attempt_verification(**attempt)
    assert clerk.phone_numbers.delete(phone_number_id=phone.id).deleted
    rung = clerk.phone_numbers.replace_for_user(user_id=jane.id, phone_number="+12015550103")
    assert rung.phone_number == "+12015550103"

    assert clerk.users.get_organization_memberships(user_id=jane.id).total_count == 0
    assert clerk.users.get_organization_invitations(user_id=jane.id).total_count == 0
    assert clerk.users.get_instance_organization_memberships().total_count == 1
    assert clerk.users.get_o_auth_access_token(user_id=jane.id, provider="oauth_custom_local") == []
    with fails(404, "resource_not_found"):
        clerk.users.delete_external_account(user_id=jane.id, external_account_id="eac_unknown")
    with fails(404, "resource_not_found"):
        clerk.users.delete_web3_wallet(user_id=jane.id, web3_wallet_identification_id="idn_unknown")
    with fails(404, "resource_not_found"):
        clerk.users.delete_passkey(user_id=jane.id, passkey_identification_id="idn_unknown")
    (paula,) = clerk.users.list(request={"email_address": ["paula@example.com"]})
    subscription = clerk.users.get_billing_subscription(user_id=paula.id)
    assert [item.plan.slug for item in subscription.subscription_items] == ["pro"]
    plans = clerk.billing.list_plans(payer_type=models.PayerType.USER)
    assert [plan.slug for plan in plans.data] == ["free_user", "pro"]
    prices = clerk.billing.list_prices(plan_id=plans.data[1].id).data
    assert [(price.amount, price.annual_monthly_amount) for price in prices] == [(1200, 1000)]
    assert clerk.billing.list_statements().total_count == 0
    assert clerk.users.get_billing_credit_balance(user_id=paula.id).balance is None
    grant = {"amount": 500, "action": "increase", "idempotency_key": "a"}
    assert clerk.users.adjust_billing_credit_balance(user_id=paula.id, **grant).amount.amount == 500
    assert clerk.users.get_billing_credit_balance(user_id=paula.id).balance.amount == 500
    for statement in (clerk.billing.get_statement, clerk.billing.get_statement_payment_attempts):
        with fails(404, "resource_not_found"):
            statement(statement_id="cstmt_unknown")

    (item,) = clerk.billing.list_subscription_items(payer_type="user").data
    assert item.id == subscription.subscription_items[0].id
    assert clerk.billing.cancel_subscription_item(subscription_item_id=item.id, end_now=True).canceled_at
    subscription = clerk.users.get_billing_subscription(user_id=paula.id)
    assert [item.plan.slug for item in subscription.subscription_items] == ["free_user"]

    assert clerk.users.delete(user_id=joe.id).deleted
