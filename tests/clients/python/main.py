"""Calls every method of PyPI's clerk-backend-api against the local Clerk, and demands that the methods that have
no endpoint there are exactly those that crates/local-clerk/docs/local-clerk.md lists."""

import inspect
import pathlib
import re

from clerk_backend_api import Clerk

import instance
import machines
import oauth
import organizations
import roles
import sessions
import users
from program import running

DOCUMENTATION = pathlib.Path(__file__).parents[3] / "crates" / "local-clerk" / "docs" / "local-clerk.md"
# Generic request methods of the SDK, and the asyncio variant of each method.
OTHER = re.compile(r"_|do_request|.*_async$")


class Watched:
    """Wraps a client, or one of its APIs, and collects the names of the methods called."""

    def __init__(self, target, called, name=""):
        self.__dict__.update(target=target, called=called, name=name)

    def watch(self, client):
        """Wraps another client whose calls count as well."""
        return Watched(client, self.called)

    def __getattr__(self, name):
        value = getattr(self.target, name)
        if callable(value):
            self.called.add(f"{self.name}.{name}")
            return value
        return Watched(value, self.called, name)


def methods(clerk):
    for api in clerk._sub_sdk_map:
        for name, _ in inspect.getmembers(type(getattr(clerk, api)), inspect.isfunction):
            if not OTHER.match(name):
                yield f"{api}.{name}"


def documented(every):
    """The methods that the documentation lists as not implemented: `api.method method`, or `api.*`."""
    text = DOCUMENTATION.read_text()
    listed = re.search(r"<!-- clerk-backend-api: not there -->\n(.*?)\n\n", text, re.S)[1]
    for api, names in re.findall(r"`(\w+)\.([^`]+)`", listed):
        if names == "*":
            yield from (name for name in every if name.startswith(f"{api}."))
        else:
            yield from (f"{api}.{name}" for name in names.split())


with running() as environment:
    url = f"{environment['CLERK_API_URL']}/v1"
    clerk = Clerk(bearer_auth=environment["CLERK_SECRET_KEY"], server_url=url)
    called = set()
    every = list(methods(clerk))
    not_implemented = set(documented(every))
    watched = Watched(clerk, called)
    for subject in (users, organizations, roles, sessions, instance, machines, oauth):
        subject.test(watched, environment)
    rest = set(every) - called
    assert rest == not_implemented, f"not called: {sorted(rest - not_implemented)}; called: {sorted(not_implemented - rest)}"
    print(f"clerk-backend-api: {len(called)} of {len(every)} methods")
