"""What coverage found: `CoverageReport`, a row a community, a level, an H3 cell or a group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_match.coverage.answers.display import report_html
from geo_match.coverage.answers.figures import Groups, by_value, ordered, share_of
from geo_match.coverage.answers.levels import LEVELS, rows_by
from geo_match.coverage.answers.marks import ZERO_EMPLOYMENT
from geo_match.coverage.answers.overlaps import overlaps_of
from geo_match.coverage.answers.reasons import REASONS, least_enough
from geo_match.coverage.answers.rows import with_last
from geo_match.coverage.answers.straight import NOT_ON_NETWORK
from geo_match.coverage.given.people import as_objects
from geo_match.coverage.measures.eligible import BARRIERS
from geo_match.coverage.release import INTERNAL, RELEASE
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.answers.figures import Numbers, Ordered
    from geo_match.coverage.answers.outcome import Outcome
    from geo_match.coverage.answers.overlaps import Overlaps
    from geo_match.coverage.given.communities import Communities
    from geo_match.coverage.given.people import People
    from geo_match.coverage.given.supply import Supply
    from geo_match.coverage.options import CoverageOptions

_MOST_ROWS: Final = 1_000_000
_OWN: Final = frozenset({"kind", "code", "name", "has_area", RELEASE, "geometry"})


@dataclass(frozen=True, eq=False, repr=False)
class CoverageReport:
    """Who is reached and who is not, person by person; made by `Coverage.of`.

    It is internal: its figures are exact, and small ones tell of single people. All of its frames
    say so in the column `release`, as those that `geo_match.publish` makes say "published".

    Parameters
    ----------
    who, supply, communities
        What was asked about.
    options
        What was asked.
    outcome
        What was found.
    """

    who: People
    supply: Supply
    communities: Communities
    options: CoverageOptions
    outcome: Outcome

    @property
    def release(self) -> str:
        """What the report is: "internal"."""
        return INTERNAL

    def __repr__(self) -> str:
        """Name the report by its size."""
        n, k = len(self.who.ids), len(self.communities)
        return f"CoverageReport({n:,} rows of people, {k:,} communities)"

    def _repr_html_(self) -> str:
        """Show the totals, in a notebook."""
        return report_html(self.options, self.totals(), len(self.communities))

    @cached_property
    def people(self) -> pd.DataFrame:
        """A row for each row of the people, in their order.

        `id`; `community`, to which the person was attributed, null outside; `in_reach`, null where
        not located; `distance_m` to the place at which `at_least` of whatever there is, eligible or
        not, is reached, null where there is none within `max_distance_m`; `reason`, null at the
        standard or above; with `eligible` `eligible`, how much of it the person is eligible for,
        null where not located, and `condition`, where the reason is `none_eligible`: the one that
        alone keeps the most jobs in the circle from the person, or "several", as
        `geo_match.Matcher.count` says; with competition `availability`, what there is a head, null
        where not located; with `edge_effect` `outside_data_share` of the circle, the same;
        `release`, "internal".

        On foot `in_reach`, `distance_m`, `eligible` and `availability` are so, and beside them
        stand `in_reach_straight`, `distance_straight_m` and with `eligible` `eligible_straight`;
        and `cause` (river, detour, disconnected or snap_failed), where there is enough straight
        and not on foot, or the reason is `none_on_foot`: why the nearest place, straight, of those
        in the circle that are not reached on foot is not; else null. With `eligible` it is the
        nearest at which there is something that fits, if there is one.
        """
        outcome = self.outcome
        codes = with_last(self.communities.codes, None)  # of −1, outside
        words = np.array([*REASONS, None], dtype=object)
        in_reach = pd.arrays.IntegerArray(outcome.in_reach.copy(), ~self.who.located)
        columns = {
            "id": as_objects(self.who.ids),
            "community": codes[outcome.community],
            "in_reach": in_reach,
            "distance_m": outcome.distance_m,
            "reason": words[outcome.reason],
        }
        if outcome.eligible is not None and outcome.barrier is not None:
            eligible = pd.arrays.IntegerArray(outcome.eligible.copy(), ~self.who.located)
            barriers = np.array([*BARRIERS, None], dtype=object)
            columns |= {"eligible": eligible, "condition": barriers[outcome.barrier]}
        if self.options.competition is not None:
            columns["availability"] = np.where(self.who.located, outcome.measure, np.nan)
        if outcome.outside_data is not None:
            columns["outside_data_share"] = outcome.outside_data.copy()
        if outcome.straight is not None:
            columns |= outcome.straight.columns(self.who.located)
        return pd.DataFrame({**columns, RELEASE: INTERNAL})

    @property
    def repaired(self) -> pd.DataFrame:
        """The areas that were repaired on request, a row each: `Communities.repaired`."""
        return self.communities.repaired.copy()

    @property
    def overlaps(self) -> pd.DataFrame:
        """The communities whose areas share ground, a row a pair: `Overlaps.pairs`.

        Whoever lives in several areas is counted once, in the least code's; `totals` says how many
        these are.
        """
        return self._overlaps.pairs.copy()

    def by(self, first: str, *more: str) -> gpd.GeoDataFrame:
        """Return the figures of each community, row of a level above, H3 cell or group.

        Parameters
        ----------
        first
            "community", "street", "district", "city" or "h3"; or a column of the people.
        more
            Columns of the people: each row is then parted by their values, those that do not occur
            together included.

        Returns
        -------
        geopandas.GeoDataFrame
            In order of the codes, EPSG:4326. Each community has a row, also one without people or
            area; the last row, of kind 'outside', has those whose place is in no area or whose
            record names no community. "h3" has a row for each cell of resolution 8 in which
            somebody is located, and all who are not in the row of kind 'outside'. Rows of a column
            of the people are of kind 'group', the last one with code null where a value is
            missing. Together they have each person once.

            - `kind`, `code`, `name`, a column for each of `more`, `has_area`;
            - `people`, `located`, `reached`, `below`: sums of weights, int64 or float64 as these;
            - `located_share` of the people; `reached_share` of the located; null where there is
              none to have a share of;
            - `reason_*`: how many of `below` for each reason; they add up to it; with `eligible`
              `none_eligible_*`: how many of `reason_none_eligible` by what keeps them from the most
              jobs, a condition that is asked or several; they add up to that;
            - where the people have a column `zero_employment`, `zero_employment`: how many are
              marked, and `zero_employment_below`, how many of these are below the standard;
            - where they have a column `community`, `recorded_elsewhere`: how many of the located
              live in another community than the record says;
            - `in_reach_median`, `in_reach_p10`, …: weighted quantiles over the located; with
              `eligible` `eligible_median`, … too;
              `distance_median_m`, `distance_p10_m`, … over those of whom a distance was found, and
              `not_found`, the located of whom none was; with competition `availability_median`, …
              and `vacancies_per_seeker`, Σ P·A / Σ P: what is available to one on average;
            - `fgt_share`, `fgt_depth`, `fgt_severity` and `gini` over the located, as
              `geo_match.coverage.answers.figures` defines them;
            - with `edge_effect`, `outside_data_share`: the mean, over the located, of the share of
              the circle that lies outside the communities' areas, where nothing was counted;
            - on foot, beside these: `people_not_on_network`, the located who are led to no street;
              `reached_straight`, who is reached straight; `lost_on_foot`,
              these less `reached`; `lost_on_foot_river`, `_detour`, `_disconnected` and
              `_snap_failed`, which add up to it; `none_on_foot_river`, …, which add up to
              `reason_none_on_foot`; `in_reach_straight_median`, … and
              `distance_straight_median_m`, …, with `eligible` `eligible_straight_median`, … too;
            - `release`, "internal";
            - `geometry`: the area; null where there is none.

        Raises
        ------
        ArgumentError
            If there is no such level or column, a community has no such level, the parting names a
            level or has more than 1,000,000 rows.
        """
        rows = rows_by(first, self.who, self.communities, self.outcome.community)
        for name in more:
            if name in LEVELS or name in {*_OWN, first}:
                raise ArgumentError("more", "name columns of the people", repr(name))
            rows = rows.parted(name, *self.who.groups(name, "more"), most=_MOST_ROWS)
        figures = self._figures(Groups(rows.of, len(rows.kind), self.who.weight))
        if ZERO_EMPLOYMENT in more:  # the rows say it themselves
            figures = {
                name: values
                for name, values in figures.items()
                if not name.startswith(ZERO_EMPLOYMENT)
            }
        clash = sorted(set(rows.more) & set(figures))
        if clash:
            rule = "name columns whose names are not those of figures"
            raise ArgumentError("more", rule, repr(clash[0]), "Rename the people's column.")
        head: dict[str, Any] = {
            "kind": rows.kind,
            "code": rows.code,
            "name": rows.name,
            **rows.more,
            "has_area": ~shapely.is_missing(rows.area),
        }
        columns = {**head, **figures, RELEASE: INTERNAL}
        return gpd.GeoDataFrame(columns, geometry=rows.area, crs=4326)

    def totals(self) -> dict[str, Any]:
        """Return the figures of all people together, and what there is to reach.

        Returns
        -------
        dict
            The figures of a row of `by`; and `supply_rows`, `supply_unlocated` (rows in nobody's
            reach), `supply_amount` and `supply_unlocated_amount` (what they count for),
            `supply_not_stated` (rows whose vacancies are not stated, and count for 1),
            `supply_without_seekers` (what nobody competes for; 0 without competition);
            `people_not_on_network` and `supply_not_on_network`, those (of the supply the rows) that
            have a place and are led to no street, None where nobody walks; where areas share ground
            `people_in_several_areas`, who lives in more than one of them; `release`.
        """
        everyone = np.zeros(len(self.who.ids), dtype=np.int64)
        groups = Groups(everyone, 1, self.who.weight)
        figures = self._figures(groups)
        told: dict[str, Any] = {name: values[0].item() for name, values in figures.items()}
        told.setdefault(NOT_ON_NETWORK, None)  # on foot it is one of the figures
        if len(self._overlaps.pairs):
            told["people_in_several_areas"] = groups.total(self._overlaps.in_several)[0].item()
        supply, network = self.supply, self.options.network
        return {
            **told,
            "supply_rows": supply.rows,
            "supply_unlocated": supply.unlocated,
            "supply_amount": int(supply.amount.sum()),
            "supply_unlocated_amount": supply.unlocated_amount,
            "supply_not_stated": supply.not_stated,
            "supply_without_seekers": self.outcome.without_seekers,
            "supply_not_on_network": None if network is None else supply.not_on(network),
            RELEASE: INTERNAL,
        }

    @cached_property
    def _overlaps(self) -> Overlaps:
        return overlaps_of(self.who, self.communities, self.outcome.community)

    @cached_property
    def _orders(self) -> dict[str, NDArray[np.int64]]:
        """The rows that count for each value, in its order."""
        located = np.flatnonzero(self.who.located)
        found = np.flatnonzero(~np.isnan(self.outcome.distance_m))
        outcome = self.outcome
        orders = {
            "in_reach": located[by_value(outcome.in_reach[located])],
            "distance": found[by_value(outcome.distance_m[found])],
        }
        if outcome.eligible is not None:
            orders["eligible"] = located[by_value(outcome.eligible[located])]
        if self.options.competition is not None:
            orders["availability"] = located[by_value(outcome.measure[located])]
        if outcome.outside_data is not None:
            orders["outside_data"] = located[by_value(outcome.outside_data[located])]
        if outcome.straight is not None:
            for name, values in outcome.straight.measured.items():
                known = located[~np.isnan(values[located])]
                orders[name] = known[by_value(values[known])]
        return orders

    def _figures(self, groups: Groups) -> dict[str, Numbers]:
        """Return the columns of figures, (g,) each."""
        outcome, options, orders = self.outcome, self.options, self._orders
        is_located = self.who.located
        people, located = groups.total(), groups.total(is_located)
        reached = groups.total(is_located & (outcome.counted >= options.at_least))
        why = groups.totals(outcome.reason, len(REASONS))
        in_reach = ordered(groups, outcome.in_reach, orders["in_reach"])
        distance = ordered(groups, outcome.distance_m, orders["distance"])
        measure = in_reach
        more = {}
        if outcome.eligible is not None:
            measure = ordered(groups, outcome.eligible, orders["eligible"])
            more = self._quantiles("eligible", measure, "")
        if self.options.competition is not None:
            measure = ordered(groups, outcome.measure, orders["availability"])
            more = self._quantiles("availability", measure, "")
            more["vacancies_per_seeker"] = measure.mean()
        standard = options.standard_or_default
        enough = least_enough(standard, shared=options.competition is not None)
        share, depth, severity = measure.gap(standard, enough)
        edge = {}
        if outcome.outside_data is not None:
            # Added up in order of the values, so that the order of the people changes nothing.
            values = ordered(groups, outcome.outside_data, orders["outside_data"])
            edge["outside_data_share"] = values.mean()
        nowhere = is_located & np.isnan(outcome.distance_m)
        return {
            "people": people,
            "located": located,
            "located_share": share_of(located, people),
            "reached": reached,
            "reached_share": share_of(reached, located),
            "below": groups.total(outcome.reason >= 0),
            **{f"reason_{name}": why[:, at] for at, name in enumerate(REASONS)},
            **self._barriers(groups),
            **self._marked(groups),
            **self._quantiles("in_reach", in_reach, ""),
            **self._quantiles("distance", distance, "_m"),
            "not_found": groups.total(nowhere),
            **more,
            "fgt_share": share,
            "fgt_depth": depth,
            "fgt_severity": severity,
            "gini": measure.gini(),
            **edge,
            **self._beside(groups),
        }

    def _beside(self, groups: Groups) -> dict[str, Numbers]:
        """Return what there is straight beside what is on foot."""
        outcome, straight, orders = self.outcome, self.outcome.straight, self._orders
        if straight is None:
            return {}
        found = straight.figures(groups, outcome.counted, outcome.reason, self.options.at_least)
        for name, values in straight.measured.items():
            unit = "_m" if name.startswith("distance") else ""
            found |= self._quantiles(name, ordered(groups, values, orders[name]), unit)
        return found

    def _barriers(self, groups: Groups) -> dict[str, Numbers]:
        """Return what keeps those who are eligible for nothing in the circle."""
        asked, barrier = self.options.eligible, self.outcome.barrier
        if asked is None or barrier is None:
            return {}
        why = groups.totals(barrier, len(BARRIERS))
        # The distance keeps nobody from what is in the circle, nor what is not asked.
        left = {*BARRIERS[:-1]} - {*asked.asked} | {"distance"}
        return {
            f"none_eligible_{name}": why[:, at]
            for at, name in enumerate(BARRIERS)
            if name not in left
        }

    def _marked(self, groups: Groups) -> dict[str, Numbers]:
        """Return what is told of people whose frame marks them."""
        outcome, found = self.outcome, {}
        marked = outcome.zero_employment
        if marked is not None:
            found[ZERO_EMPLOYMENT] = groups.total(marked)
            found[f"{ZERO_EMPLOYMENT}_below"] = groups.total(marked & (outcome.reason >= 0))
        if outcome.elsewhere is not None:
            found["recorded_elsewhere"] = groups.total(outcome.elsewhere)
        return found

    def _quantiles(self, what: str, values: Ordered, unit: str) -> dict[str, Numbers]:
        return {
            f"{what}_{'median' if q == 0.5 else f'p{q * 100:.12g}'}{unit}": values.quantile(q)  # noqa: PLR2004 - the median's own
            for q in self.options.quantiles
        }
