"""Why somebody is not let in: problems that name what is missing, and never what was given."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from api.access.credentials import session_cookie
from api.access.scopes import MEANING
from api.problems import Problem, ProblemError

if TYPE_CHECKING:
    from api.access.caller import Caller
    from api.access.scopes import Scope

_NEEDED: Final = "urn:geo-match:problem:key-needed"
_INVALID: Final = "urn:geo-match:problem:key-not-valid"
_SCOPE: Final = "urn:geo-match:problem:scope-missing"
_ORIGIN: Final = "urn:geo-match:problem:cross-origin"
_CHALLENGE: Final = 'Bearer realm="geo_match"'

RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    401: {
        "model": Problem,
        "description": "A key is needed, or the one that was given opens nothing.",
        "headers": {
            "WWW-Authenticate": {
                "description": "What to authenticate by.",
                "schema": {"type": "string", "examples": [_CHALLENGE]},
            }
        },
    },
    403: {
        "model": Problem,
        "description": "The caller's role has not the scope, or a page elsewhere asks.",
    },
}
"""The problems of resources that ask who it is, for the description of the API."""


def key_needed(*scopes: Scope) -> ProblemError:
    """Return what to raise where nobody without a key is let in."""
    what = f" with {', '.join(scopes)}" if scopes else ""
    return ProblemError(
        _unauthorized(
            _NEEDED,
            "Key needed",
            f"This needs a key{what}: send it as `Authorization: Bearer gmk_…`. Who runs this "
            "server makes one with `geo-match keys create`.",
        ),
        {"WWW-Authenticate": _CHALLENGE},
    )


def bad_key() -> ProblemError:
    """Return what to raise where a key is given that opens nothing."""
    return ProblemError(
        _unauthorized(
            _INVALID,
            "Key not valid",
            "The key is not known here, has expired or was revoked. It is sent as "
            "`Authorization: Bearer gmk_…`, to the letter.",
        ),
        {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'},
    )


def bad_session(*, is_https: bool) -> ProblemError:
    """Return what to raise where a session has ended; the browser is told to forget it."""
    return ProblemError(
        _unauthorized(
            _INVALID,
            "Session not valid",
            "The session has ended, or is not known here. `POST /v1/session` opens another.",
        ),
        {
            "WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"',
            "Set-Cookie": session_cookie("", lasting_s=0, is_https=is_https),
        },
    )


def scope_missing(caller: Caller, scope: Scope) -> ProblemError:
    """Return what to raise where a role has not a scope."""
    return ProblemError(
        Problem(
            type=_SCOPE,
            title="Scope missing",
            status=HTTPStatus.FORBIDDEN,
            detail=f"This needs the scope {scope} ({MEANING[scope]}), which the role "
            f"{caller.role} has not.",
        )
    )


def cross_origin() -> ProblemError:
    """Return what to raise where a page elsewhere would change something by a session."""
    return ProblemError(
        Problem(
            type=_ORIGIN,
            title="Not from a page of this server",
            status=HTTPStatus.FORBIDDEN,
            detail="With a session, what changes something is taken from pages of this server "
            "alone: `Sec-Fetch-Site: same-origin`, or its own `Origin`. Programs send a key.",
        )
    )


def _unauthorized(kind: str, title: str, detail: str) -> Problem:
    return Problem(type=kind, title=title, status=HTTPStatus.UNAUTHORIZED, detail=detail)
