"""Where circles are drawn, if not around seekers' homes: `Around` origins of one kind.

An origin is a household, a station, a point or a community's area. Of points the distance is the
same as of homes, on foot, too; of areas it is that to the edge, 0 inside, and its basis is
`area_edge`: on foot there is none.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match._validate import as_radius
from geo_match.errors import ArgumentError
from geo_match.matching.criteria.forms import numbers
from geo_match.matching.engine.on_foot import reach_of
from geo_match.matching.engine.reach import Circles, FromAreas
from geo_match.matching.engine.side import Side
from geo_match.matching.given.columns import SEEKERS
from geo_match.matching.given.frames import origins_and_areas, seekers_by
from geo_match.matching.options import Weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo_match.matching.engine.reach import Reach
    from geo_match.matching.options import MatchOptions

OF_THE_JOB: Final = ("open", "vacancies", "employer")
"""The conditions that need no seeker, beside the distance."""
OF_A_PLACE: Final = ("closeness", "freshness")
"""The parts of a score that need no seeker."""


@dataclass(frozen=True, eq=False)
class Around:
    """What seekers' circles are drawn around, each around the origin that the seeker names.

    Made once, it serves any number of matches: the frame is read, and the borders of areas are
    made ready, when it is first used.

    Parameters
    ----------
    origins
        Origins with `id`, or `code` where there is no such column, and a place: points as
        `geo_match.matching.given.frames.origins_table` takes them; or areas, in a GeoDataFrame of
        polygons or a column `area` of well-known text. A place is known to `location_accuracy_m`;
        where that is not stated, a point to the options' `default_accuracy_m`, and an area exactly.
    by
        The seekers' column with the origin's id, such as `household` or `community`; None if
        there is one origin, which is everybody's.

    Raises
    ------
    ArgumentError
        If `by` is neither text nor None.

    Examples
    --------
    >>> import geo_match as gm
    >>> from geo_match.matching import Around
    >>> job = {"id": "J1", "lon": 117.40, "lat": 32.93, "employer_licence": "verified"}
    >>> area = "POLYGON ((117.36 32.92, 117.38 32.92, 117.38 32.94, 117.36 32.94, 117.36 32.92))"
    >>> communities = Around({"code": "C1", "area": area}, by="community")
    >>> matches = gm.Matcher(job).match({"id": "S1", "community": "C1"}, around=communities)
    >>> matches[["origin_id", "job_id", "distance_m", "basis"]].round(1).to_dict("records")
    [{'origin_id': 'C1', 'job_id': 'J1', 'distance_m': 1870.5, 'basis': 'area_edge'}]
    """

    origins: object
    by: str | None = None

    def __post_init__(self) -> None:
        """Check the name of the column."""
        if self.by is not None and (not isinstance(self.by, str) or not self.by):
            raise ArgumentError("by", "be the name of a column, or None", repr(self.by))

    def seekers(self, frame: object, options: MatchOptions) -> Side:
        """Return seekers with their circles around the origins that they name.

        Raises
        ------
        FrameError, DatumError, ArgumentError
            If the seekers or the origins are not as they must be; if they are areas, on foot; or if
            `by` is None, and there is not one origin.
        """
        ids = self._table.column("id").combine_chunks()
        if self.by is None and len(ids) != 1:
            remedy = "Name the seekers' column that says which is whose."
            raise ArgumentError(
                "by", "be named unless there is one origin", f"{len(ids):,}", remedy
            )
        table, names = seekers_by(frame, self.by)
        if names is None:
            names = pa.array([ids[0].as_py()] * len(table), pa.string())
        origin = pc.fill_null(pc.index_in(names, value_set=ids, skip_nulls=True), -1)
        return Side(table, "seeker", options, self._circles(np.asarray(origin), names, options))

    def alone(self, options: MatchOptions, radius_m: ArrayLike | None) -> Side:
        """Return the origins as if each were a seeker of whom nothing is known or asked.

        Raises
        ------
        FrameError, DatumError, RadiusError, ArgumentError
            If the origins or the radius are not as they must be; if they are areas, on foot; or if
            both parts of the score that need no seeker weigh nothing.
        """
        ids = self._table.column("id").combine_chunks()
        n = len(ids)
        radius = as_radius(options.radius_m if radius_m is None else radius_m, n)
        known = {"id": ids, "radius_m": pa.array(radius)}
        table = pa.table(
            [known.get(field.name, pa.nulls(n, field.type)) for field in SEEKERS], SEEKERS
        )
        circles = self._circles(np.arange(n), ids, options)._replace(are_alone=True)
        return Side(table, "seeker", _without_seeker(options), circles)

    @cached_property
    def _read(self) -> tuple[pa.Table, NDArray[np.object_] | None]:
        return origins_and_areas(self.origins)

    @property
    def _table(self) -> pa.Table:
        return self._read[0]

    @cached_property
    def _areas(self) -> FromAreas | None:
        _, areas = self._read
        if areas is None:
            return None
        has_one = np.array([area is not None for area in areas], dtype=np.bool_)
        return FromAreas(list(areas[has_one]), np.where(has_one, np.cumsum(has_one) - 1, -1))

    def _circles(self, origin: NDArray[np.int64], name: pa.Array, options: MatchOptions) -> Circles:
        """Return the circles of centres by the positions of their origins, -1 for one unknown."""
        reach: Reach
        accuracy = self._table.column("location_accuracy_m")
        if self._areas is None:
            lon, lat = (numbers(self._table.column(axis), np.nan) for axis in ("lon", "lat"))
            reach, has_place = reach_of(lon, lat, options), ~np.isnan(lon)
            accuracy_m = numbers(accuracy, float(options.default_accuracy_m))
        elif options.basis == "walking":
            raise ArgumentError(
                "origins",
                'be points with the basis "walking": no walk begins at the edge of an area',
                "areas",
                'Give homes, stations or other points, or match with basis="geodesic".',
            )
        else:
            reach, has_place = self._areas, self._areas.has_area
            accuracy_m = numbers(accuracy, 0.0)
        # An unknown origin, at -1, takes what stands at the end.
        return Circles(
            reach,
            origin.astype(np.int64),
            np.append(has_place, False)[origin],
            np.append(accuracy_m, np.nan)[origin],
            name,
            are_alone=False,
        )


def _without_seeker(options: MatchOptions) -> MatchOptions:
    """Return options that ask only what needs no seeker.

    Raises
    ------
    ArgumentError
        If the parts of the score that are left weigh nothing.
    """
    weights = {part: getattr(options.weights, part) for part in OF_A_PLACE}
    if not any(weights.values()):
        rule = f"have {' or '.join(OF_A_PLACE)} above 0 where origins ask alone"
        raise ArgumentError("weights", rule, "0 for each")
    others = dict.fromkeys((one.name for one in dataclasses.fields(Weights)), 0.0)
    return dataclasses.replace(
        options,
        conditions=[name for name in options.asked if name in OF_THE_JOB],
        weights=Weights(**(others | weights)),
    )


__all__ = ["Around"]
