"""In which form jobs are answered: JSON, GeoJSON, or schema.org's JobPosting."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from api.jobs.geojson import as_features
from api.jobs.job_postings import as_postings
from api.problems import Problem, ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from api.jobs.answering import Found
    from api.jobs.query import Form

MEDIA_TYPES: Final[dict[Form, str]] = {
    "json": "application/json",
    "geojson": "application/geo+json",
    "jobposting": "application/ld+json",
}
"""Of each form, the one that is preferred first."""
_WRITE: Final[dict[Form, Callable[[Found], bytes]]] = {
    "json": lambda found: found.json(),
    "geojson": lambda found: as_features(found.told()).encode(),
    "jobposting": lambda found: as_postings(found.told()).encode(),
}


def form_of(asked: Form | None, accept: Iterable[str]) -> Form:
    """Return the form that is asked for, by the parameter or else by the header.

    Parameters
    ----------
    asked
        The parameter `f`.
    accept
        The values of the header; without any every form is welcome.

    Raises
    ------
    ProblemError
        If the header takes none of them.
    """
    if asked is not None:
        return asked
    ranges = [_range(one) for value in accept for one in value.split(",") if one.strip()]
    if not ranges:
        return "json"
    liked = {form: _liking(kind, ranges) for form, kind in MEDIA_TYPES.items()}
    best: Form = max(liked, key=lambda form: liked[form])  # of equal ones the first
    if liked[best] <= 0:
        raise _not_acceptable()
    return best


def written(found: Found, form: Form) -> bytes:
    """Return the answer in a form, in UTF-8."""
    return _WRITE[form](found)


def _range(text: str) -> tuple[str, float]:
    """Return a range of media types, and how much it is liked, as RFC 9110 12.5.1 has them.

    What cannot be read is not liked.
    """
    kind, *parameters = (part.strip().lower() for part in text.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return kind, min(max(float(value), 0.0), 1.0)
            except ValueError:
                return kind, 0.0
    return kind, 1.0


def _liking(kind: str, ranges: list[tuple[str, float]]) -> float:
    """Return how much a media type is liked: by the most specific range that it lies in."""
    for wanted in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        liked = [quality for one, quality in ranges if one == wanted]
        if liked:
            return max(liked)
    return 0.0


def _not_acceptable() -> ProblemError:
    return ProblemError(
        Problem(
            type="about:blank",
            title=HTTPStatus.NOT_ACCEPTABLE.phrase,
            status=HTTPStatus.NOT_ACCEPTABLE,
            detail=f"This resource answers as {', '.join(MEDIA_TYPES.values())}; `f=` names the "
            f"form without the header: {', '.join(MEDIA_TYPES)}.",
        )
    )
