"""Why a record is not given, taken or removed: problems that repeat nothing of a person."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from api.problems import Fault, Problem, ProblemError, invalid, shown
from geo_match.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.records.kinds import Kind
    from geo_match.errors import FileError
    from geo_match.intake import Rejection
    from geo_match.store import One

_UNKNOWN: Final = "urn:geo-match:problem:no-such-record"
_OUTSIDE: Final = "urn:geo-match:problem:outside-area"
_STALE: Final = "urn:geo-match:problem:older-than-kept"
_CONFLICT: Final = "urn:geo-match:problem:as-new-as-kept"
_CONDITION: Final = "urn:geo-match:problem:condition-failed"
_CONTENDED: Final = "urn:geo-match:problem:contended"
_LIST: Final = "urn:geo-match:problem:list-refused"
_MEDIA: Final = "urn:geo-match:problem:media-type"
_REUSED: Final = "urn:geo-match:problem:idempotency-key-reused"
_UNDER_WAY: Final = "urn:geo-match:problem:import-under-way"

_HERE: Final = {
    "--erased-too": "`erased_too=true`",
    "--accept-suspicions": "`accept_suspicions=true`",
    "--correct": "`correct=true`",
    "--datum": "`datum=`",
}
"""What the command calls what a query says here."""

_RENAME: Final = (
    "Rename the columns: the names of the fields are known, and those that offices use."
)

_TELLS_NO_CELL: Final = (
    *("be at most ", "be text in ", "begin with ", "close every ", "have at most "),
    *("have lines of ", "hold at least ", "keep to one ", "look right as a whole"),
)
"""How rules begin of which it may be said of a list of persons, too, what was found instead: the
first line of one without headers is a person."""

NOT_FOUND: Final[dict[int | str, dict[str, Any]]] = {
    404: {
        "model": Problem,
        "description": "There is no such record; or it is of a person outside the caller's area, "
        "who is not told so; or this server serves a file.",
    },
}
CONFLICTS: Final[dict[int | str, dict[str, Any]]] = {
    409: {
        "model": Problem,
        "description": "The record is older than the kept one (`older-than-kept`), or as new and "
        "says otherwise (`as-new-as-kept`). The kept version is told.",
    },
}
CONDITIONS: Final[dict[int | str, dict[str, Any]]] = {
    412: {
        "model": Problem,
        "description": "`If-Match` names another state of the record, or `If-None-Match: *` comes "
        "for one that is there.",
    },
}
UNDER_WAY: Final[dict[int | str, dict[str, Any]]] = {
    409: {
        "model": Problem,
        "description": "A list with the same `Idempotency-Key` is still being taken in "
        "(`import-under-way`): ask again after `Retry-After`.",
    },
}
MEDIA_TYPES: Final[dict[int | str, dict[str, Any]]] = {
    415: {"model": Problem, "description": "The list is neither NDJSON nor CSV."},
}


def here(text: str) -> str:
    """Return what the library says with the names that things have in a query."""
    for word, name in _HERE.items():
        text = text.replace(word, name)
    return text


def no_such_record(kind: str) -> ProblemError:
    """Return what to raise where there is no such record, or none that the caller may know of."""
    return ProblemError(
        Problem(
            type=_UNKNOWN,
            title="No such record",
            status=HTTPStatus.NOT_FOUND,
            detail=f"No record of {kind} by this id is there to be told to this caller.",
        )
    )


def outside_area(area: str) -> ProblemError:
    """Return what to raise where an office would write a person of another area."""
    return ProblemError(
        Problem(
            type=_OUTSIDE,
            title="Outside the area",
            status=HTTPStatus.FORBIDDEN,
            detail=f"This key is of the area {area}: it writes persons who are in a community of "
            "it, and stay in it. The record lies elsewhere, or would.",
        )
    )


def older(kept: One) -> ProblemError:
    """Return what to raise of a record that is older than the kept one."""
    return ProblemError(
        _of_versions(
            kept, _STALE, "Older than the kept record", "must not be less than {held}, the kept one"
        )
    )


def as_new(kept: One) -> ProblemError:
    """Return what to raise of a record that is as new as the kept one, and says otherwise."""
    return ProblemError(
        _of_versions(
            kept,
            _CONFLICT,
            "As new as the kept record",
            "must be greater than {held}, the kept one, which says otherwise",
        )
    )


def _of_versions(kept: One, type_: str, title: str, rule: str) -> Problem:
    held = {
        name: kept.record[name]
        for name in ("version", "updated_at")
        if kept.record[name] is not None
    }
    told = {name: one if isinstance(one, int) else one.isoformat() for name, one in held.items()}
    return Problem(
        type=type_,
        title=title,
        status=HTTPStatus.CONFLICT,
        detail="The kept record has "
        + " and ".join(f"{name} {value}" for name, value in told.items())
        + ". Nothing was written.",
        errors=[
            Fault(parameter=f"/{name}", detail=rule.format(held=value), value=None)
            for name, value in told.items()
        ],
    )


def condition_failed(tag: str | None) -> ProblemError:
    """Return what to raise where a condition does not hold.

    Parameters
    ----------
    tag
        Of the record as it is; None if there is none.
    """
    now = "There is no such record." if tag is None else f"The record's tag is {tag}."
    return ProblemError(
        Problem(
            type=_CONDITION,
            title="Not as the condition says",
            status=HTTPStatus.PRECONDITION_FAILED,
            detail=f"{now} Nothing was written: read it again.",
        )
    )


def contended() -> ProblemError:
    """Return what to raise where others write the same record again and again."""
    return ProblemError(
        Problem(
            type=_CONTENDED,
            title="Others write this record",
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            detail="Others have written the record each time that it was tried. Try again.",
        ),
        {"Retry-After": "1"},
    )


def fault(pointer: str, detail: str) -> ProblemError:
    """Return what to raise of a body with one fault."""
    return ProblemError(invalid([Fault(parameter=pointer, detail=detail, value=None)]))


def rejected(rejections: Iterable[Rejection]) -> ProblemError:
    """Return what to raise of a record that the intake rejects; none of its values is repeated."""
    return ProblemError(
        invalid(
            [
                Fault(
                    parameter=pointer,
                    detail=here(f"{one.rule}{'. ' if one.remedy else ''}{one.remedy}"),
                    value=None,
                )
                for one in rejections
                for pointer in pointers(one.field)
            ]
        )
    )


def pointers(field: str) -> list[str]:
    """Return where in a body the fields stand that a finding names: two by a comma."""
    return [f"/{name}" for name in field.split(", ")]


def list_refused(error: FileError, kind: Kind) -> ProblemError:
    """Return what to raise of a list that is refused as a whole; it names no cell of persons'."""
    # A mapping, which the command reads beside a list, is none of a request.
    remedy = _RENAME if "mapping file" in error.remedy else here(error.remedy)
    found = f", got {_line(error.found)}"
    if kind.speaks_of_persons and not error.rule.startswith(_TELLS_NO_CELL):
        found = ""
        if isinstance(error, ColumnError):
            required = [name for name, one in kind.model.specs().items() if one.required]
            remedy += f" A CSV begins with a line of them. Required: {', '.join(required)}."
    remedy = f" {remedy}" if remedy else ""
    detail = f"The list must {error.rule}{found}. Nothing was written.{remedy}"
    return ProblemError(
        Problem(
            type=_LIST,
            title="List refused",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            detail=detail,
        )
    )


def _line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def not_a_list(given: str | None, taken: Mapping[str, str]) -> ProblemError:
    """Return what to raise of a list of a media type that is not taken."""
    told = "none" if given is None else f"'{shown(given)}'"
    return ProblemError(
        Problem(
            type=_MEDIA,
            title="Media type not taken",
            status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            detail=f"A list is {' or '.join(taken)}; the Content-Type is {told}.",
        ),
        {"Accept": ", ".join(taken)},
    )


def key_reused() -> ProblemError:
    """Return what to raise where an idempotency key comes with another list."""
    return ProblemError(
        Problem(
            type=_REUSED,
            title="Idempotency key used before",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            detail="This `Idempotency-Key` came with another list, or was asked otherwise. Take a "
            "new one for a new list.",
        )
    )


def import_under_way() -> ProblemError:
    """Return what to raise where an idempotency key comes again before its list is in."""
    return ProblemError(
        Problem(
            type=_UNDER_WAY,
            title="Import under way",
            status=HTTPStatus.CONFLICT,
            detail="A list with this `Idempotency-Key` is still being taken in. Send it again "
            "later: it is answered by the report.",
        ),
        {"Retry-After": "5"},
    )
