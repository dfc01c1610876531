"""One pair from request to answer: each condition with what it compared, and the score's parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geo_match._display import Table, card
from geo_match.matching.answers import result
from geo_match.matching.criteria import _words as words
from geo_match.matching.criteria.conditions import ALL, bit
from geo_match.matching.options import REGISTERED
from geo_match.records.holding import fields_of_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.matching.engine.engine import Engine
    from geo_match.matching.engine.side import Side


_MOST_DIGITS: Final = 12


class Compared(NamedTuple):
    """A condition of one pair.

    Parameters
    ----------
    name, chinese
        What the condition is called.
    outcome
        "pass", "fail" or "unknown".
    seeker, job
        What it compared, in words with units; empty where a side has no part in it.
    stands_in_way
        Whether it keeps the pair from being a match: it fails, or is unknown where that fails.
    rule
        The dated rule that told it: its name, since when it holds, and its source; empty where
        none did.
    """

    name: str
    chinese: str
    outcome: str
    seeker: str
    job: str
    stands_in_way: bool
    rule: str = ""


@dataclass(frozen=True)
class Explanation:
    """Why a pair is a match, or why not.

    Parameters
    ----------
    seeker_id, job_id
        Of the two.
    is_match
        Whether nothing stands in the way.
    distance_m, basis, certainty
        Metres, what they are, and how certain it is that they lie within the radius; the first and
        the last are None where one of the two has no place, or there is no way on foot.
    radius_m
        The radius that counted, metres.
    conditions
        Each one asked, in their order; and `registered`, if former seekers are not asked for and
        the seeker's record says from when or until when they are.
    parts
        What each part adds to the score, by name, in the order in which they are added; empty where
        there is no distance.
    score
        Their sum; None where there is no distance.
    origin_id
        What the seeker names, where the circle is around an origin and not the seeker's own place;
        else None. The place of the seeker is then that of the origin.
    straight_m, seeker_snap_m, job_snap_m
        On foot, metres: the straight line between the two, and how far each is from its street,
        which is in the distance; None in straight lines, where one has no place, and of snaps
        where no street leads to it.
    no_way
        On foot, why there is no distance between two places: "disconnected" if no street joins
        them; "seeker: too_far" if there is no street near the seeker's place, "job: blocked" if
        those near the job's lie across water or a railway; else None.
    """

    seeker_id: str
    job_id: str
    is_match: bool
    distance_m: float | None
    basis: str
    certainty: str | None
    radius_m: float
    conditions: tuple[Compared, ...]
    parts: Mapping[str, float]
    score: float | None
    origin_id: str | None = None
    straight_m: float | None = None
    seeker_snap_m: float | None = None
    job_snap_m: float | None = None
    no_way: str | None = None

    @property
    def stands_in_way(self) -> tuple[str, ...]:
        """The names of the conditions that keep the pair from being a match."""
        return tuple(one.name for one in self.conditions if one.stands_in_way)

    def __str__(self) -> str:
        """Say it in lines, one a condition; the score of a match alone."""
        lines = [self._verdict]
        for one in self.conditions:
            sides = " / ".join(side for side in (one.seeker, one.job) if side)
            lines.append(f"{one.outcome:8}{one.name} {one.chinese}: {sides}")
            if one.rule:
                lines.append(f"        by {one.rule}")
        return "\n".join([*lines, *self._sum])

    def _repr_html_(self) -> str:
        """Say the same as a table, in a notebook."""
        rows = [
            (one.outcome, f"{one.name} {one.chinese}", one.seeker, one.job, one.rule)
            for one in self.conditions
        ]
        heads = ("outcome", "condition", "seeker", "job", "by")
        return card(self._verdict, Table(heads, rows), *self._sum)

    @property
    def _verdict(self) -> str:
        """Who and what it is about, and whether they match."""
        where = "no distance" if self.no_way is None else f"no way on foot: {self.no_way}"
        if self.distance_m is not None:
            where = f"{_apart(self.distance_m, self.radius_m)} m"
        if self.straight_m is not None:
            on_foot = "" if self.distance_m is None else " on foot"
            where += f"{on_foot} ({self.straight_m:,.0f} m straight)"
        around = "" if self.origin_id is None else f" around {self.origin_id}"
        verdict = "a match" if self.is_match else "no match"
        within = f"{self.radius_m:,.15g} m"
        return f"{self.seeker_id}{around} and {self.job_id}: {verdict}, {where} of {within}"

    @property
    def _sum(self) -> list[str]:
        """What the score of a match is of; nothing of what is none."""
        if self.score is None or not self.is_match:
            return []
        parts = " + ".join(f"{name} {value:.3f}" for name, value in self.parts.items())
        return [f"score {self.score:.3f} = {parts}"]


def explain(engine: Engine, seeker: Side, job: Side) -> Explanation:
    """Explain a pair.

    Parameters
    ----------
    engine
        That answers in the direction asked about.
    seeker, job
        Sides of one row each.
    """
    distance_m = _distance(seeker, job)
    foot = _on_foot(seeker, job) if distance_m is not None else _Foot()
    if distance_m is not None and np.isinf(distance_m):
        distance_m = None
    told = engine.tell_alone(seeker, job, np.nan if distance_m is None else distance_m)
    failed, unknown = int(told.failed[0]), int(told.unknown[0])
    radius_m = float(seeker.radius_m[0])
    certainty = None
    if distance_m is None and foot.no_way is None:
        unknown |= bit("distance")
    if distance_m is not None:
        either_m = seeker.accuracy_m + job.accuracy_m
        (place,) = result.certainty_of(np.array([distance_m]), either_m, seeker.radius_m)
        certainty = result.CERTAINTIES[place]
    if distance_m is None or distance_m > radius_m:
        failed |= bit("distance")
    parts: dict[str, float] = {}
    if distance_m is not None:
        names = result.parts(ranks_seekers=engine.ranks_seekers)
        parts = dict(zip(names, told.parts[:, 0].tolist(), strict=False))
    circles = seeker.circles
    return Explanation(
        seeker.ids[0].as_py(),
        job.ids[0].as_py(),
        not failed,
        distance_m,
        seeker.reach.basis,
        certainty,
        radius_m,
        compared(
            seeker,
            *(side.table.to_pylist()[0] for side in (seeker, job)),
            failed=failed,
            unknown=unknown,
            snaps=None if foot.straight_m is None else (foot.seeker_snap_m, foot.job_snap_m),
        ),
        parts,
        result.added(parts.values()) if parts else None,
        None if circles is None else circles.name[0].as_py(),
        *foot,
    )


class _Foot(NamedTuple):
    """What `Explanation` says of a pair on foot."""

    straight_m: float | None = None
    seeker_snap_m: float | None = None
    job_snap_m: float | None = None
    no_way: str | None = None


def _on_foot(seeker: Side, job: Side) -> _Foot:
    """Say what there is beside the distance on foot of a pair, both with a place."""
    mine, theirs = seeker.on_foot, job.on_foot
    if mine is None or theirs is None:
        return _Foot()
    (straight_m,) = mine.straight.measure(seeker.origin, job.lon, job.lat).tolist()
    mine_m, theirs_m = (
        None if np.isinf(snap_m) else snap_m
        for snap_m in (*mine.snap_m(seeker.origin).tolist(), *theirs.snap_m(job.origin).tolist())
    )
    no_way = mine.why_not(int(seeker.origin[0]), float(job.lon[0]), float(job.lat[0]))
    return _Foot(straight_m, mine_m, theirs_m, no_way or None)


def compared(
    seekers: Side,
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    *,
    row: int = 0,
    failed: int,
    unknown: int,
    snaps: tuple[float | None, float | None] | None,
) -> tuple[Compared, ...]:
    """Say of each condition what it compared in one pair.

    Parameters
    ----------
    seekers
        The side that the seeker is of.
    mine, theirs
        The rows of the seeker and of the job, as their tables have them.
    row
        The place of the seeker among them.
    failed, unknown
        The bits of the conditions that are so.
    snaps
        On foot, how far the two are from their streets, metres, each None where no street leads to
        it; None in straight lines.
    """
    options = seekers.options
    has_days = any(mine[name] is not None for name in fields_of_days("seekers"))
    conditions = []
    for one in ALL:
        if one.name in options.judged and (one.name != REGISTERED or has_days):
            is_unknown, is_failed = unknown & bit(one.name), failed & bit(one.name)
            outcome = "unknown" if is_unknown else "fail" if is_failed else "pass"
            sides = one.seeker(mine, options, theirs), one.job(theirs, options, mine)
            if one.name == "distance" and seekers.circles is not None:
                sides = words.origin(*_origin(seekers, row)), sides[1]
            if one.name == "distance" and snaps is not None:
                sides = words.on_foot(sides[0], snaps[0]), words.on_foot(sides[1], snaps[1])
            rule = one.rule(mine, options, theirs)
            told_so = Compared(one.name, one.chinese, outcome, *sides, bool(is_failed), rule)
            conditions.append(told_so)
    return tuple(conditions)


def _origin(seekers: Side, row: int) -> tuple[bool, bool, bool, float]:
    """Return whether a seeker's origin is known, has a place, and is an area; and its accuracy."""
    return (
        bool(seekers.origin[row] >= 0),
        bool(seekers.is_located[row]),
        seekers.reach.basis == "area_edge",
        float(seekers.accuracy_m[row]),
    )


def _apart(distance_m: float, radius_m: float) -> str:
    """Return a distance in words: whole metres, or as exact as tells it apart from the radius."""
    if distance_m == radius_m:
        return f"{distance_m:,.15g}"
    for digits in range(_MOST_DIGITS):
        said = f"{distance_m:,.{digits}f}"
        if said != f"{radius_m:,.{digits}f}":
            return said
    return repr(distance_m)


def _distance(seeker: Side, job: Side) -> float | None:
    """Return the distance, inf if there is no way; None if one of the two has no place."""
    if not (seeker.is_located[0] and job.is_located[0]):
        return None
    return float(seeker.reach.measure(seeker.origin, job.lon, job.lat)[0])
