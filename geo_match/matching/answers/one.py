"""One seeker's answer as plain values, without the frame that a batch is answered with."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._display import Table, card
from geo_match.matching.answers import result
from geo_match.matching.answers.explain import Compared, compared
from geo_match.matching.options import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geo_match.matching.engine.engine import Engine
    from geo_match.matching.engine.side import Side


class Match(NamedTuple):
    """A job that somebody can and would take.

    Parameters
    ----------
    job_id
        Of the job.
    rank
        From 1.
    distance_m, basis, certainty
        Metres, what they are, and how certain it is that they lie within the radius.
    score, parts
        Of the match, and what each part adds to it, by name.
    unknown
        The names of the conditions of which that is the outcome.
    straight_m, seeker_snap_m, job_snap_m
        On foot, metres: the straight line between the two, and how far each is from its street,
        which is in the distance; else None.
    conditions
        What each one compared, as in an `Explanation`; none unless that is asked for.
    """

    job_id: str
    rank: int
    distance_m: float
    basis: str
    certainty: str
    score: float
    parts: Mapping[str, float]
    unknown: tuple[str, ...]
    straight_m: float | None = None
    seeker_snap_m: float | None = None
    job_snap_m: float | None = None
    conditions: tuple[Compared, ...] = ()


class Answer(NamedTuple):
    """What one seeker gets.

    Parameters
    ----------
    seeker_id
        Of the seeker.
    matches
        The best first.
    reason
        Why there is none: as in a frame of matches; None where there is one.
    """

    seeker_id: str
    matches: tuple[Match, ...]
    reason: str | None

    def _repr_html_(self) -> str:
        """Show the matches as a table, in a notebook, or why there is none."""
        if not self.matches:
            return card(f"{self.seeker_id}: no match", f"reason {self.reason}")
        heads = ("rank", "job", "distance", "basis", "certainty", "score", "unknown")
        rows = [
            (
                *(one.rank, one.job_id, f"{one.distance_m:,.0f} m", one.basis, one.certainty),
                *(f"{one.score:.3f}", ", ".join(one.unknown)),
            )
            for one in self.matches
        ]
        return card(f"{self.seeker_id}: matches, the best first", Table(heads, rows))


@lru_cache(maxsize=1 << len(CONDITIONS))
def _named(mask: int) -> tuple[str, ...]:
    """Return the names of the conditions in a mask; few masks occur, and are told once each."""
    return tuple(name for i, name in enumerate(CONDITIONS) if mask >> i & 1)


def answer_one(engine: Engine, seekers: Side, row: int, *, explained: bool = False) -> Answer:
    """Match the seeker of one row; if `explained`, say of each match what was compared."""
    which = np.array([row])
    chosen = engine.choose(seekers, which=which)
    seeker_id = seekers.table.column("id")[row].as_py()
    if not len(chosen.row):
        (place,) = result.reasons(engine, seekers, which)
        return Answer(seeker_id, (), result.reason_of(place))
    told = engine.tell(seekers, chosen)
    names = result.parts(ranks_seekers=False)
    ids = engine.side.table.column("id")
    basis = seekers.reach.basis
    on_foot = engine.sides_on_foot(seekers, chosen)
    straight: list[list[float | None]] = [[None] * 3] * len(chosen.row)
    beside = straight if on_foot is None else np.stack(on_foot, axis=1).tolist()
    unknown_in = told.unknown.tolist()
    conditions = (
        _compared(engine, seekers, row, jobs=chosen.row, unknown=unknown_in, beside=beside)
        if explained
        else [()] * len(chosen.row)
    )
    matches = tuple(
        Match(
            ids[job].as_py(),
            rank,
            distance_m,
            basis,
            result.CERTAINTIES[certain],
            score,
            dict(zip(names, parts, strict=False)),
            _named(unknown),
            *(more[0], more[1], more[2], said),
        )
        for rank, (job, distance_m, certain, score, parts, unknown, more, said) in enumerate(
            zip(
                chosen.row.tolist(),
                chosen.distance_m.tolist(),
                result.certainty(engine, seekers, chosen).tolist(),
                chosen.score.tolist(),
                told.parts.T.tolist(),
                unknown_in,
                beside,
                conditions,
                strict=True,
            ),
            start=1,
        )
    )
    return Answer(seeker_id, matches, None)


def _compared(
    engine: Engine,
    seekers: Side,
    row: int,
    *,
    jobs: NDArray[np.int64],
    unknown: Sequence[int],
    beside: Sequence[Sequence[float | None]],
) -> list[tuple[Compared, ...]]:
    """Say what the conditions of the matches of one seeker compared; none of them fails.

    Parameters
    ----------
    jobs
        Their rows.
    unknown
        The bits of those conditions of which that is the outcome.
    beside
        Of each what is said beside the distance on foot; None three times in straight lines.
    """
    (mine,) = seekers.table.slice(row, 1).to_pylist()
    rows = engine.side.table.take(jobs).to_pylist()
    return [
        compared(
            seekers,
            mine,
            theirs,
            row=row,
            failed=0,
            unknown=bits,
            snaps=None if more[0] is None else (more[1], more[2]),
        )
        for theirs, bits, more in zip(rows, unknown, beside, strict=True)
    ]
