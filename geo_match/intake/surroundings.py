"""What a store knows that a list is judged by: the communities, their areas, and a gazetteer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc
import shapely

from geo_match.index import ZoneIndex, area_faults
from geo_match.intake.area import MAX_LAT, MAX_LON, Area
from geo_match.intake.locating import Gazetteer
from geo_match.intake.values import Context

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from geo_match.store import Store

FAR_KM: Final = 50.0
"""A place farther than this from every community is doubted."""

_SHOWN: Final = 5
_DEGREE_KM: Final = 110.5
"""Less than a degree of latitude anywhere, and than one of longitude on the equator."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a store knows that a list is judged by.

    Parameters
    ----------
    context
        The communities' codes, and the service area.
    zones
        The communities' areas; None if none has one.
    gazetteer
        Names of places with their points; None if there is none.
    warnings
        Which areas are left out since they are none, in whole sentences without a full stop.
    vicinity
        The box of the communities' areas and points, grown by `FAR_KM` to each side: what lies
        outside is farther from all of them. None if none has an area or point.
    """

    context: Context
    zones: ZoneIndex | None
    gazetteer: Gazetteer | None
    warnings: tuple[str, ...] = ()
    vicinity: Area | None = None

    @classmethod
    def of(
        cls, store: Store, *, service_area: tuple[float, float, float, float] | None = None
    ) -> Surroundings:
        """Return the surroundings that a store holds.

        Raises
        ------
        ArgumentError
            If `service_area` is no box.
        """
        box = None if service_area is None else Area.checked(service_area)
        communities = store.read(
            "communities", fields=["id", "previous_code", "district_name", "lon", "lat", "area"]
        )
        codes, had = (communities.column(name).to_pylist() for name in ("id", "previous_code"))
        previous = dict(zip(codes, had, strict=True))
        renumbered = _renumbered(previous)
        context = Context(
            renumbered=renumbered,
            communities=frozenset(previous).difference(renumbered) or None,
            service_area=box,
            occupations=store.occupations(),
        )
        zones, warnings = zones_of(communities)
        vicinity = _vicinity(communities, zones)
        return cls(context, zones, _gazetteer(store), warnings, vicinity)


def _renumbered(previous: Mapping[str, str | None]) -> dict[str, str]:
    """Return the codes that communities had, and have no more, with those that they have now.

    An old code that several communities had finds none of them: which one is meant would be
    guessed. One that a community has now is nevertheless old if that community's own record says
    nothing of an earlier code: it comes from a list of before the change. If it does say one, the
    code was given to another community.
    """
    had = Counter(old for new, old in previous.items() if old is not None and old != new)
    return {
        old: new
        for new, old in previous.items()
        if old is not None and old != new and had[old] == 1 and previous.get(old) is None
    }


def zones_of(communities: pa.Table) -> tuple[ZoneIndex | None, tuple[str, ...]]:
    """Return the index of the communities' areas, None if none has one, and what was left out.

    One bad area must not make a store refuse every list: it is left out, and a warning names it.

    Parameters
    ----------
    communities
        Columns `id`, `district_name` and `area` (well-known text or null).
    """
    known = communities.filter(pc.is_valid(communities.column("area")))
    codes, districts = (known.column(name).to_pylist() for name in ("id", "district_name"))
    shapes = shapely.from_wkt(known.column("area").to_pylist(), on_invalid="ignore")
    faults = area_faults(shapes)
    good = [at for at, fault in enumerate(faults) if fault is None]
    bad = [
        f"{code} must {fault.rule}, got {fault.found}"
        for code, fault in zip(codes, faults, strict=True)
        if fault is not None
    ]
    warnings: tuple[str, ...] = ()
    if bad:
        shown = "; ".join(bad[:_SHOWN]) + ("; …" if len(bad) > _SHOWN else "")
        n = f"{len(bad):,} of {len(codes):,}"
        warnings = (f"areas of the store's communities are left out, {n}: {shown}",)
    if not good:
        return None, warnings
    zones = ZoneIndex(
        [codes[at] for at in good],
        [shapes[at] for at in good],
        districts=[districts[at] for at in good],
    )
    return zones, warnings


def _vicinity(communities: pa.Table, zones: ZoneIndex | None) -> Area | None:
    """Return the box of the areas and the points, grown to each side."""
    lon, lat = (
        communities.column(name).drop_null().to_numpy().astype(np.float64)
        for name in ("lon", "lat")
    )
    if zones is not None and zones.bounds is not None:
        west, south, east, north = zones.bounds
        lon, lat = np.append(lon, [west, east]), np.append(lat, [south, north])
    if not len(lon):
        return None
    step = FAR_KM / _DEGREE_KM
    south, north = max(-MAX_LAT, lat.min() - step), min(MAX_LAT, lat.max() + step)
    # A degree of longitude is shortest at the edge that is nearest to a pole.
    squeeze = np.cos(np.radians(max(abs(south), abs(north))))
    # Near a pole, and across the antimeridian, all longitudes are near.
    across = step / squeeze if squeeze * 2.0 * MAX_LON > step else 2.0 * MAX_LON
    west, east = lon.min() - across, lon.max() + across
    if west < -MAX_LON or east > MAX_LON:
        west, east = -MAX_LON, MAX_LON
    return Area(float(west), float(south), float(east), float(north))


def _gazetteer(store: Store) -> Gazetteer | None:
    places = store.gazetteer()
    return Gazetteer.from_table(places) if len(places) else None
