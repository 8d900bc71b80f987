"""Helpers that the test modules share."""

import contextlib
import json

from clerk_backend_api import models

# An image of one pixel.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63646060f85f0f"
    "0002870180eb47ba920000000049454e44ae426082"
)


@contextlib.contextmanager
def fails(status, code):
    """Asserts that a call fails with this status and error code, in the form of Clerk's API errors."""
    try:
        yield
    except models.ClerkBaseError as error:
        found = (error.status_code, json.loads(error.body)["errors"][0]["code"])
        assert found == (status, code), error
    else:
        raise AssertionError(f"no {status} {code}")
