"""Where a request carries a secret: `Authorization: Bearer`, or the cookie of a session."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.openapi.models import HTTPBearer as BearerModel
from fastapi.security.base import SecurityBase

COOKIE: Final = "geo_match_session"
"""Name of the cookie of a session."""
_BEARER: Final = "bearer"


class _KeyInHeader(SecurityBase):
    """Reads the key of `Authorization: Bearer …`."""

    scheme_name = "key"
    model = BearerModel(
        bearerFormat="gmk_<id>_<secret>",
        description="A key, as `geo-match keys create` shows it once. While all that is served is "
        "invented, or a file is, what every role may needs none.",
    )

    async def __call__(self, request: Request) -> str | None:
        """Return it; "" for anything else that stands there, None where nothing does."""
        given = request.headers.getlist("authorization")
        if not given:
            return None
        scheme, _, secret = given[0].partition(" ")
        return secret if len(given) == 1 and scheme.lower() == _BEARER else ""


class _SessionInCookie(SecurityBase):
    """Reads the session that a page has opened."""

    scheme_name = "session"
    model = APIKey.model_validate(  # "in" is a word of Python's
        {
            "in": APIKeyIn.cookie,
            "name": COOKIE,
            "description": "A session, opened with a key by `POST /v1/session`. With it, methods "
            "that change something are taken from pages of this server alone (`Sec-Fetch-Site`, or "
            "`Origin`).",
        }
    )

    async def __call__(self, request: Request) -> str | None:
        """Return its secret; None where there is no such cookie."""
        return request.cookies.get(COOKIE)


KEY: Final = _KeyInHeader()
SESSION: Final = _SessionInCookie()


def session_cookie(secret: str, *, lasting_s: int, is_https: bool) -> str:
    """Return the `Set-Cookie` of a session; one of no time lets a browser forget it.

    No script of a page can read it, and no page elsewhere has it sent.
    """
    secure = "; Secure" if is_https else ""
    return f"{COOKIE}={secret}; Max-Age={lasting_s}; Path=/; HttpOnly; SameSite=Strict{secure}"
