"""Whether a seeker accepts a kind of job, and whether it is for somebody like them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.matching.criteria.forms import Keys, each_pair, texts
from geo_match.records.types import JobType
from geo_match.rules.dated import NotInForceError
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN
from geo_match.rules.traineeship import TRAINEESHIP, traineeship

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.matching.options import MatchOptions

_TYPES: Final = get_args(JobType)
_NOT_STATED: Final = -1
_OUTCOMES: Final = 3
_DIFFICULTIES: Final = 3


def seeker_keys(table: pa.Table, options: MatchOptions) -> Keys:
    """Give numbers to seekers: a value is (types accepted or None, difficulty, trainee outcome)."""
    accepted = bits(table.column("accepts"), _TYPES)
    difficulty = _difficulty(table.column("difficulty"))
    trainee = _trainees(table, options)
    mixed = ((accepted + 1) * _DIFFICULTIES + difficulty) * _OUTCOMES + trainee
    different, code = np.unique(mixed, return_inverse=True)
    values = []
    for one in different.tolist():
        rest, outcome = divmod(one, _OUTCOMES)
        accepts, hardship = divmod(rest, _DIFFICULTIES)
        mask = accepts - 1
        types = None if mask == _NOT_STATED else {t for i, t in enumerate(_TYPES) if mask >> i & 1}
        values.append((types, hardship, outcome))
    return Keys(code.astype(np.int32), values)


def job_keys(table: pa.Table, _: MatchOptions) -> Keys:
    """Give numbers to the kinds of jobs."""
    return texts(table.column("job_type"))


def outcomes(seekers: Sequence[Any], jobs: Sequence[Any], _: MatchOptions) -> NDArray[np.int8]:
    """Tell whether a kind of job is accepted, and open to the seeker: both must be so."""
    return each_pair(seekers, jobs, _outcome)


def _outcome(seeker: tuple[set[str] | None, int, int], job: tuple[str | None]) -> int:
    accepts, difficulty, trainee = seeker
    (kind,) = job
    if kind is None:
        return UNKNOWN
    accepted = UNKNOWN if accepts is None else PASS if kind in accepts else FAIL
    entitled = {"public_welfare": difficulty, "traineeship": trainee}.get(kind, PASS)
    if FAIL in (accepted, entitled):
        return FAIL
    return UNKNOWN if UNKNOWN in (accepted, entitled) else PASS


def _trainees(table: pa.Table, options: MatchOptions) -> NDArray[np.int8]:
    """Return whether traineeships are for each, as outcomes; unknown on days without a rule."""
    try:
        TRAINEESHIP.on(options.day)
    except NotInForceError:
        return np.full(len(table), UNKNOWN, dtype=np.int8)
    return traineeship(
        status=table.column("status"),
        groups=table.column("groups"),
        graduation_year=table.column("graduation_year"),
        birth_year=table.column("birth_year"),
        on=options.day,
    )


def _difficulty(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return whether each has an employment difficulty, as outcomes, int64, (n,)."""
    filled = pc.fill_null(pc.not_equal(column, "none"), False)  # noqa: FBT003 - Arrow's
    told = np.where(np.asarray(filled, dtype=np.bool_), PASS, FAIL)
    return np.where(np.asarray(pc.is_null(column)), UNKNOWN, told).astype(np.int64)


def bits(column: pa.ChunkedArray, names: Sequence[str]) -> NDArray[np.int64]:
    """Return which of some names each list of a column holds, a bit each; -1 where it is null.

    Parameters
    ----------
    column
        Of lists of text, (n,).
    """
    lists = column.combine_chunks()
    mask = np.zeros(len(lists), dtype=np.int64)
    place = np.asarray(
        pc.fill_null(pc.index_in(lists.flatten(), value_set=pa.array(names, pa.string())), 63)
    ).astype(np.int64)
    lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0)).astype(np.int64)
    np.bitwise_or.at(mask, np.repeat(np.arange(len(lists)), lengths), np.int64(1) << place)
    mask[np.asarray(pc.is_null(lists))] = _NOT_STATED
    return mask
