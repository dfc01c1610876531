"""What circles are drawn around: points, communities' areas, stations and households, looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from api.jobs.origins import now_called
from api.matches.faults import fault
from geo_match.errors import ArgumentError
from geo_match.matching.given.columns import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.jobs.served import ServedJobs
    from api.matches.asked import ItemAsked, Origin
    from api.matches.people import People
    from geo_match.store import Store

_PLACE: Final = ("lon", "lat", "location_accuracy_m")


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins of which a request speaks.

    Parameters
    ----------
    areas
        The areas of communities by their codes, well-known text; None of one without an area.
    stations
        The places of stations by their ids.
    now
        What communities are called by the codes that they had before.
    split
        What is wrong with codes that several had.
    """

    areas: dict[str, str | None]
    stations: dict[str, dict[str, Any]]
    now: dict[str, str] = field(default_factory=dict)
    split: dict[str, ArgumentError] = field(default_factory=dict)

    @classmethod
    def read(cls, items: Iterable[ItemAsked], store: Store, jobs: ServedJobs) -> Origins:
        """Read those of which some items speak.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        asked = [one.origin for one in items if one.origin is not None]
        codes = {one.community for one in asked if one.community is not None}
        ids = {one.station for one in asked if one.station is not None}
        areas = store.find("communities", codes, fields=["area"]).records if codes else None
        stations = store.find("stations", ids, fields=ORIGINS.names).records if ids else None
        origins = cls(
            {} if areas is None else {row["id"]: row["area"] for row in areas.to_pylist()},
            {} if stations is None else {row["id"]: row for row in stations.to_pylist()},
        )
        origins._resolve(sorted(codes - origins.areas.keys()), jobs)
        return origins

    def _resolve(self, codes: Iterable[str], jobs: ServedJobs) -> None:
        """Look for codes that no community has among those that one had before."""
        shown = None
        for code in codes:
            shown = shown or jobs.now()
            try:
                name = now_called(code, shown)
            except ArgumentError as error:
                self.split[code] = error
                continue
            if name is not None:
                self.now[code] = name
                self.areas[name] = shown.communities[name].area

    def code(self, asked: str) -> str:
        """Return the code that a community has, by one that it has or had."""
        return self.now.get(asked, asked)

    def place(self, origin: Origin, people: People, at: str) -> dict[str, Any] | None:
        """Return the place of an origin: lon, lat and how well it is known; None for an area.

        Parameters
        ----------
        people
            Where households are.
        at
            Where the origin stands in the body, as a JSON pointer.

        Raises
        ------
        ProblemError
            If it is not there for this caller, or has no place.
        """
        if origin.lon is not None:
            return {"lon": origin.lon, "lat": origin.lat, "location_accuracy_m": None}
        if origin.community is not None:
            code = self.code(origin.community)
            if self.areas.get(code) is None:
                rule = "must be the code of a community of this store"
                split = self.split.get(code)
                if split is not None:
                    rule = f"must {split.rule}. {split.remedy}"
                if code in self.areas:
                    rule = "must be a community whose area the store has"
                raise fault(rule, at=f"{at}/community")
            return None
        kind, name = (
            ("station", origin.station) if origin.station else ("household", origin.household)
        )
        known = self.stations if kind == "station" else people.households
        row = known.get(name or "")
        if row is None:
            rule = f"must be the id of a {kind} that the caller may see"
            raise fault(rule, at=f"{at}/{kind}")
        if row["lon"] is None:
            rule = f"must be a {kind} that has a place"
            raise fault(rule, at=f"{at}/{kind}")
        return {name: row[name] for name in _PLACE}
