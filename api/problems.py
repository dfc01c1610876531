"""Every answer that is not a success: an RFC 9457 problem, by one table from exception to status.

What the caller did wrong is shown to the caller; what went wrong here is logged, and the caller
sees a constant text.
"""

from __future__ import annotations

import logging
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from geo_match.errors import ArgumentError
from geo_match.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fastapi import FastAPI

MEDIA_TYPE = "application/problem+json"
_INVALID = "urn:geo-match:problem:invalid-parameters"
_HOST = "urn:geo-match:problem:host-not-allowed"
_SHOWN = 60
_METHODS = "GET, HEAD"  # of every resource: `api.head` answers HEAD like GET
_LOG = logging.getLogger(__name__)


class Fault(BaseModel):
    """One parameter that breaks its rule."""

    parameter: str = Field(description="Name of the parameter.", examples=["lon"])
    detail: str = Field(
        description="The rule, and what to do about it.",
        examples=["must be a number from -180 to 180 (degrees, WGS-84)"],
    )
    value: str | None = Field(
        description="What was given, shortened; null where nothing was.", examples=["1e999"]
    )


class Problem(BaseModel):
    """A problem after RFC 9457."""

    type: str = Field(
        description="`about:blank` where the status says it all.", examples=[_INVALID]
    )
    title: str = Field(examples=["Invalid parameters"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["1 parameter breaks its rule: lon."])
    errors: list[Fault] | None = Field(
        default=None, description="Each faulty parameter, where parameters are at fault."
    )


class RepeatedParametersError(Exception):
    """A request gives a parameter more than once, so that it is open which one counts."""

    def __init__(self, given: dict[str, list[str]]) -> None:
        self.given = given
        super().__init__(", ".join(given))


def refuse_repeated(request: Request) -> None:
    """Refuse a request that gives a parameter twice.

    Raises
    ------
    RepeatedParametersError
        If it does.
    """
    pairs = request.query_params.multi_items()
    times = Counter(name for name, _ in pairs)
    given = {
        name: [value for other, value in pairs if other == name]
        for name, count in times.items()
        if count > 1
    }
    if given:
        raise RepeatedParametersError(given)


def shown(value: object) -> str:
    """Return a caller's value as text that is safe to repeat: printable and short."""
    text = str(value)
    short = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in short)


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the problem as a response."""
    return Response(
        problem.model_dump_json(exclude_none=problem.errors is None),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"X-Content-Type-Options": "nosniff", **(headers or {})},
    )


def host_not_allowed(host: str) -> Problem:
    """Describe a request under a name that this server does not answer to."""
    return Problem(
        type=_HOST,
        title="Host not allowed",
        status=HTTPStatus.MISDIRECTED_REQUEST,
        detail=f"This server does not answer to the host '{shown(host)}'. "
        "Its operator can add the name to GEO_MATCH_ALLOWED_HOSTS.",
    )


def _invalid(faults: list[Fault]) -> Problem:
    names = ", ".join(dict.fromkeys(fault.parameter for fault in faults))
    many = "1 parameter breaks its rule" if len(faults) == 1 else f"{len(faults)} faults"
    return Problem(
        type=_INVALID,
        title="Invalid parameters",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        detail=f"{many}: {names}.",
        errors=faults,
    )


def _fault(error: Mapping[str, Any]) -> Fault:
    """Translate one error of pydantic's into a rule that names no type of Python's."""
    name = shown(".".join(str(part) for part in error["loc"][1:]))
    if error["type"] == "missing":
        return Fault(parameter=name, detail="is required", value=None)
    if error["type"] == "extra_forbidden":
        detail = "is not a parameter of this resource; /openapi.json lists them"
        return Fault(parameter=name, detail=detail, value=shown(error["input"]))
    return Fault(parameter=name, detail=error["msg"], value=shown(error["input"]))


def _of_validation(error: RequestValidationError, _: Request) -> Problem:
    return _invalid([_fault(each) for each in error.errors()])


def _of_repeated(error: RepeatedParametersError, _: Request) -> Problem:
    detail = "must be given once"
    return _invalid(
        [
            Fault(parameter=shown(name), detail=detail, value=shown(", ".join(values)))
            for name, values in error.given.items()
        ]
    )


def _of_argument(error: ArgumentError, _: Request) -> Problem:
    detail = f"must {error.rule}.{' ' if error.remedy else ''}{error.remedy}"
    return _invalid([Fault(parameter=error.argument, detail=detail, value=shown(error.found))])


def _of_http(error: HTTPException, request: Request) -> Problem:
    status = HTTPStatus(error.status_code)
    details = {
        HTTPStatus.NOT_FOUND: f"There is nothing at '{shown(request.url.path)}'; "
        "/openapi.json lists what there is.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"This resource does not take {shown(request.method)}; "
        f"it takes {_METHODS}.",
    }
    return Problem(
        type="about:blank",
        title=status.phrase,
        status=status,
        detail=details.get(status, status.description or status.phrase),
    )


def _of_unexpected(error: Exception, request: Request) -> Problem:
    # The server above writes the traceback: Starlette raises the error again for it.
    _LOG.error("%s on %s %s", type(error).__name__, request.method, shown(request.url.path))
    return Problem(
        type="about:blank",
        title=HTTPStatus.INTERNAL_SERVER_ERROR.phrase,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        detail="The server failed on this request. The fault is logged.",
    )


def _of_store(error: StoreError, request: Request) -> Problem:
    _LOG.error("%s on %s: %s", type(error).__name__, shown(request.url.path), error)
    return Problem(
        type="about:blank",
        title=HTTPStatus.SERVICE_UNAVAILABLE.phrase,
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        detail="The store cannot be read at the moment; the fault is logged. Try again.",
    )


_TABLE: dict[type[Exception], Callable[[Any, Request], Problem]] = {
    RequestValidationError: _of_validation,
    RepeatedParametersError: _of_repeated,
    ArgumentError: _of_argument,
    StoreError: _of_store,
    HTTPException: _of_http,
    Exception: _of_unexpected,
}


def _handler(
    describe: Callable[[Any, Request], Problem],
) -> Callable[[Request, Exception], Response]:
    def handle(request: Request, error: Exception) -> Response:
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        if "Allow" in headers:
            headers["Allow"] = _METHODS
        return answer(describe(error, request), headers)

    return handle


def install(app: FastAPI) -> None:
    """Let the application answer every exception by the table."""
    for kind, describe in _TABLE.items():
        app.add_exception_handler(kind, _handler(describe))
