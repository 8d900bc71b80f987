"""The peer with Flask and Clerk's Python SDK."""

import logging
import os

from clerk_backend_api.security import AuthenticateRequestOptions, authenticate_request
from flask import Flask, render_template, request
from waitress.server import create_server

app = Flask(__name__)
options = AuthenticateRequestOptions(
    secret_key=os.environ["CLERK_SECRET_KEY"], jwt_key=os.environ["CLERK_JWT_KEY"], accepts_token=["session_token"]
)


def authenticate():
    """Returns the ids of the user and the session, or None twice."""
    claims = authenticate_request(request, options).payload or {}
    return claims.get("sub"), claims.get("sid")


@app.get("/")
def home():
    user_id, session_id = authenticate()
    return render_template("page.html", user_id=user_id, session_id=session_id)


@app.get("/api/me")
def me():
    user_id, session_id = authenticate()
    if not user_id:
        return {"error": "signed out"}, 401
    return {"userId": user_id, "sessionId": session_id}


@app.get("/ok")
def ok():
    return "ok", {"content-type": "text/plain; charset=utf-8"}


# It warns of each request that waits for another, as most do under load.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)

# Waitress serves from the process that was started, whose processor time is measured; gunicorn would fork. Requests
# wait for nothing, so that more threads would only compete for the interpreter's lock.
server = create_server(
    app,
    host="127.0.0.1",
    port=int(os.environ["PORT"]),
    threads=1,
    connection_limit=1000,
    asyncore_use_poll=True,
)
print(f"ready on http://127.0.0.1:{server.effective_port}", flush=True)
server.run()
