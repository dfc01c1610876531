"""The verdict on pairs: who is left when all conditions are asked, and what fails or is unknown.

The loops are put together from the forms of the conditions: whatever is declared in
`geo_match.matching.criteria.conditions` is judged here, and nothing of it is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo_match._jit import kernel
from geo_match.matching.criteria.conditions import bit, mask_of
from geo_match.matching.criteria.forms import of_bounds, of_keys
from geo_match.matching.engine.side import BOUNDED, KEYED, OCCUPATION, Side, Tables
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.matching.engine.side import Rows

_FAIL, _PASS, _UNKNOWN = int(FAIL), int(PASS), int(UNKNOWN)


_SAMPLE: Final = 2_048
_FEW: Final = 256
_STRIDE: Final = 7_919  # a prime: the pairs are spread over both sides


class Judging(NamedTuple):
    """What pairs are judged and scored by.

    Parameters
    ----------
    outcome, start, width, nearness
        As `Tables` has them.
    sequence
        int64: the conditions asked that compare both sides, those first that fail most. Below c it
        is the place of one on kinds, of which there are c; from there on of one on amounts.
    keyed_bit, bounded_bit
        int64, (c,) and (d,): the bit of each condition.
    job_amount
        bool, (d,): whether the amount is the job's, and the bounds the seeker's.
    asked, strict
        The bits of the conditions judged, and of those that an unknown outcome fails.
    share
        float64, (6,): of the score's parts.
    half_distance_m
        Metres in which closeness falls to a half.
    occupation
        The place of the occupation among the conditions on kinds.
    ranks_seekers
        Whether seekers are chosen for jobs, else jobs for seekers.
    """

    outcome: NDArray[np.int8]
    start: NDArray[np.int64]
    width: NDArray[np.int64]
    nearness: NDArray[np.float64]
    sequence: NDArray[np.int64]
    keyed_bit: NDArray[np.int64]
    bounded_bit: NDArray[np.int64]
    job_amount: NDArray[np.bool_]
    asked: int
    strict: int
    share: NDArray[np.float64]
    half_distance_m: float
    occupation: int
    ranks_seekers: bool


def judging(seekers: Side, jobs: Side, tables: Tables, *, ranks_seekers: bool) -> Judging:
    """Put together what the pairs of two sides are judged by: the options are the centres'."""
    options = (jobs if ranks_seekers else seekers).options
    names = [*KEYED, *BOUNDED]
    by = Judging(
        *tables,
        sequence=np.array([i for i, name in enumerate(names) if name in options.asked], np.int64),
        keyed_bit=np.array([bit(name) for name in KEYED], dtype=np.int64),
        bounded_bit=np.array([bit(name) for name in BOUNDED], dtype=np.int64),
        job_amount=np.array([form.amount_of == "job" for form in BOUNDED.values()], np.bool_),
        asked=mask_of(options.judged),
        strict=mask_of(tuple(options.unknown_fails)),
        share=np.array(options.weights.shares(ranks_seekers=ranks_seekers)),
        half_distance_m=float(options.half_distance_m),
        occupation=OCCUPATION,
        ranks_seekers=ranks_seekers,
    )
    if min(len(seekers), len(jobs)) < _FEW:
        # Too few to learn from; and who is asked for alone finds the pools of the others.
        first = np.argsort(by.sequence != OCCUPATION, kind="stable")
        return by._replace(sequence=by.sequence[first])
    n_failing = _sample(by, seekers, jobs)
    bits = np.concatenate([by.keyed_bit, by.bounded_bit])[by.sequence]
    fails_most = np.argsort([-np.count_nonzero(n_failing & one) for one in bits], kind="stable")
    return by._replace(sequence=by.sequence[fails_most])


def is_barred(
    by: Judging, failed: NDArray[np.int64], unknown: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which rows a condition on their side alone keeps from any match, (n,).

    Parameters
    ----------
    failed, unknown
        As `Rows` has them, (n,).
    """
    return np.asarray(((failed | (unknown & by.strict)) & by.asked) != 0, dtype=np.bool_)


def _sample(by: Judging, seekers: Side, jobs: Side) -> NDArray[np.int64]:
    """Return what fails of some pairs; it says in which order to ask, and nothing of the answer."""
    step = np.arange(_SAMPLE, dtype=np.int64)
    failed, unknown = np.empty((2, _SAMPLE), dtype=np.int64)
    one, other = (step * _STRIDE % len(side) for side in (seekers, jobs))
    other = (other + step // len(jobs)) % len(jobs)
    mark(by, seekers.rows, one, jobs.rows, other, failed, unknown)
    return failed


@kernel
def keep_keys(
    table: NDArray[np.int8],
    base: int,
    stride: int,
    code: NDArray[np.int32],
    lenient: bool,
    slot: NDArray[np.int64],
    pair: NDArray[np.int64],
    n: int,
) -> int:
    """Keep those of n rows that do not fail a condition on kinds; return how many.

    Parameters
    ----------
    base, stride
        Where the outcome for a value of the rows lies: `table[base + stride * code]`.
    lenient
        Whether unknown passes.
    slot, pair
        The rows, and what goes with them; what is kept moves to the front, in its order.
    """
    kept = 0
    for i in range(n):
        at = slot[i]
        outcome = of_keys(table, base, stride, code[at], 0)
        slot[kept], pair[kept] = at, pair[i]
        # Added up, not branched on: no processor guesses who passes.
        kept += (outcome == _PASS) | ((outcome == _UNKNOWN) & lenient)
    return kept


@kernel
def keep_amounts(
    low: float,
    high: float,
    rows_low: NDArray[np.float64],
    rows_high: NDArray[np.float64],
    rows_are_amounts: bool,
    lenient: bool,
    slot: NDArray[np.int64],
    pair: NDArray[np.int64],
    n: int,
) -> int:
    """Keep those of n rows that do not fail a condition on amounts; return how many.

    Parameters
    ----------
    low, high
        The centre's ends.
    rows_are_amounts
        Whether the rows have the amounts, and the centre the bounds.
    """
    kept = 0
    for i in range(n):
        at = slot[i]
        if rows_are_amounts:
            outcome = of_bounds(rows_low[at], rows_high[at], low, high)
        else:
            outcome = of_bounds(low, high, rows_low[at], rows_high[at])
        slot[kept], pair[kept] = at, pair[i]
        kept += (outcome == _PASS) | ((outcome == _UNKNOWN) & lenient)
    return kept


@kernel
def sieve(
    by: Judging,
    centres: Rows,
    centre: int,
    rows: Rows,
    slot: NDArray[np.int64],
    pair: NDArray[np.int64],
    n: int,
) -> int:
    """Keep those of n rows that fail no condition with a centre; return how many.

    Those on one side alone are left aside: whoever fails one is in no pool.
    """
    n_keyed = len(by.keyed_bit)
    for step in by.sequence:
        if step < n_keyed:
            width = by.width[step]
            if by.ranks_seekers:
                base, stride = by.start[step] + centres.key[step, centre], width
            else:
                base, stride = by.start[step] + centres.key[step, centre] * width, 1
            lenient = (by.strict & by.keyed_bit[step]) == 0
            n = keep_keys(by.outcome, base, stride, rows.key[step], lenient, slot, pair, n)
        else:
            place = step - n_keyed
            n = keep_amounts(
                centres.low[place, centre],
                centres.high[place, centre],
                rows.low[place],
                rows.high[place],
                by.job_amount[place] != by.ranks_seekers,
                (by.strict & by.bounded_bit[place]) == 0,
                slot,
                pair,
                n,
            )
    return n


@kernel
def mark(
    by: Judging,
    seekers: Rows,
    seeker: NDArray[np.int64],
    jobs: Rows,
    job: NDArray[np.int64],
    failed: NDArray[np.int64],
    unknown: NDArray[np.int64],
) -> None:
    """Write of each pair the bits of the conditions, but for the distance, that are so.

    Parameters
    ----------
    seeker, job
        Their rows, (m,).
    failed, unknown
        (m,): written. An unknown outcome that counts as a failure is among both.
    """
    for i in range(len(seeker)):
        unknown[i] = (seekers.unknown[seeker[i]] | jobs.unknown[job[i]]) & by.asked
        failed[i] = (seekers.failed[seeker[i]] | jobs.failed[job[i]]) & by.asked
    n_keyed = len(by.keyed_bit)
    for place in by.sequence[by.sequence < n_keyed]:
        start, width, bit_of = by.start[place], by.width[place], by.keyed_bit[place]
        one, other = seekers.key[place], jobs.key[place]
        for i in range(len(seeker)):
            outcome = of_keys(by.outcome, start, width, one[seeker[i]], other[job[i]])
            failed[i] |= bit_of if outcome == _FAIL else 0
            unknown[i] |= bit_of if outcome == _UNKNOWN else 0
    for place in by.sequence[by.sequence >= n_keyed] - n_keyed:
        bit_of, job_amount = by.bounded_bit[place], by.job_amount[place]
        seeker_low, seeker_high = seekers.low[place], seekers.high[place]
        job_low, job_high = jobs.low[place], jobs.high[place]
        for i in range(len(seeker)):
            s, j = seeker[i], job[i]
            if job_amount:
                outcome = of_bounds(job_low[j], job_high[j], seeker_low[s], seeker_high[s])
            else:
                outcome = of_bounds(seeker_low[s], seeker_high[s], job_low[j], job_high[j])
            failed[i] |= bit_of if outcome == _FAIL else 0
            unknown[i] |= bit_of if outcome == _UNKNOWN else 0
    for i in range(len(seeker)):
        failed[i] |= unknown[i] & by.strict
