"""Features of what stands: stations, communities, and sites with open jobs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import shapely

from api.features.query import Property
from api.features.table import Row, Table
from geo_match.intake.invented import is_invented

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from api.jobs.postings import Posting
    from api.jobs.shown import Shown
    from geo_match.store import Store

STATION: Final = {
    "name": Property(str, "Its name.", "示例服务站"),
    "kind": Property(str, "Its level: district, street or community.", "street"),
    "address": Property(str, "Its address.", "示例路1号"),
    "community": Property(str, "Code of the community in which it is.", "340302001001"),
    "staff": Property(int, "How many work there.", 3),
    "capacity_per_month": Property(int, "How many people it can serve a month.", 400),
    "operator_id": Property(str, "Who runs it; null for the public agency.", "O-1"),
}
COMMUNITY: Final = {
    "name": Property(str, "Its name.", "示例社区"),
    "kind": Property(str, "居委会 (community), 村委会 (village) or 其他 (other).", "居委会"),
    "street_name": Property(str, "Street or town.", "示例街道"),
    "district_name": Property(str, "District or county.", "示例区"),
    "previous_code": Property(str, "The code that it had before.", "340302001099"),
}
SITE: Final = {
    "name": Property(str, "Its name.", "示例路1号"),
    "address": Property(str, "Its address.", "示例路1号"),
    "employer": Property(str, "Who seeks there; null where several do.", "示例超市"),
    "employer_id": Property(str, "Its id; null where several seek.", "E-1"),
    "employers": Property(int, "How many seek there.", 1),
    "jobs": Property(int, "How many open jobs there are.", 2),
    "vacancies": Property(int, "Vacancies that those of them state, added up.", 3),
    "vacancies_unstated": Property(int, "Jobs that state no number of vacancies.", 0),
}


def read_stations(store: Store, on: dt.date) -> Table:
    """Read the stations that are open on a day.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    read = store.read("stations", fields=("id", "lon", "lat", *STATION), on=on)
    rows = (
        Row(one["id"], _point(one["lon"], one["lat"]), {name: one[name] for name in STATION})
        for one in read.to_pylist()
    )
    return Table(rows, invented=_invented(store, "stations"))


def read_communities(store: Store) -> Table:
    """Read the communities with their areas.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    read = store.read("communities", fields=("id", "area", *COMMUNITY))
    rows = (
        Row(one["id"], _area(one["area"]), {name: one[name] for name in COMMUNITY})
        for one in read.to_pylist()
    )
    return Table(rows, invented=_invented(store, "communities"))


def sites_of(shown: Shown) -> Table:
    """Return where the jobs are that `/v1/jobs` serves, each place of work once."""
    at_site: dict[str, list[Posting]] = defaultdict(list)
    for job in shown.everywhere():
        at_site[job.at_site].append(job)
    rows = (
        Row(name, _places(jobs), _properties(shown, sorted(jobs, key=lambda job: job.id)))
        for name, jobs in at_site.items()
    )
    return Table(rows, invented=shown.invented)


def as_multi_polygon(shape: BaseGeometry | None) -> BaseGeometry | None:
    """Return an area in the one form that all of a collection have; None for an empty one."""
    if shape is None or shape.is_empty:
        return None
    return shapely.MultiPolygon([shape]) if isinstance(shape, shapely.Polygon) else shape


def _properties(shown: Shown, jobs: list[Posting]) -> Mapping[str, Any]:
    names = {shown.employer_of(job) for job in jobs}
    ids = {job.employer_id for job in jobs}
    left = [job.left for job in jobs]
    return {
        "name": _first(job.site_name for job in jobs),
        "address": _first(job.address for job in jobs),
        "employer": names.pop() if len(names) == len(ids) == 1 else None,
        "employer_id": ids.pop() if len(ids) == 1 else None,
        "employers": len({(job.employer_id, shown.employer_of(job)) for job in jobs}),
        "jobs": len(jobs),
        "vacancies": sum(one or 0 for one in left),
        "vacancies_unstated": left.count(None),
    }


def _first(texts: Any) -> str | None:  # noqa: ANN401 - an iterable of texts and None
    return next((text for text in texts if text is not None), None)


def _places(jobs: list[Posting]) -> BaseGeometry:
    """Return where a site is; all places where its jobs do not agree on one."""
    different = sorted({job.where for job in jobs})
    points = [shapely.Point(*place) for place in different]
    return points[0] if len(points) == 1 else shapely.MultiPoint(points)


def _point(lon: float | None, lat: float | None) -> BaseGeometry | None:
    return None if lon is None or lat is None else shapely.Point(lon, lat)


def _area(text: str | None) -> BaseGeometry | None:
    return None if text is None else as_multi_polygon(shapely.from_wkt(text))


def _invented(store: Store, kind: str) -> bool | None:
    return True if is_invented(store.sources(kind)) else None
