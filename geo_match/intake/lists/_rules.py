"""What the fields of one record must be to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.intake.lists._judgement import Judgement
    from geo_match.intake.values.cells import Column

IN_ORDER: Final = (
    ("start", "end", "must not end before it starts"),
    ("wage_low_cny", "wage_high_cny", "must have its lower wage before the higher"),
    ("opened_on", "closed_on", "must not close before it opens"),
    ("registered_on", "closed_on", "must not be closed before it was registered"),
    ("age_min", "age_max", "must have its lower age before the higher"),
    ("working_age_count", "member_count", "must not have more members of working age than members"),
)
"""Pairs of fields the first of which must not exceed the second, as the models have them."""
_SHOULD: Final = (
    ("filled", "vacancies", 0, "must not have found more people than it seeks"),
    ("birth_year", "graduation_year", 10, "must be at least 10 years after the year of birth"),
)
"""Pairs that look wrong in the same way, and are kept: the second less so much must reach the
first."""

_WITH: Final = (
    (
        "close_reason",
        "closed_on",
        "must have the day of closing beside the reason for it",
        "It was kept, and counts as registered: give the day.",
    ),
)
"""Pairs of which the first says little without the second."""


def judge_pairs(
    values: Mapping[str, Column], headers: Mapping[str, str], judgement: Judgement
) -> None:
    """Judge the fields of each record by each other.

    Parameters
    ----------
    values
        The columns of the fields, (n,) each.
    headers
        Where each came from.
    judgement
        Receives what is wrong or doubtful.
    """
    for first, second, rule in IN_ORDER:
        if first in headers and second in headers:
            field = _field(headers[first], headers[second])
            judgement.reject(_exceeds(values, first, second), field, rule, "Mend one of the two.")
    for first, second, more, rule in _SHOULD:
        if first in headers and second in headers:
            field = _field(headers[first], headers[second])
            doubtful = _exceeds(values, first, second, more)
            judgement.note(doubtful, field, rule, "It was kept; mend one.")
    for first, second, rule, remedy in _WITH:
        if first in headers:
            alone = pc.is_valid(values[first])
            if second in headers:
                alone = pc.and_(alone, pc.is_null(values[second]))
            judgement.note(_mask(alone), headers[first], rule, remedy)


def are_in_order(values: Mapping[str, Any]) -> bool:
    """Return whether `judge_pairs` has nothing to say of one record, by its values."""
    for first, second, more in (
        *((first, second, 0) for first, second, _ in IN_ORDER),
        *((first, second, more) for first, second, more, _ in _SHOULD),
    ):
        one, other = values.get(first), values.get(second)
        # A day has nothing added to it.
        if one is not None and other is not None and (one + more if more else one) > other:
            return False
    return not any(
        values.get(first) is not None and values.get(second) is None for first, second, *_ in _WITH
    )


def _field(first: str, second: str) -> str:
    return first if first == second else f"{first}, {second}"


def _exceeds(
    values: Mapping[str, Column], first: str, second: str, more: int = 0
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    least = pc.add(values[first], more) if more else values[first]
    return _mask(pc.fill_null(pc.greater(least, values[second]), fill_value=False))


def _mask(flags: Column) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(flags.to_numpy(), dtype=np.bool_)
