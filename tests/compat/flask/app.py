"""A Flask app with Clerk's Python SDK."""

import os
from urllib.parse import quote

from clerk_backend_api import Clerk
from clerk_backend_api.security import AuthenticateRequestOptions
from flask import Flask, abort, redirect, render_template, request

app = Flask(__name__)
app.jinja_env.globals.update(
    publishable_key=os.environ["CLERK_PUBLISHABLE_KEY"],
    # With a Clerk of your own: the URL of its Frontend API.
    clerk_url=os.environ["CLERK_FAPI_URL"],
)
clerk = Clerk(bearer_auth=os.environ["CLERK_SECRET_KEY"], server_url=os.environ["CLERK_API_URL"] + "/v1")
options = AuthenticateRequestOptions(
    # Without a key, the SDK asks api.clerk.com for it.
    jwt_key=os.environ["CLERK_JWT_KEY"],
    accepts_token=["session_token"],
)


def user_id():
    """Returns the id of the user who asks, or None."""
    state = clerk.authenticate_request(request, options)
    return state.payload["sub"] if state.is_signed_in else None


@app.get("/")
def home():
    user = user_id()
    return render_template("page.html", text=f"Signed in as {user}" if user else "Signed out")


@app.get("/protected")
def protected():
    user = user_id()
    if user is None:
        # Where the token has expired, clerk-js fetches another, and comes back at once.
        return redirect("/sign-in#/?redirect_url=" + quote(request.url, safe=""))
    profile = clerk.users.get(user_id=user)
    return render_template("page.html", text=f"Hello {profile.email_addresses[0].email_address}")


@app.get("/api/me")
def me():
    return {"user_id": user_id() or abort(401)}


@app.get("/sign-in")
def sign_in():
    return render_template("page.html", component="SignIn")


@app.get("/sign-up")
def sign_up():
    return render_template("page.html", component="SignUp")
