"""Who is served and who is not: `Coverage` of people by a supply, told by communities."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geo_match.coverage.answers.attribution import attribute
from geo_match.coverage.answers.distance import distance_of
from geo_match.coverage.answers.marks import recorded_elsewhere, zero_employment
from geo_match.coverage.answers.outcome import Outcome
from geo_match.coverage.answers.reasons import REASONS, reasons
from geo_match.coverage.answers.report import CoverageReport
from geo_match.coverage.answers.straight import OnFoot, straight_of, with_causes
from geo_match.coverage.given.communities import read_communities
from geo_match.coverage.given.people import read_people
from geo_match.coverage.given.supply import read_supply
from geo_match.coverage.measures.basis import index_of
from geo_match.coverage.measures.competition import availability
from geo_match.coverage.measures.edge_effect import Extent
from geo_match.coverage.measures.eligible import Eligible
from geo_match.coverage.measures.reach import in_reach
from geo_match.coverage.options import CoverageOptions
from geo_match.errors import ArgumentError, WeightError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


class Coverage:
    """Coverage of any people by one supply, told by one set of communities.

    Parameters
    ----------
    supply
        Jobs, sites or stations, as `geo_match.coverage.given.supply.read_supply` takes them: `id`,
        a place (null allowed) and optional `vacancies`. With `eligible` they are jobs as
        `geo_match.Matcher` takes them.
    communities
        As `geo_match.coverage.given.communities.read_communities` takes them: `code`, polygons or
        null.
    options
        None for the defaults: one vacancy or more within 3 km, straight. The day of `eligible` is
        settled here. On foot with `eligible` the jobs are matched twice, straight as well.
    employers
        With `eligible` alone: their `id` and `licence`, where the jobs name them by `employer_id`
        and do not say `employer_licence`, as `geo_match.Matcher` takes them.
    repair
        Whether areas that are no valid polygons are repaired, which `CoverageReport.repaired`
        tells; else they are refused, as are those that a repair would change too much.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If the supply, the communities or the options are not as they must be.

    Examples
    --------
    >>> import geo_match as gm
    >>> area = "POLYGON ((117.35 32.9, 117.4 32.9, 117.4 32.95, 117.35 32.95, 117.35 32.9))"
    >>> town = gm.Coverage(
    ...     [{"id": "J1", "lon": 117.38, "lat": 32.92, "vacancies": 2}],
    ...     [{"code": "340302001001", "area": area}],
    ... )
    >>> report = town.of(
    ...     [
    ...         {"id": "H1", "lon": 117.37, "lat": 32.93, "weight": 3},
    ...         {"id": "H2", "lon": 117.37, "lat": 32.949, "weight": 2},
    ...         {"id": "H3", "weight": 1, "community": "340302001001"},
    ...     ]
    ... )
    >>> columns = ["code", "people", "located", "reached", "reason_no_location"]
    >>> report.by("community")[columns].to_dict("records")[0]
    {'code': '340302001001', 'people': 6, 'located': 5, 'reached': 3, 'reason_no_location': 1}
    """

    def __init__(
        self,
        supply: object,
        communities: object,
        options: CoverageOptions | None = None,
        *,
        employers: object = None,
        repair: bool = False,
    ) -> None:
        self.options = _checked(options)
        eligible = self.options.eligible
        if employers is not None and eligible is None:
            rule = "be given where the options ask what people are `eligible` for"
            remedy = "Give `CoverageOptions(eligible=MatchOptions())`, or leave them out."
            raise ArgumentError("employers", rule, "without it", remedy)
        self._supply = read_supply(supply, count=self.options.count)
        self._communities = read_communities(communities, repair=repair)
        self._eligible = self._eligible_straight = None
        if eligible is not None:
            eligible = eligible.dated()
            self.options = replace(self.options, eligible=eligible)  # a report says its day
            self._eligible = Eligible(supply, eligible, self.options.count, employers=employers)
            if self.options.on_foot:
                straight = replace(eligible, basis="geodesic", network=None)
                self._eligible_straight = Eligible(
                    supply, straight, self.options.count, employers=employers
                )

    def of(self, people: object) -> CoverageReport:
        """Return who of some people is reached, and why not.

        Parameters
        ----------
        people
            As `geo_match.coverage.given.people.read_people` takes them: `id`, a place (null
            allowed), optional `community`, `weight` and `location_accuracy_m`, and columns to
            group by. With `eligible` they are seekers, too, as `geo_match.Matcher` takes them; a
            column that means the same is there once. A column `zero_employment` of true and false
            marks households of zero employment.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            If the people are not as they must be; or if, on foot, all of them or all of the supply,
            two places or more, are over 50 km beyond the streets: these are another city's.
        WeightError
            With competition, if their weights are so uneven that floats do not hold their sums.
        RadiusError
            If the decay is all but 0 at the radius.
        """
        options, supply = self.options, self._supply
        who = read_people(people)
        marked = zero_employment(who)  # refused, if it must be, before the work is done
        located = who.located
        lon, lat = who.lon[located], who.lat[located]
        network, shared = options.network, options.competition is not None
        if network is not None:  # of all places at once: what is left of them may be elsewhere
            network.refuse_elsewhere(lon=supply.lon, lat=supply.lat)
            network.refuse_elsewhere(lon=lon, lat=lat)
        index = index_of(lon, lat, network, is_part=True) if shared else None
        amount = np.zeros(len(located), dtype=np.int64)
        amount[located] = in_reach(
            lon, lat, supply, options.radius_m, network=network, people_index=index
        )
        straight = None
        if network is not None:
            straight = straight_of(who, supply, options, network)
            # What is within 1e-9 m of the radius may be on foot and not straight.
            amount = np.minimum(amount, straight.in_reach)
        away = distance_of(who, supply, amount, options, network)
        measure: NDArray[np.int64] | NDArray[np.float64] = amount
        eligible = barrier = near = None
        if self._eligible is not None:
            eligible, barrier = self._eligible.of(people)
            if straight is not None and self._eligible_straight is not None:
                beside = self._eligible_straight.of(people).amount
                near = self._eligible_straight.near(people, supply)
                straight = replace(straight, eligible=beside)
                eligible = np.minimum(eligible, beside)
            measure = eligible
        without_seekers = 0
        if options.competition is not None:
            try:
                found = availability(
                    lon,
                    lat,
                    who.weight[located],
                    supply.lon,
                    supply.lat,
                    supply.amount,
                    radius_m=options.radius_m,
                    decay=options.competition,
                    network=network,
                    people_index=index,
                )
            except WeightError as error:  # named as the caller knows them
                rule = f"by column `weight` {error.rule}"
                raise WeightError("people", rule, error.found, error.remedy) from None
            measure = np.zeros(len(located))
            measure[located] = found.per_person
            without_seekers = int(supply.amount[found.without_seekers].sum())
        why = reasons(
            located=located,
            coarse=who.accuracy_m > options.coarse_or_default_m,
            in_reach=amount,
            measure=measure,
            standard=options.standard_or_default,
            shared=shared,
            eligible=eligible,
            straight=None if straight is None else straight.in_reach,
        )
        if straight is not None:
            on_foot = OnFoot(amount, amount if eligible is None else eligible, why, near)
            straight = with_causes(straight, who, supply, options, on_foot)
        if barrier is not None:  # of others it is not the reason
            barrier[why != REASONS.index("none_eligible")] = -1
        outside = None
        if options.edge_effect:
            outside = np.full(len(located), np.nan)
            outside[located] = self._extent.outside_share(
                lon=lon, lat=lat, radius_m=options.radius_m
            )
        whose = attribute(who, self._communities)
        outcome = Outcome(
            whose,
            amount,
            measure,
            away,
            why,
            without_seekers,
            outside,
            eligible=eligible,
            barrier=barrier,
            zero_employment=marked,
            elsewhere=recorded_elsewhere(who, self._communities, whose),
            straight=straight,
        )
        return CoverageReport(who, supply, self._communities, options, outcome)

    @cached_property
    def _extent(self) -> Extent:
        """The ground of all communities, joined once, and only where the edge effect is asked."""
        return Extent(self._communities.areas)


def coverage(
    people: object,
    supply: object,
    communities: object,
    options: CoverageOptions | None = None,
) -> gpd.GeoDataFrame:
    """Return coverage, a row a community: `Coverage(supply, communities, options).of(people)`.

    Parameters
    ----------
    people
        As `Coverage.of` takes them.
    supply, communities, options
        As `Coverage` takes them.

    Returns
    -------
    geopandas.GeoDataFrame
        As `CoverageReport.by("community")` returns it; the last row is of kind 'outside'.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If the people, the supply, the communities or the options are not as they must be.
    """
    return Coverage(supply, communities, options).of(people).by("community")


def _checked(options: object) -> CoverageOptions:
    if options is None:
        return CoverageOptions()
    if not isinstance(options, CoverageOptions):
        rule = "be CoverageOptions, or None"
        raise ArgumentError("options", rule, type(options).__name__)
    return options
