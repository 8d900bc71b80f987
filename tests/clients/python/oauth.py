import json
import urllib.error
import urllib.parse
import urllib.request

from check import PICTURE, fails

REDIRECT_URI = "http://localhost:4000/callback"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def post(url, **fields):
    """Sends a form, and returns the reply."""
    with OPENER.open(url, urllib.parse.urlencode(fields).encode()) as reply:
        return json.load(reply)


def authorize(url, **parameters):
    """Opens the authorization endpoint, and returns what it leads back with."""
    try:
        OPENER.open(f"{url}?{urllib.parse.urlencode(parameters)}")
    except urllib.error.HTTPError as redirect:
        assert redirect.code == 303, redirect
        query = urllib.parse.urlsplit(redirect.headers["location"]).query
        return dict(urllib.parse.parse_qsl(query))
    raise AssertionError("no redirect")


def test(clerk, environment):
    settings = clerk.instance_settings
    assert not settings.get_o_auth_application_settings().oauth_jwt_access_tokens
    changed = settings.update_o_auth_application_settings(request={"dynamic_oauth_client_registration": True})
    assert changed.dynamic_oauth_client_registration

    applications = clerk.oauth_applications
    created = applications.create(
        request={"name": "Reports", "redirect_uris": [REDIRECT_URI], "consent_screen_enabled": False}
    )
    which = {"oauth_application_id": created.id}
    assert applications.get(**which).client_id == created.client_id
    assert applications.update(**which, name="Charts").name == "Charts"
    assert [one.id for one in applications.list(name_query="chart").data] == [created.id]
    picture = {"file_name": "logo.png", "content": PICTURE, "content_type": "image/png"}
    assert applications.upload_logo(**which, file=picture).client_image_url
    secret = applications.rotate_secret(**which).client_secret
    assert secret != created.client_secret

    api = environment["CLERK_FAPI_URL"]
    user = clerk.users.create(email_address=["oauth@example.com"])
    ticket = clerk.sign_in_tokens.create(request={"user_id": user.id}).token
    browser = post(f"{api}/v1/dev_browser")["id"]
    post(f"{api}/v1/client/sign_ins?__clerk_db_jwt={browser}", strategy="ticket", ticket=ticket)
    request = {"response_type": "code", "client_id": created.client_id, "state": "state-of-the-client"}
    back = authorize(created.authorize_url, **request, __clerk_db_jwt=browser)
    assert back["state"] == "state-of-the-client"
    tokens = post(
        created.token_fetch_url,
        grant_type="authorization_code",
        code=back["code"],
        redirect_uri=REDIRECT_URI,
        client_id=created.client_id,
        client_secret=secret,
    )
    verified = clerk.oauth_access_tokens.verify(access_token=tokens["access_token"])
    assert (verified.subject, verified.scopes) == (user.id, ["profile", "email"])
    applications.revoke_token(**which, token=tokens["access_token"])
    with fails(404, "resource_not_found"):
        clerk.oauth_access_tokens.verify(access_token=tokens["access_token"])
    assert applications.delete(**which).deleted
