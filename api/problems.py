"""Every answer that is not a success: an RFC 9457 problem, by one table from exception to status.

What the caller did wrong is shown to the caller; what went wrong here is logged, and the caller
sees a constant text.
"""

from __future__ import annotations

import logging
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api import request_id
from geo_match.errors import ArgumentError, GeoMatchError
from geo_match.store import (
    CursorError,
    EpochError,
    HorizonError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from geo_match.store.keys import mask_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fastapi import FastAPI
    from starlette.types import Scope

    from geo_match.matching import FrameError

MEDIA_TYPE = "application/problem+json"
_INVALID = "urn:geo-match:problem:invalid-parameters"
_FAULTY: Final = "urn:geo-match:problem:records-faulty"
_RETRY_AFTER_S: Final = "1"  # a writer holds a store for some hundred records, then gives way
_SHOWN = 60
_LOG = logging.getLogger(__name__)


class Fault(BaseModel):
    """One parameter, or one field of a body, that breaks its rule."""

    parameter: str = Field(
        description="Name of the parameter. Of a field of a body where it stands, as a JSON "
        "pointer (RFC 6901); `body` for the whole.",
        examples=["lon", "/key"],
    )
    detail: str = Field(
        description="The rule, and what to do about it.",
        examples=["must be a number from -180 to 180 (degrees, WGS-84)"],
    )
    value: str | None = Field(
        description="What was given, shortened; null where nothing was, and of a body, which may "
        "hold what is nobody else's business.",
        examples=["1e999"],
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
    instance: str | None = Field(
        default=None,
        description="The request, by its id: that of `X-Request-ID`, and of the logs.",
        examples=["urn:uuid:5f0c1d1e-8b1e-4c3f-9a53-0f2d6c1b7a90"],
    )


RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    400: {
        "model": Problem,
        "description": "A proxy's header came that nobody expects, a body where none is taken, or "
        "one that is announced twice.",
    },
    421: {"model": Problem, "description": "The host is not one of this server's names."},
    422: {"model": Problem, "description": "A parameter is missing, faulty or unknown."},
    429: {
        "model": Problem,
        "description": "The key, or who has none, made too many requests; or too many bodies are "
        "on their way.",
        "headers": {
            "Retry-After": {
                "description": "Seconds after which to ask again.",
                "schema": {"type": "string", "examples": ["1"]},
            }
        },
    },
    500: {"model": Problem, "description": "The server failed; the fault is logged."},
    503: {
        "model": Problem,
        "description": "The store is busy, or cannot be read or written to at the moment, or its "
        "records break a rule (`records-faulty`); or the server is busy, or took longer than it "
        "may.",
        "headers": {
            "Retry-After": {
                "description": "Seconds after which to ask again, where it is busy.",
                "schema": {"type": "string", "examples": [_RETRY_AFTER_S]},
            }
        },
    },
}
"""The problems that any resource may answer with, for the description of the API."""
RESPONSES_TO_BODIES: Final[dict[int | str, dict[str, Any]]] = {
    408: {"description": "The body came too slowly."},
    413: {"description": "The body is longer than any that is taken."},
    415: {"description": "The body is not of a media type that is taken."},
}
"""Those of resources that take a body."""
RESPONSES_TO_CURSORS: Final[dict[int | str, dict[str, Any]]] = {
    410: {
        "model": Problem,
        "description": "The feed cannot be followed from this place: it is of another epoch of the "
        "store (`other-epoch`), beyond the last change (`cursor-beyond-head`), or changes after it "
        "are gone (`changes-gone`). Begin anew from a snapshot.",
    },
}
"""Those of resources that take a place in the feed."""


class ProblemError(Exception):
    """A request that is answered by a problem of its own, by whoever knows which.

    Parameters
    ----------
    problem
        What is answered.
    headers
        What is said beside.
    """

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        self.problem = problem
        self.headers = dict(headers or {})
        super().__init__(problem.title)


class RepeatedParametersError(Exception):
    """A request gives a parameter more than once, so that it is open which one counts."""

    def __init__(self, given: dict[str, list[str]]) -> None:
        self.given = given
        super().__init__(", ".join(given))


async def refuse_repeated(request: Request) -> None:
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
    """Return a caller's value as text that is safe to repeat: printable, short, and no key."""
    text = mask_secrets(str(value))
    short = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in short)


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the problem as a response, with the request that it is of."""
    if problem.instance is None:
        problem = problem.model_copy(update={"instance": request_id.as_uri()})
    return Response(
        problem.model_dump_json(
            exclude_none=problem.errors is None,
            exclude={"instance"} if problem.instance is None else None,
        ),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"X-Content-Type-Options": "nosniff", **(headers or {})},
    )


def invalid(faults: list[Fault]) -> Problem:
    """Describe a request with faults of its parameters, or of the fields of its body."""
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
    if error["loc"][0] == "body":
        return _fault_of_body(error)
    name = shown(".".join(str(part) for part in error["loc"][1:]))
    if error["type"] == "missing":
        return Fault(parameter=name, detail="is required", value=None)
    if error["type"] == "extra_forbidden":
        detail = "is not a parameter of this resource; /openapi.json lists them"
        return Fault(parameter=name, detail=detail, value=shown(error["input"]))
    return Fault(parameter=name, detail=error["msg"], value=shown(error["input"]))


def _fault_of_body(error: Mapping[str, Any]) -> Fault:
    """Translate one error of a body: no value of it is repeated, it may be a key or a person's."""
    where = error["loc"][1:]
    if error["type"] == "json_invalid":  # then it is a number of characters
        detail = f"must be JSON, which it is not from character {int(where[0]) + 1} on"
        return Fault(parameter="body", detail=detail, value=None)
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in where)
    details = {
        "missing": "is required",
        "extra_forbidden": "is not a field of this body; /openapi.json lists them",
        "model_type": "must be an object",
        "dict_type": "must be an object",
    }
    detail = details.get(error["type"], error["msg"])
    return Fault(parameter=shown(pointer) or "body", detail=detail, value=None)


def faults_in_body(error: ValidationError, *at: str | int) -> list[Fault]:
    """Return the faults of a part of a body that was checked by itself.

    Parameters
    ----------
    at
        The keys and places that lead to the part in the whole body.
    """
    return [
        _fault_of_body({**each, "loc": ("body", *at, *each["loc"])})
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def of_parameters(error: RequestValidationError | RepeatedParametersError) -> Problem:
    """Describe a request with faults of its parameters, of which something else raised this."""
    if isinstance(error, RequestValidationError):
        return invalid([_fault(each) for each in error.errors()])
    detail = "must be given once"
    return invalid(
        [
            Fault(parameter=shown(name), detail=detail, value=shown(", ".join(values)))
            for name, values in error.given.items()
        ]
    )


def _of_argument(error: ArgumentError, _: Request) -> Problem:
    detail = f"must {error.rule}.{' ' if error.remedy else ''}{error.remedy}"
    return invalid([Fault(parameter=error.argument, detail=detail, value=shown(error.found))])


def methods_of(request: Request) -> str:
    """Return the methods of a resource, by all routes that have its path; "" where none has."""
    path, methods = request.scope["path"], set()
    for route in iter_route_contexts(request.app.routes):
        regex = getattr(route, "path_regex", None)  # which what is mounted has not
        if regex is not None and regex.match(path):
            methods |= route.methods or set()
    if "GET" in methods:
        methods.add("HEAD")  # `api.guards.head` answers it like GET
    return ", ".join(sorted(methods))


def _of_http(error: HTTPException, request: Request) -> Problem:
    status = HTTPStatus(error.status_code)
    details = {
        HTTPStatus.NOT_FOUND: f"There is nothing at '{shown(request.url.path)}'; "
        "/openapi.json lists what there is.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"This resource does not take {shown(request.method)}; "
        f"it takes {methods_of(request)}.",
    }
    return Problem(
        type="about:blank",
        title=status.phrase,
        status=status,
        detail=details.get(status, status.description or status.phrase),
    )


def route_of(scope: Scope) -> str | None:
    """Return the template of the route that a request came to; None for one that is nowhere.

    That is what logs have of it: in a path, somebody may have put what is a person's.
    """
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else None


def _of_unexpected(error: Exception, request: Request) -> Problem:
    # What stands above writes the traceback: Starlette raises the error again for it.
    _LOG.error("%s on %s %s", type(error).__name__, request.method, route_of(request.scope))
    return Problem(
        type="about:blank",
        title=HTTPStatus.INTERNAL_SERVER_ERROR.phrase,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        detail="The server failed on this request. The fault is logged.",
    )


def _of_cursor(error: CursorError | EpochError | HorizonError, _: Request) -> Problem:
    kind, title, what = _GONE[type(error)]
    return Problem(
        type=f"urn:geo-match:problem:{kind}",
        title=title,
        status=HTTPStatus.GONE,
        detail=f"{what} Who follows the feed begins anew: `GET /v1/snapshot`, and then from its "
        "cursor.",
    )


def _of_store(error: StoreError, request: Request) -> Problem:
    _LOG.error("%s on %s: %s", type(error).__name__, route_of(request.scope), error)
    return Problem(
        type="about:blank",
        title=HTTPStatus.SERVICE_UNAVAILABLE.phrase,
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        detail=f"The store {_what_ails(error)} at the moment; the fault is logged. Try again.",
    )


def _of_records(error: FrameError, request: Request) -> Problem:
    # What comes with a request is held against its rules where it is read, and named by where it
    # stands. What gets here is of the store: its rows are nobody's whom it is told to.
    _LOG.error("%s on %s: %s", type(error).__name__, route_of(request.scope), logged(error))
    return Problem(
        type=_FAULTY,
        title="Records not usable",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        detail="Records of the store break a rule without which this cannot be answered. The fault "
        "is logged, with columns and rules, for who runs this server.",
    )


def logged(error: GeoMatchError | OSError) -> str:
    """Return what a log may have of an error: of what is given or kept the rules, and no value.

    A store, a file and the system say what ails them in their own words, which hold no row.
    """
    from geo_match.matching import FrameError  # noqa: PLC0415 - slow, and an application has it

    if isinstance(error, FrameError):
        return "; ".join(
            f"`{one.frame}`, column `{one.column}` must {one.rule} ({one.count:,} rows do not)"
            for one in error.faults
        )
    if isinstance(error, ArgumentError):
        return f"{type(error).__name__}: `{error.argument}` must {error.rule}"
    return str(error)


def _what_ails(error: StoreError) -> str:
    if isinstance(error, StoreBusyError):
        return "is busy"
    if isinstance(error, StoreFullError | StoreReadOnlyError):
        return "cannot be written to"
    return "cannot be read"


_GONE: Final[dict[type[StoreError], tuple[str, str, str]]] = {
    EpochError: (
        "other-epoch",
        "Cursor of another epoch",
        "It is of the store's life before it was restored from a backup, or of another store.",
    ),
    CursorError: (
        "cursor-beyond-head",
        "Cursor beyond the last change",
        "It lies beyond the last change that the store has.",
    ),
    HorizonError: (
        "changes-gone",
        "Changes are gone",
        "It lies before the place from which the store still knows its past.",
    ),
}

_TABLE: dict[type[Exception], Callable[[Any, Request], Problem]] = {
    ProblemError: lambda error, _: error.problem,
    RequestValidationError: lambda error, _: of_parameters(error),
    RepeatedParametersError: lambda error, _: of_parameters(error),
    ArgumentError: _of_argument,
    EpochError: _of_cursor,
    CursorError: _of_cursor,
    HorizonError: _of_cursor,
    StoreError: _of_store,
    HTTPException: _of_http,
    Exception: _of_unexpected,
}


def _handler(
    describe: Callable[[Any, Request], Problem],
) -> Callable[[Request, Exception], Response]:
    def handle(request: Request, error: Exception) -> Response:
        headers: dict[str, str] = {}
        if isinstance(error, HTTPException | ProblemError):
            headers.update(error.headers or {})
        if isinstance(error, StoreBusyError):
            headers["Retry-After"] = _RETRY_AFTER_S
        if "Allow" in headers:
            headers["Allow"] = methods_of(request)
        return answer(describe(error, request), headers)

    return handle


def install(app: FastAPI) -> None:
    """Let the application answer every exception by the table."""
    from geo_match.matching import FrameError  # noqa: PLC0415 - slow, and an application has it

    for kind, describe in {**_TABLE, FrameError: _of_records}.items():
        app.add_exception_handler(kind, _handler(describe))
