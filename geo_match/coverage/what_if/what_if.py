"""`WhatIf`: add, move and close stations or sites, or change the radius, and see what changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from geo_match import codes
from geo_match._validate import as_count, as_radius
from geo_match.coverage.answers.report import CoverageReport
from geo_match.coverage.what_if.change import Change
from geo_match.coverage.what_if.edits import positions, read_edits, read_placed
from geo_match.coverage.what_if.ground import Ground
from geo_match.coverage.what_if.invitation import ONLY, Invitation, Spot, invite
from geo_match.coverage.what_if.ranking import ranking
from geo_match.coverage.what_if.recount import recount, recount_street
from geo_match.coverage.what_if.situation import Situation, keeps_demand
from geo_match.errors import ArgumentError
from geo_match.matching.given.faults import raise_any

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd


class WhatIf:
    """Questions about a supply that is not there yet, or no longer; nothing of it is changed.

    It is made ready once: an index of the people, and the sums of their communities. A change is
    then found by counting anew only what it touches:

    - places added, moved or closed: the people within the radius of each place at which there is
      more or less than before, the old one and the new one;
    - with competition the same people, for the demand of a place is of the people alone: of a
      binary decay with whole weights. With another decay, or float weights, what falls to each is
      added up anew for all;
    - a smaller radius alone: those who have anything in their circle;
    - any other radius, one with competition or with another change: all;
    - on foot: as above by the straight circles, for nothing is nearer on foot; and a street that
      opens: the people within the radius, less the street's length, of one of its ends, and the
      places there; with competition all.

    Who is not located is touched by nothing.

    Parameters
    ----------
    report
        Of `Coverage.of`; or a `Change`, to go on from as if it had been made.

    Raises
    ------
    ArgumentError
        If it is no such report, or one of what people are eligible for.

    Examples
    --------
    >>> import geo_match as gm
    >>> from geo_match.coverage.what_if.what_if import WhatIf
    >>> town = gm.Coverage([{"id": "S1", "lon": 117.38, "lat": 32.92}], [])
    >>> homes = [{"id": "H1", "lon": 117.37, "lat": 32.93, "weight": 3},
    ...          {"id": "H2", "lon": 117.45, "lat": 32.93, "weight": 2}]
    >>> what_if = WhatIf(town.of(homes))
    >>> change = what_if.change(add=[{"id": "S2", "lon": 117.44, "lat": 32.93}])
    >>> change.by("community")[["kind", "reached_before", "reached_after"]].to_dict("records")
    [{'kind': 'outside', 'reached_before': 3, 'reached_after': 5}]
    >>> change.recomputed
    1
    """

    def __init__(self, report: CoverageReport | Change) -> None:
        if isinstance(report, Change):
            self._ground, self._now = report.ground, report.after
            return
        if not isinstance(report, CoverageReport):
            raise ArgumentError("report", "be a CoverageReport", type(report).__name__)
        options, supply, found = report.options, report.supply, report.outcome
        if options.eligible is not None:
            remedy = "Ask for a report with the same options and `eligible=None`."
            raise ArgumentError("report", "count what is in reach", "one of `eligible`", remedy)
        if supply.each is None:
            raise ArgumentError("report", "have the rows of its supply", "places without rows")
        ground = Ground.of(report)
        demand = None
        if keeps_demand(options, ground):
            people = ground.on(options.network)
            sums = people.demand(supply.lon, supply.lat, options.radius_m)
            demand = np.asarray(sums, dtype=np.int64)
        now = Situation(
            supply.each,
            supply,
            options,
            found.in_reach,
            found.measure,
            found.reason,
            demand,
            None if found.straight is None else found.straight.in_reach,
            found.distance_m,
        )
        now.counts(ground, "community")
        self._ground, self._now = ground, now

    def __repr__(self) -> str:
        """Name it by its size."""
        n, m = len(self._ground.who.ids), len(self._now.rows)
        return f"WhatIf({n:,} rows of people, {m:,} of supply)"

    def change(
        self,
        *,
        add: object = None,
        move: object = None,
        close: Collection[str] = (),
        radius_m: float | None = None,
    ) -> Change:
        """Return what would change.

        Parameters
        ----------
        add
            Rows as the supply has them, each with a new id and a place; optional `vacancies`, 1
            where not stated. None for none.
        move
            Rows with the id of a row of the supply, and its new place; other columns are not
            looked at: what is offered there stays. None for none.
        close
            Ids of rows of the supply.
        radius_m
            Metres, inclusive, 0 to 200 km and at most the report's `max_distance_m`; None for the
            one that is.

        Raises
        ------
        FrameError
            If a row has no place, an added id is one of the supply, a moved one is none of it or
            is closed too, an id is there twice, or the rows are not as a supply's must be.
        DatumError
            If a geometry's CRS is not known, or not on WGS 84 or CGCS2000.
        ArgumentError, RadiusError
            If `close` names an id twice, or one that is none of the supply; or of the radius.
        """
        before = self._now
        options = before.options
        if radius_m is not None:
            options = replace(options, radius_m=radius_m)
        edits = read_edits(before.rows, add=add, move=move, close=close, count=options.count)
        found = recount(self._ground, before, edits, options)
        return Change(self._ground, before, edits.rows, options, found, WhatIf)

    def open_street(
        self, *, lon1: float, lat1: float, lon2: float, lat2: float, name: str = ""
    ) -> Change:
        """Return what would change if a street, such as a bridge, opened between two places.

        Parameters
        ----------
        lon1, lat1, lon2, lat2, name
            Degrees WGS-84, and what it is called: as in `geo_match.walking.Network.opened`. Nobody
            is led to another street than before.

        Raises
        ------
        ArgumentError
            If the report is not on foot, or the places cannot be joined.
        CoordinateError
            If a place is none on earth.
        """
        before = self._now
        network = before.options.network
        if network is None:
            rule = "be on foot for a street to make a difference"
            remedy = 'Ask for the report with `basis="walking"` and a network.'
            raise ArgumentError("report", rule, "one of straight lines", remedy)
        opened = network.opened(lon1=lon1, lat1=lat1, lon2=lon2, lat2=lat2, name=name)
        options = replace(before.options, network=opened)
        found = recount_street(self._ground, before, options)
        return Change(self._ground, before, before.rows, options, found, WhatIf)

    def rank(self, candidates: object, *, n: int | None = None) -> pd.DataFrame:
        """Return candidate places in the order in which they serve most people.

        The first is the one by which most come to be reached (`at_least` in their circle); the
        next the one that adds most after it, and so on; of several that add as many, the one whose
        id comes first. Where one place is enough for whoever is near it, the first k of this order
        reach at least 1 − 1/e (63 %) of the additional people that the best k could (Nemhauser,
        Wolsey and Fisher 1978); where several together are needed, no such bound holds.

        Parameters
        ----------
        candidates
            Rows as `change` takes them in `add`; stations, sites, or places of a job fair.
        n
            How many to choose, at least 1; None for all.

        Returns
        -------
        pandas.DataFrame
            A row a candidate, those chosen in their order, then the others by `alone` and id:
            `id`, `lon`, `lat`; `rank` from 1, null of the others; `alone`, how many people more are
            reached if it alone is added; `added`, if it is added after those before it, null of
            the others; `reached_total`, who is reached then; on foot `reason`, "not_on_network"
            where no street leads to the place, else null; `release`, "internal". Counts are sums
            of weights; whole ones are exact.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            If the rows are not as they must be, or `n` is no whole number of at least 1.
        """
        read = read_placed(candidates, "candidates", count=self._now.options.count)
        read.refuse_known(self._now.rows)
        raise_any(read.faults)
        most = len(read.rows)
        wanted = most if n is None else min(as_count(n, "n", least=1), most)
        return ranking(self._ground, self._now, read.rows, n=wanted)

    def invite(
        self,
        place: object,
        *,
        radius_m: float | None = None,
        employers: object = None,
        only: str = "below",
        on: date | None = None,
    ) -> Invitation:
        """Return whom to invite to a station or a job fair. It names people: it is internal.

        Parameters
        ----------
        place
            The id of a row of the supply that has a place, or one row as `change` takes it in
            `add`, with any id.
        radius_m
            Metres, inclusive, on foot where the report is, 0 to 200 km; None for the report's.
        employers
            A frame of employers or sites, `id` and a place, which may be null; None for none.
        only
            Who of the people: "below" the standard, "unreached" (less than `at_least` in reach)
            or "all".
        on
            The day of the fair: it names it, and is carried through.

        Raises
        ------
        FrameError, DatumError
            If the row or the employers are not as they must be.
        ArgumentError, RadiusError
            If the place is none of the supply, or not exactly one row; or of another argument.
        """
        if only not in ONLY:
            raise ArgumentError("only", f"be one of {', '.join(ONLY)}", repr(only))
        if on is not None and (not isinstance(on, date) or isinstance(on, datetime)):
            raise ArgumentError("on", "be a date, or None", repr(on))
        if radius_m is not None and np.ndim(radius_m):
            raise ArgumentError("radius_m", "be one number", f"shape {np.shape(radius_m)}")
        radius = self._now.options.radius_m if radius_m is None else radius_m
        name, lon, lat = self._place(place)
        spot = Spot(name, lon, lat, float(as_radius(radius, 1)[0]), on)
        return invite(self._ground, self._now, spot, employers=employers, only=only)

    def _place(self, place: object) -> tuple[str, float, float]:
        """Return the id, the longitude and the latitude of a place."""
        rows = self._now.rows
        if isinstance(place, str):
            at = int(positions(pa.array([place], pa.string()), rows.ids)[0])
            if at < 0:
                found = codes.mask_id_cards(repr(place))
                raise ArgumentError("place", "be an id of the supply, or a row", found)
            if np.isnan(rows.lon[at]):
                found = f"{place!r}, which has none"
                raise ArgumentError("place", "be an id of a row with a place", found)
        else:
            read = read_placed(place, "place", count="places")
            raise_any(read.faults)
            rows, at = read.rows, 0
            if len(rows) != 1:
                raise ArgumentError("place", "be one row", f"{len(rows):,} rows")
        return rows.ids[at].as_py(), float(rows.lon[at]), float(rows.lat[at])
