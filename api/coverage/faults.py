"""What is wrong with the places of a what-if, told by where they stand in the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.problems import Fault, ProblemError, invalid

if TYPE_CHECKING:
    from geo_match.errors import ArgumentError
    from geo_match.matching.given.faults import FrameError


def refused(error: FrameError) -> ProblemError:
    """Return what to raise where the places that come are not as a supply must be."""
    return ProblemError(
        invalid(
            [
                Fault(
                    parameter=f"/{one.frame}",
                    detail=f"must {one.rule} ({one.column}). {one.remedy}".rstrip(),
                    value=None,
                )
                for one in error.faults
            ]
        )
    )


def refused_ids(error: ArgumentError) -> ProblemError:
    """Return what to raise where a list of ids is not as it must be; none of them is repeated."""
    fault = Fault(
        parameter=f"/{error.argument}",
        detail=f"must {error.rule}. {error.remedy}".rstrip(),
        value=None,
    )
    return ProblemError(invalid([fault]))
