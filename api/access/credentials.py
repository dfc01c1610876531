"""Where a request carries a secret: `Authorization: Bearer`, or the cookie of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import Request
from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.openapi.models import HTTPBearer as BearerModel
from fastapi.security.base import SecurityBase

if TYPE_CHECKING:
    from api.access.gate import Gate

_COOKIE: Final = "geo_match_session"
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
        """Return it, as `given` does."""
        return self.given(request)

    @staticmethod
    def given(request: Request) -> str | None:
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
            "name": _COOKIE,
            "description": "A session, opened with a key by `POST /v1/session`. With it, methods "
            "that change something are taken from pages of this server alone (`Sec-Fetch-Site`, or "
            "`Origin`).",
        }
    )

    async def __call__(self, request: Request) -> str | None:
        """Return its secret, as `given` does."""
        return self.given(request)

    @staticmethod
    def given(request: Request) -> str | None:
        """Return its secret; None where there is no such cookie, or nothing here has sessions.

        Cookies are those of a host, whatever its port: one that comes to a server without sessions
        is that of another server beside it.
        """
        gate: Gate = request.app.state.gate
        if not gate.has_sessions:
            return None
        return request.cookies.get(cookie_name(is_https=gate.is_https))


KEY: Final = _KeyInHeader()
SESSION: Final = _SessionInCookie()


def cookie_name(*, is_https: bool) -> str:
    """Return the name of the cookie of a session.

    By https it is one that a browser takes from this very host alone, and by https: no neighbour
    under the same domain can set it.
    """
    return f"__Host-{_COOKIE}" if is_https else _COOKIE


def session_cookie(secret: str, *, lasting_s: int, is_https: bool) -> str:
    """Return the `Set-Cookie` of a session; one of no time lets a browser forget it.

    No script of a page can read it, and no page elsewhere has it sent.
    """
    secure = "; Secure" if is_https else ""
    name = cookie_name(is_https=is_https)
    return f"{name}={secret}; Max-Age={lasting_s}; Path=/; HttpOnly; SameSite=Strict{secure}"
