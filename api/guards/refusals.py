"""Why a request is not let through: a problem for each of the guards."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from api.problems import Fault, Problem, invalid, shown

_HOST: Final = "urn:geo-match:problem:host-not-allowed"
_FORWARDED: Final = "urn:geo-match:problem:forwarded"
_LONG_BODY: Final = "urn:geo-match:problem:body-too-long"
_SLOW_BODY: Final = "urn:geo-match:problem:body-too-slow"
_TWO_LENGTHS: Final = "urn:geo-match:problem:body-announced-twice"
_NO_BODY: Final = "urn:geo-match:problem:body-not-taken"
_MEDIA_TYPE: Final = "urn:geo-match:problem:media-type"
_TOO_MANY: Final = "urn:geo-match:problem:too-many-requests"
_CROWDED: Final = "urn:geo-match:problem:server-busy"
_SLOW_HEADER: Final = "urn:geo-match:problem:header-too-slow"
_NOT_HTTP: Final = "urn:geo-match:problem:not-http"
_TOO_LONG: Final = "urn:geo-match:problem:deadline"


def host_not_allowed(host: str) -> Problem:
    """Describe a request under a name that this server does not answer to."""
    return Problem(
        type=_HOST,
        title="Host not allowed",
        status=HTTPStatus.MISDIRECTED_REQUEST,
        detail=f"This server does not answer to the host '{shown(host)}'. "
        "Its operator can add the name to GEO_MATCH_ALLOWED_HOSTS.",
    )


def forwarded_refused(name: str) -> Problem:
    """Describe a request with a header that only a proxy may send, where none is expected."""
    return Problem(
        type=_FORWARDED,
        title="Forwarded header refused",
        status=HTTPStatus.BAD_REQUEST,
        detail=f"No proxy is expected before this server, so it takes no {shown(name)}. Its "
        "operator can set GEO_MATCH_FORWARDED=true.",
    )


def body_too_long(most_bytes: int) -> Problem:
    """Describe a request whose body is longer than some number of bytes."""
    return Problem(
        type=_LONG_BODY,
        title="Body too long",
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        detail=f"A body may have at most {most_bytes:,} bytes here.",
    )


def body_too_slow(least_bytes_per_s: int) -> Problem:
    """Describe a request whose body comes slower than some number of bytes a second."""
    return Problem(
        type=_SLOW_BODY,
        title="Body too slow",
        status=HTTPStatus.REQUEST_TIMEOUT,
        detail="The body was waited for too long. After some seconds at its beginning it must come "
        f"at {least_bytes_per_s:,} bytes a second at least.",
    )


def body_not_taken(method: str) -> Problem:
    """Describe a request with a body, by a method that takes none."""
    return Problem(
        type=_NO_BODY,
        title="Body not taken",
        status=HTTPStatus.BAD_REQUEST,
        detail=f"A {method} takes no body here; what it asks for stands in its URL.",
    )


def body_announced_twice() -> Problem:
    """Describe a request of whose body the header says two things."""
    return Problem(
        type=_TWO_LENGTHS,
        title="Body announced twice",
        status=HTTPStatus.BAD_REQUEST,
        detail="A request has Content-Length or Transfer-Encoding, not both: who stands between "
        "might take another end of it for its own.",
    )


def media_type_refused() -> Problem:
    """Describe a request whose body is not said to be JSON."""
    return Problem(
        type=_MEDIA_TYPE,
        title="Media type not taken",
        status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        detail="A body is taken here as `Content-Type: application/json`, in UTF-8 and without a "
        "`Content-Encoding`.",
    )


def body_refused(faults: list[tuple[str, str]]) -> Problem:
    """Describe a request with faults of its body: each a JSON pointer, empty for all, and a rule.

    No value is repeated: it may be a key, or a person's.
    """
    return invalid(
        [
            Fault(parameter=shown(pointer) or "body", detail=rule, value=None)
            for pointer, rule in faults
        ]
    )


def too_many_requests(who: str, per_s: float, burst: int) -> Problem:
    """Describe a request by somebody who made too many; `who` is a key, or an address."""
    return Problem(
        type=_TOO_MANY,
        title=HTTPStatus.TOO_MANY_REQUESTS.phrase,
        status=HTTPStatus.TOO_MANY_REQUESTS,
        detail=f"A{'n' * who.startswith('a')} {who} may make {per_s:g} requests a second here, and "
        f"{burst:,} at once; batches count as more. `Retry-After` says when to ask again.",
    )


def too_many_bodies(most: int) -> Problem:
    """Describe a request from an address from which too many bodies are on their way."""
    return Problem(
        type=_TOO_MANY,
        title=HTTPStatus.TOO_MANY_REQUESTS.phrase,
        status=HTTPStatus.TOO_MANY_REQUESTS,
        detail=f"An address may send {most} bodies here at a time. Send them one after the other.",
    )


def too_many_lists(most: int) -> Problem:
    """Describe an import that comes while too many lists are on their way to a worker."""
    return Problem(
        type=_TOO_MANY,
        title=HTTPStatus.TOO_MANY_REQUESTS.phrase,
        status=HTTPStatus.TOO_MANY_REQUESTS,
        detail=f"{most} lists are on their way here, and no more are taken at a time. Send it once "
        "one of them is here.",
    )


def server_crowded() -> Problem:
    """Describe a request that comes while as many are answered as may be."""
    return Problem(
        type=_CROWDED,
        title="Server busy",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        detail="The server answers as many requests as it can. Try again.",
    )


def too_many_waiting(most: int) -> Problem:
    """Describe a request that would wait for a change, while as many wait as may."""
    return Problem(
        type=_CROWDED,
        title="Server busy",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        detail=f"{most} wait for changes here, and no more may at a time. Ask again later, or "
        "without `wait_s`, to which there is an answer at once.",
    )


def too_many_lists_here(most: int, most_bytes: int) -> Problem:
    """Describe an import that comes while as many lists are here as may be."""
    return Problem(
        type=_CROWDED,
        title="Server busy",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        detail=f"Lists that come, wait for their turn or are taken in may be {most} here, of "
        f"{most_bytes:,} bytes together. Send it again once one of them is in.",
    )


def header_too_slow(most_s: float) -> Problem:
    """Describe a request whose header did not come within some seconds."""
    return Problem(
        type=_SLOW_HEADER,
        title="Header too slow",
        status=HTTPStatus.REQUEST_TIMEOUT,
        detail=f"The header of the request did not come within {most_s:g} s.",
    )


def not_http() -> Problem:
    """Describe what came in the place of a request."""
    return Problem(
        type=_NOT_HTTP,
        title="No request",
        status=HTTPStatus.BAD_REQUEST,
        detail="What came is no request of HTTP/1.1, or its header is longer than 16 KiB.",
    )


def took_too_long(most_s: float) -> Problem:
    """Describe a request that was not answered within some seconds."""
    return Problem(
        type=_TOO_LONG,
        title="Took too long",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        detail=f"The request was not answered within {most_s:g} s. What it changes may yet be "
        "done; to ask for less may help.",
    )


def key_in_url(name: str) -> Problem:
    """Describe a request whose URL holds a key; that is not repeated."""
    detail = (
        "must not stand in a URL, which is logged on its way: send the key as `Authorization: "
        "Bearer gmk_…`, and have one that stood in a URL revoked"
    )
    return invalid([Fault(parameter=name, detail=detail, value=None)])


def nul_in_query(name: str) -> Problem:
    """Describe a request with a NUL in a parameter, or in its name."""
    detail = "must be a text without a NUL character, which no record has"
    return invalid([Fault(parameter=shown(name), detail=detail, value=None)])


def nul_in_path() -> Problem:
    """Describe a request whose path has a NUL in it."""
    return Problem(
        type="about:blank",
        title=HTTPStatus.NOT_FOUND.phrase,
        status=HTTPStatus.NOT_FOUND,
        detail="There is nothing at a path with a NUL character in it, which no record has.",
    )
