"""What is wrong with the places of a what-if, told by where they stand in the body."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from api.problems import Fault, Problem, ProblemError

if TYPE_CHECKING:
    from geo_match.matching.given.faults import FrameError

_INVALID = "urn:geo-match:problem:invalid-parameters"


def refused(error: FrameError) -> ProblemError:
    """Return what to raise where the places that come are not as a supply must be."""
    faults = [
        Fault(
            parameter=f"/{one.frame}",
            detail=f"must {one.rule} ({one.column}). {one.remedy}".rstrip(),
            value=None,
        )
        for one in error.faults
    ]
    many = "1 parameter breaks its rule" if len(faults) == 1 else f"{len(faults)} faults"
    names = ", ".join(dict.fromkeys(one.parameter for one in faults))
    return ProblemError(
        Problem(
            type=_INVALID,
            title="Invalid parameters",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            detail=f"{many}: {names}.",
            errors=faults,
        )
    )
