"""One publication of several radii: whoever has two of them subtracts, and is to learn nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from geo_match.coverage.publication.count_table import CountTable, Split
from geo_match.coverage.publication.publish import count_tables
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo_match.coverage.answers.report import CoverageReport


def reached_within(radius_m: float) -> str:
    """Return the column of those who are reached within another radius than the first."""
    return f"reached_{radius_m:g}"


def tables_of_radii(
    first: CoverageReport,
    *others: CoverageReport,
    date: str = "",
    groups: Sequence[str] = (),
    h3: bool = False,
) -> tuple[CountTable, ...]:
    """Make the tables that `publish` takes of reports that differ in their radius alone.

    They are those of the first report, as `count_tables` makes them. Each of the others adds one
    count to each row, `reached_within(radius_m)`, and its share. A greater radius reaches whoever a
    smaller one reaches, so each is a part of the next: who lives between two radii is printed
    nowhere, and is protected as a rest. Published one by one, with one key, each figure would have
    the noise of the other radius's, and their difference none.

    Parameters
    ----------
    first
        By straight lines, of whatever is in the circle: without competition and eligibility.
    others
        Of the same people, supply and communities, each by another radius.
    date, groups, h3
        As in `count_tables`. H3 cells are told by the first report's radius alone: the linear
        programs of all radii with all overlaps would take many minutes.

    Raises
    ------
    ArgumentError
        If the reports are not as that, or as `count_tables` says.
    """
    _check(first, others)
    base = count_tables(first, date=date, groups=groups, h3=h3)
    beside = {
        report.options.radius_m: count_tables(report, date=date, groups=groups) for report in others
    }
    own = first.options.radius_m
    n = len(next(iter(beside.values()), base))  # H3 cells and their overlaps come last
    return (
        *(
            _joined(table, {radius_m: tables[at] for radius_m, tables in beside.items()}, own)
            for at, table in enumerate(base[:n])
        ),
        *base[n:],
    )


def _joined(table: CountTable, beside: Mapping[float, CountTable], own: float) -> CountTable:
    """Return a table with what the same rows of the other reports have within their radii."""
    names = {own: "reached"} | {radius_m: reached_within(radius_m) for radius_m in beside}
    beyond = {own: "not_reached"} | {radius_m: f"not_reached_{radius_m:g}" for radius_m in beside}
    added = {names[one]: other.frame["reached"].to_numpy() for one, other in beside.items()}
    steps = list(pairwise(sorted(names)))
    splits = (
        *table.splits,
        *(Split(names[more], (names[less],), _between(less, more)) for less, more in steps),
        *(Split("located", (names[radius_m],), beyond[radius_m]) for radius_m in beside),
        # These follow from the others. Said, they need no linear program to be seen.
        *(Split(beyond[less], (beyond[more], _between(less, more))) for less, more in steps),
    )
    shares = {f"{name}_share": (name, "located") for name in added}
    return replace(
        table,
        frame=table.frame.assign(**added),
        counts=(*table.counts, *added),
        splits=splits,
        shares={**table.shares, **shares},
    )


def _between(less: float, more: float) -> str:
    """Return the rest of those whom one radius reaches and a smaller one does not."""
    return f"between_{less:g}_{more:g}"


def _check(first: CoverageReport, others: Sequence[CoverageReport]) -> None:
    radii = [one.options.radius_m for one in (first, *others)]
    if len(set(radii)) < len(radii):
        raise ArgumentError("others", "have a radius of their own each", f"{radii}")
    for one in (first, *others):
        options = one.options
        if options.on_foot or options.competition is not None or options.eligible is not None:
            rule = "be by straight lines, of whatever is in the circle"
            raise ArgumentError("reports", rule, "walking, competition or eligibility")
        like = replace(
            options,
            radius_m=first.options.radius_m,
            max_distance_m=first.options.max_distance_m,
            coarse_m=first.options.coarse_m,
        )
        same = (
            like == first.options
            and pa.array(one.who.ids).equals(pa.array(first.who.ids))
            and np.array_equal(one.who.weight, first.who.weight)
            and np.array_equal(one.outcome.community, first.outcome.community)
            and all(
                np.array_equal(getattr(one.supply, name), getattr(first.supply, name))
                for name in ("lon", "lat", "amount")
            )
        )
        if not same:
            rule = "differ from the first in the radius alone"
            raise ArgumentError("others", rule, "other people, supply, communities or options")
