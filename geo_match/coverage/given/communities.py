"""The communities that coverage is told by: their areas, and the levels above them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo_match.coverage.given.people import as_objects, read_ids, read_texts
from geo_match.errors import ArgumentError
from geo_match.index import ZoneIndex
from geo_match.matching.given.areas import areas
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

DIGITS: Final[Mapping[str, int]] = {"street": 9, "district": 6, "city": 4}
"""How many digits of a community's 12-digit code name the level above it."""
_WHOLE_CODE: Final = 12
_POLYGONS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_SHOWN: Final = 5


@dataclass(frozen=True, eq=False)
class Communities:
    """Checked communities, in the order of their codes.

    Parameters
    ----------
    codes
        Objects of str, (k,), all different.
    names
        Objects of str, (k,); None where not stated.
    areas
        Polygons in degrees, (k,); None for a community without one.
    stated
        For "street" and "district" the codes that the frame states, (k,); no entry for a level of
        which it has no column.
    """

    codes: NDArray[np.object_]
    names: NDArray[np.object_]
    areas: NDArray[np.object_]
    stated: Mapping[str, NDArray[np.object_]]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.codes)

    @cached_property
    def has_area(self) -> NDArray[np.bool_]:
        """Which have an area, (k,)."""
        return np.asarray(~shapely.is_missing(self.areas), dtype=np.bool_)

    @cached_property
    def zones(self) -> ZoneIndex:
        """The index of those that have an area."""
        return ZoneIndex(self.codes[self.has_area], self.areas[self.has_area])

    def level(self, name: str) -> NDArray[np.object_]:
        """Return the code of a level above each community, (k,).

        Parameters
        ----------
        name
            "street", "district" or "city".

        Raises
        ------
        ArgumentError
            If one has none: the frame has a column for the level and it is null, or it has none
            and the community's code has not 12 digits.
        """
        stated = self.stated.get(name)
        if stated is None:
            found = np.array(
                [
                    code[: DIGITS[name]] if _is_whole_code(code) else None
                    for code in self.codes.tolist()
                ],
                dtype=object,
            )
            rule = f"have a {name}: a column `{name}`, or codes of {_WHOLE_CODE} digits"
        else:
            found, rule = stated, f"have a {name} each, as there is a column of them"
        without = self.codes[[one is None for one in found.tolist()]]
        if len(without):
            shown = ", ".join(repr(code) for code in without[:_SHOWN])
            more = ", …" if len(without) > _SHOWN else ""
            told = f"{len(without):,} of {len(self):,} without ({shown}{more})"
            remedy = f"State the {name} of each community, or ask by community."
            raise ArgumentError("communities", rule, told, remedy)
        return found


def read_communities(frame: object) -> Communities:
    """Return communities as coverage is told by them.

    Parameters
    ----------
    frame
        A GeoDataFrame, or rows with a column `area` of well-known text in degrees: `code` (any
        text), polygons or null, optional `name`, and optional `street` (or `street_code`) and
        `district` (or `district_code`), the codes of the levels above.

    Raises
    ------
    FrameError
        If codes are missing, repeated or ID-card numbers, or a geometry is no valid polygon.
    DatumError
        If the geometry's CRS is not known, or not on WGS 84 or CGCS2000.
    ArgumentError
        If the frame is nothing of the kind.

    Examples
    --------
    >>> read_communities([{"code": "340302001001", "name": "东风社区"}]).level("street")
    array(['340302001'], dtype=object)
    """
    faults = Faults("communities")
    given = Given(frame, faults)
    codes = as_objects(read_ids(given, "code", faults))
    _take_no_other_shapes(given, faults)
    shapes = areas(given, faults)
    if shapes is None:
        shapes = np.full(len(given), None, dtype=object)
    shapes = shapes.copy()
    shapes[shapely.is_empty(shapes)] = None
    names = as_objects(read_texts(given, "name", faults))
    stated = {
        level: as_objects(read_texts(given, column, faults))
        for level in ("street", "district")
        for column in (level, f"{level}_code")
        if given.has(column) and not (column != level and given.has(level))
    }
    raise_any(faults)
    order = np.argsort(codes.astype(str), kind="stable")
    return Communities(
        codes[order],
        names[order],
        shapes[order],
        {level: values[order] for level, values in stated.items()},
    )


def _take_no_other_shapes(given: Given, faults: Faults) -> None:
    """Take it as a fault where all shapes are points or lines: `areas` reads those as no areas."""
    if given.geometry is None:
        return
    shapes = np.asarray(given.geometry.array, dtype=object)
    is_there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    is_area = np.isin(shapely.get_type_id(shapes), _POLYGONS)
    if not (is_there & is_area).any():
        faults.rows(
            str(given.geometry.name),
            "hold areas, or null where a community has none",
            is_there,
            lambda at: shapes[at].geom_type,
            "Give the outline of each, or take its geometry out.",
        )


def _is_whole_code(code: str) -> bool:
    return len(code) == _WHOLE_CODE and code.isascii() and code.isdigit()
