"""`/v1/session`: a page exchanges its key for a cookie that no script can read."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Body, Query, Request, Response

from api.access.admission import KeyGiven, SessionGiven, TheGate, check_origin, requires
from api.access.caller import Caller
from api.access.credentials import session_cookie
from api.access.refusals import bad_key, key_needed
from api.access.schemas import KeyOfSession, SessionState
from api.parameters import NoQuery

router: Final = APIRouter(tags=["access"])

LASTING_S: Final = 8 * 3_600
"""How long a session lasts, seconds: a working day."""


@router.get("/v1/session", summary="Who asks, and what they may")
def get_session(
    _: Annotated[NoQuery, Query()], caller: Annotated[Caller, requires()]
) -> SessionState:
    """Says the role, its scopes and when it ends: of the key, the session, or who has neither."""
    return SessionState(
        role=caller.role,
        scopes=sorted(caller.scopes),
        area=caller.area,
        by=caller.by,
        expires_at=caller.expires_at,
    )


@router.post(
    "/v1/session",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Exchange a key for a session",
    openapi_extra={"security": [{}]},  # the key may stand in the body
)
def post_session(
    _: Annotated[NoQuery, Query()],
    request: Request,
    gate: TheGate,
    given: KeyGiven,
    body: Annotated[KeyOfSession | None, Body()] = None,
) -> Response:
    """Set a cookie, which a browser sends with what its page asks from then on.

    The key stands in the body, or in `Authorization`, which counts if both are given. The session
    ends after eight hours, with its key, or by `DELETE`. Pages of other servers are refused.
    """
    check_origin(request, gate, of_programs=True)
    key = given if given is not None else None if body is None else body.key
    if key is None:
        raise key_needed()
    opened = gate.open_session(key, LASTING_S)
    if opened is None:
        raise bad_key()
    _session, secret = opened
    return _with_cookie(session_cookie(secret, lasting_s=LASTING_S, is_https=gate.is_https))


@router.delete(
    "/v1/session",
    status_code=HTTPStatus.NO_CONTENT,
    summary="End the session",
    openapi_extra={"security": [{}]},  # there may be none
)
def delete_session(
    _: Annotated[NoQuery, Query()], request: Request, gate: TheGate, session: SessionGiven
) -> Response:
    """End the session of the cookie, and have the browser forget it; also one that has ended.

    Without a cookie there is nothing to end. A key goes on: who runs the server revokes it.
    """
    if session is None:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    check_origin(request, gate)
    gate.close_session(session)
    return _with_cookie(session_cookie("", lasting_s=0, is_https=gate.is_https))


def _with_cookie(cookie: str) -> Response:
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Set-Cookie": cookie})
