"""What a change of the supply would change: `Change`, told by communities and by people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa

from geo_match.coverage.answers.display import change_html
from geo_match.coverage.answers.distance import distance_of
from geo_match.coverage.answers.figures import Groups, by_value, ordered
from geo_match.coverage.answers.reasons import REASONS
from geo_match.coverage.answers.report import CoverageReport
from geo_match.coverage.answers.rows import with_last
from geo_match.coverage.given.people import as_objects
from geo_match.coverage.given.supply import gather
from geo_match.coverage.release import INTERNAL, RELEASE
from geo_match.coverage.what_if.edits import positions
from geo_match.coverage.what_if.ground import as_text
from geo_match.coverage.what_if.outcomes import outcome_of
from geo_match.coverage.what_if.situation import Counts, Situation, is_lost

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.coverage.answers.outcome import Outcome
    from geo_match.coverage.given.supply import SupplyRows
    from geo_match.coverage.options import CoverageOptions
    from geo_match.coverage.what_if.ground import Floats, Ground, Integers, Numbers
    from geo_match.coverage.what_if.recount import Recount
    from geo_match.coverage.what_if.what_if import WhatIf

_COUNTED = ("reached", "below")
_MEDIAN = 0.5


class _State(NamedTuple):
    """How it stands with some people, (t,) each: see `Situation`."""

    reached: NDArray[np.bool_]
    lost: NDArray[np.bool_]
    reason: Integers


@dataclass(frozen=True, eq=False, repr=False)
class Change:
    """What would change; made by `WhatIf.change`, which changed nothing itself.

    It is internal, as the report it comes from: small changes tell of single people.

    Parameters
    ----------
    ground, before, rows, options, recount, go_on
        As `WhatIf` puts them in: not for use from outside.
    """

    ground: Ground
    before: Situation
    rows: SupplyRows
    options: CoverageOptions
    recount: Recount
    go_on: Callable[[Change], WhatIf]

    @property
    def release(self) -> str:
        """What it is: "internal"."""
        return INTERNAL

    @property
    def recomputed(self) -> int:
        """Of how many located people what is in the circle was added up anew; see `WhatIf`."""
        return self.recount.recomputed

    def __repr__(self) -> str:
        """Name the change by its size."""
        return f"Change({self.recomputed:,} rows of people recomputed)"

    def _repr_html_(self) -> str:
        """Show the totals, in a notebook."""
        return change_html(self.options, self.totals())

    @cached_property
    def not_on_network(self) -> tuple[str, ...]:
        """Ids of the rows added or moved to a place that no street leads to; none if not on foot.

        They serve nobody, wherever they seem to be.
        """
        network, rows, were = self.options.network, self.rows, self.before.rows
        if network is None:
            return ()
        at = positions(rows.ids, were.ids)
        stays = at >= 0
        stays[stays] = (rows.lon[stays] == were.lon[at[stays]]) & (
            rows.lat[stays] == were.lat[at[stays]]
        )
        new = np.flatnonzero(~stays & rows.located)
        is_led = network.snap(lon=rows.lon[new], lat=rows.lat[new]).is_snapped
        return tuple(rows.ids.take(pa.array(new[~is_led])).to_pylist())

    @cached_property
    def people(self) -> pd.DataFrame:
        """A row for each person to whom anything changes, in the order of the people.

        `id`; `community`, null outside; `in_reach_before`, `in_reach_after`; on foot
        `in_reach_straight_before`, `in_reach_straight_after`; with competition
        `availability_before`, `availability_after`; `reason_before`, `reason_after`, null at the
        standard or above; `release`, "internal".
        """
        found, before = self.recount, self.before
        who = found.who
        is_other = (before.in_reach[who] != found.in_reach) | (before.reason[who] != found.reason)
        is_other |= before.measure[who] != found.measure
        if before.straight is not None and found.straight is not None:
            is_other |= before.straight[who] != found.straight
        who = who[is_other]
        codes = with_last(self.ground.communities.codes, None)  # of −1, outside
        words = np.array([*REASONS, None], dtype=object)
        columns: dict[str, Any] = {
            "id": as_text(as_objects(self.ground.who.ids.take(pa.array(who)))),
            "community": as_text(codes[self.ground.community[who]]),
            "in_reach_before": before.in_reach[who],
            "in_reach_after": found.in_reach[is_other],
        }
        if before.straight is not None and found.straight is not None:
            columns["in_reach_straight_before"] = before.straight[who]
            columns["in_reach_straight_after"] = found.straight[is_other]
        if self.options.competition is not None:
            columns["availability_before"] = before.measure[who]
            columns["availability_after"] = found.measure[is_other]
        columns["reason_before"] = as_text(words[before.reason[who]])
        columns["reason_after"] = as_text(words[found.reason[is_other]])
        return pd.DataFrame({**columns, RELEASE: INTERNAL})

    def by(self, first: str, *, distance: bool = False) -> gpd.GeoDataFrame:
        """Return what changes for each community, row of a level above, H3 cell or group.

        Parameters
        ----------
        first
            As in `CoverageReport.by`.
        distance
            Whether to tell of the distance to enough as well. It reaches farther than the circle,
            and is looked for anew for everybody: that takes as long as `report` does.

        Returns
        -------
        geopandas.GeoDataFrame
            Of the rows of `CoverageReport.by` those in which somebody (of a weight above 0) comes
            to be reached or not, straight or on foot, has more or less in reach, or gets another
            reason or none; with `distance` those, too, in which somebody has another one. In their
            order. Where as many gain as lose, the changes are 0.

            - `kind`, `code`, `name`, `people`, `located`, as there;
            - `reached_before`, `reached_after`, `reached_change`, and the same of `below`, and on
              foot of `lost_on_foot`: reached straight, and not on foot;
            - `reason_*_change` for each reason; they add up to `below_change`;
            - where the report has the median among its quantiles, `in_reach_median_before`,
              `_after` and `_change`, null where nobody is located; and with `distance` the same of
              `distance_median_m`, null where one of the two is;
            - `release`, "internal"; `geometry`.

            Whole weights give exact figures; with n float weights they are off by at most
            4n·2⁻⁵³ of the sum of all.

        Raises
        ------
        ArgumentError
            If there is no such level or column, or a community has no such level.
        """
        rows = self.ground.rows(first)
        changes = self._changes(rows.of, len(rows.kind))
        told = self._told(self.before.counts(self.ground, first), changes)
        who = self._who_changes
        if distance:
            who = np.union1d(who, self._whose_distance_changes)
        kept = np.unique(rows.of[who])
        told |= self._medians(first, kept, len(rows.kind), distance=distance)
        columns = {"kind": rows.kind, "code": rows.code, "name": rows.name, **told}
        every = gpd.GeoDataFrame({**columns, RELEASE: INTERNAL}, geometry=rows.area, crs=4326)
        # Taken from the whole, so that the columns' types do not depend on which rows change.
        return every.iloc[kept].reset_index(drop=True)

    def totals(self) -> dict[str, Any]:
        """Return what changes for all people together, and in the supply.

        Returns
        -------
        dict
            The figures of a row of `by` but the medians; `supply_rows` and `supply_amount`, of rows
            with a place,
            `_before`, `_after` and `_change`; `recomputed`; `release`.
        """
        everyone = np.zeros(len(self.ground.who.ids), dtype=np.int64)
        parts = self.before.counts(self.ground, "community")
        before = Counts(*(part.sum(axis=0, keepdims=True) for part in parts))
        told = self._told(before, self._changes(everyone, 1))
        found: dict[str, Any] = {name: values[0].item() for name, values in told.items()}
        supply = self.before.supply
        amount = int(self.rows.amount[self.rows.located].sum())
        for name, was, now in (
            ("supply_rows", supply.rows, len(self.rows)),
            ("supply_amount", int(supply.amount.sum()), amount),
        ):
            found |= {f"{name}_before": was, f"{name}_after": now, f"{name}_change": now - was}
        return {**found, "recomputed": self.recomputed, RELEASE: INTERNAL}

    def report(self) -> CoverageReport:
        """Return the whole report after the change: what `Coverage.of` finds with that supply.

        Counts, quantiles of counts, reasons and distances are the same; what falls to a person in
        competition is so to the error that `Availability.relative_error` states. The distances are
        looked for anew, for everybody, as they reach farther than the circle.
        """
        ground, supply = self.ground, self.after.supply
        return CoverageReport(ground.who, supply, ground.communities, self.options, self._outcome)

    def what_if(self) -> WhatIf:
        """Return a `WhatIf` from here on, as if the change had been made; nothing is recomputed."""
        return self.go_on(self)

    @cached_property
    def after(self) -> Situation:
        """How things stand after the change."""
        before, found = self.before, self.recount
        in_reach, reason = before.in_reach.copy(), before.reason.copy()
        in_reach[found.who], reason[found.who] = found.in_reach, found.reason
        measure: Numbers = in_reach
        if self.options.competition is not None:
            measure = before.measure.copy()
            measure[found.who] = found.measure
        straight = before.straight
        if straight is not None and found.straight is not None:
            straight = straight.copy()
            straight[found.who] = found.straight
        return Situation(
            self.rows,
            gather(self.rows),
            self.options,
            in_reach,
            measure,
            reason,
            found.demand,
            straight,
        )

    @cached_property
    def _outcome(self) -> Outcome:
        return outcome_of(self.ground, self.after)

    @cached_property
    def _distances(self) -> tuple[Floats, Floats]:
        """How far everybody had to go until there was enough, and has to."""
        before, who = self.before, self.ground.who
        known = before.distance_m
        if known is None:
            options, supply = before.options, before.supply
            known = distance_of(who, supply, before.in_reach, options, options.network)
        return known, self._outcome.distance_m

    @property
    def _whose_distance_changes(self) -> Integers:
        """Who has another distance, or comes to have one or none, and has a weight."""
        was, now = self._distances
        is_other = ~((was == now) | (np.isnan(was) & np.isnan(now)))
        return np.flatnonzero(is_other & (self.ground.who.weight > 0))

    @cached_property
    def _states(self) -> tuple[_State, _State]:
        """How it stood with each of those recounted, and how it stands."""
        before, found, who = self.before, self.recount, self.recount.who
        straight = None if before.straight is None else before.straight[who]
        enough = self.options.at_least
        was, now = before.in_reach[who], found.in_reach
        return (
            _State(was >= enough, is_lost(straight, was, enough), before.reason[who]),
            _State(now >= enough, is_lost(found.straight, now, enough), found.reason),
        )

    @cached_property
    def _who_changes(self) -> Integers:
        """Who comes to be reached or not, has more, less or another reason, and has a weight."""
        who = self.recount.who
        was, now = self._states
        is_other = (was.reached != now.reached) | (was.reason != now.reason)
        is_other |= was.lost != now.lost
        is_other |= self.before.in_reach[who] != self.recount.in_reach
        return np.asarray(who[is_other & (self.ground.who.weight[who] > 0)])

    def _changes(self, of: Integers, number: int) -> Counts:
        """Return by how much the sums of some rows change; `people` and `located` never do."""
        found = self.recount
        groups = Groups(of[found.who], number, self.ground.who.weight[found.who])
        was, now = self._states
        nobody = groups.total(np.zeros(len(found.who), dtype=np.bool_))
        n = len(REASONS)
        return Counts(
            people=nobody,
            located=nobody,
            reached=groups.total(now.reached) - groups.total(was.reached),
            below=groups.total(now.reason >= 0) - groups.total(was.reason >= 0),
            reasons=groups.totals(now.reason, n) - groups.totals(was.reason, n),
            lost_on_foot=groups.total(now.lost) - groups.total(was.lost),
        )

    def _medians(
        self, first: str, which: Integers, number: int, *, distance: bool
    ) -> dict[str, NDArray[Any]]:
        """Return the columns of medians, (number,): NaN but in some rows."""
        if _MEDIAN not in self.options.quantiles:
            return {}
        who, of = self.ground.members(first, which)
        was, found = self.before.in_reach, self.recount
        now = was.copy()
        now[found.who] = found.in_reach
        ends: dict[str, tuple[Numbers, Numbers]] = {"in_reach_median": (was, now)}
        if distance:
            ends["distance_median_m"] = self._distances
        columns: dict[str, NDArray[Any]] = {}
        for name, pair in ends.items():
            each = []
            for values in pair:
                median = np.full(number, np.nan)
                median[which] = _median(values[who], self.ground.who.weight[who], of, len(which))
                each.append(median)
            columns |= {
                f"{name}_before": each[0],
                f"{name}_after": each[1],
                f"{name}_change": each[1] - each[0],
            }
        return columns

    def _told(self, before: Counts, changes: Counts) -> dict[str, NDArray[Any]]:
        """Return the columns of figures."""
        columns: dict[str, NDArray[Any]] = {"people": before.people, "located": before.located}
        for name in (*_COUNTED, *(("lost_on_foot",) if self.options.on_foot else ())):
            was, change = getattr(before, name), getattr(changes, name)
            columns |= {
                f"{name}_before": was,
                f"{name}_after": was + change,
                f"{name}_change": change,
            }
        for at, name in enumerate(REASONS):
            columns[f"reason_{name}_change"] = changes.reasons[:, at]
        return columns


def _median(values: Numbers, weight: Numbers, of: Integers, number: int) -> Floats:
    """Return the weighted median of what is there of each row, (number,), as a report has it."""
    there = np.flatnonzero(~np.isnan(values))
    values, groups = values[there], Groups(of[there], number, weight[there])
    return ordered(groups, values, by_value(values)).quantile(_MEDIAN)
