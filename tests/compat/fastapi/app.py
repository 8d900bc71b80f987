"""A FastAPI app with Clerk's Python SDK."""

import os
from typing import Annotated
from urllib.parse import quote

from clerk_backend_api import Clerk
from clerk_backend_api.security import AuthenticateRequestOptions
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates

app = FastAPI()
templates = Jinja2Templates("templates")
templates.env.globals.update(
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


async def user_id(request: Request) -> str | None:
    """Returns the id of the user who asks, or None."""
    state = await clerk.authenticate_request_async(request, options)
    return state.payload["sub"] if state.is_signed_in else None


async def required_user_id(user: Annotated[str | None, Depends(user_id)]) -> str:
    if user is None:
        raise HTTPException(401, "Not signed in")
    return user


@app.get("/")
async def home(request: Request, user: Annotated[str | None, Depends(user_id)]):
    return templates.TemplateResponse(request, "page.html", {"text": f"Signed in as {user}" if user else "Signed out"})


@app.get("/protected")
async def protected(request: Request, user: Annotated[str | None, Depends(user_id)]):
    if user is None:
        # Where the token has expired, clerk-js fetches another, and comes back at once.
        return RedirectResponse("/sign-in#/?redirect_url=" + quote(str(request.url), safe=""))
    profile = await clerk.users.get_async(user_id=user)
    return templates.TemplateResponse(request, "page.html", {"text": f"Hello {profile.email_addresses[0].email_address}"})


@app.get("/api/me")
async def me(user: Annotated[str, Depends(required_user_id)]):
    return {"user_id": user}


@app.get("/sign-in")
async def sign_in(request: Request):
    return templates.TemplateResponse(request, "page.html", {"component": "SignIn"})


@app.get("/sign-up")
async def sign_up(request: Request):
    return templates.TemplateResponse(request, "page.html", {"component": "SignUp"})
