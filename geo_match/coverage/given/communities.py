"""The communities that coverage is told by: their areas, and the levels above them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo_match.coverage.given.people import as_objects, read_ids, read_texts
from geo_match.coverage.given.repair import INVALID, repair_areas, repair_table
from geo_match.errors import ArgumentError
from geo_match.index import ZoneIndex
from geo_match.matching.given.areas import areas
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

DIGITS: Final[Mapping[str, int]] = {"street": 9, "district": 6, "city": 4}
"""How many digits of a community's 12-digit code name the level above it."""
_WHOLE_CODE: Final = 12
_POLYGONS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_SHOWN: Final = 5
_REMEDY: Final = "Mend it; or ask with `repair=True`, and look at what that changes."


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
        For "street", "district" and "city" the codes that the frame states, (k,); no entry for a
        level of which it has no column.
    stated_names
        For "street", "district" and "city" the names that the frame states, (k,), None where not;
        no entry for a level of which it has no column.
    repaired
        The areas that were repaired, a row each, in the order of the codes: `code`; `fault`, what
        GEOS found and at which longitude and latitude; `area_before_km2`, what the outlines went
        round, and `area_after_km2`, geodesic; `changed_share`, how much of it was in doubt;
        `parts_before`, `parts_after`, `holes_before`, `holes_after`; and `dropped_line_m`, the
        length of what had no area, such as spikes, and of borders between parts that were joined.
        Empty where none was invalid.
    """

    codes: NDArray[np.object_]
    names: NDArray[np.object_]
    areas: NDArray[np.object_]
    stated: Mapping[str, NDArray[np.object_]]
    stated_names: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)
    repaired: pd.DataFrame = field(default_factory=repair_table)

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

    @cached_property
    def overlapping(self) -> list[tuple[int, int, float]]:
        """The pairs whose areas share ground, and its share of the smaller area.

        By their positions, in order, the lesser code first. What shares less than a millionth is
        left out: rounding makes slivers along every border.
        """
        if not self.has_area.any():
            return []
        at = {code: position for position, code in enumerate(self.codes.tolist())}
        return [(at[one], at[other], share) for one, other, share in self.zones.overlaps()]

    @property
    def levels(self) -> tuple[str, ...]:
        """What they can be told by: "community", and the levels above that each of them has."""
        return ("community", *(name for name in DIGITS if self._has(name)))

    def _has(self, level: str) -> bool:
        try:
            self.level(level)
        except ArgumentError:  # codes that do not say it
            return False
        return True

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

    def level_names(self, name: str) -> dict[str, str]:
        """Return what the frame calls each code of a level above the communities.

        Parameters
        ----------
        name
            "street", "district" or "city".

        Returns
        -------
        dict
            A name for each code; none for a code that the frame does not name.

        Raises
        ------
        ArgumentError
            If a code has several names, or a community has no such level.
        """
        stated = self.stated_names.get(name)
        if stated is None:
            return {}
        names: dict[str, set[str]] = {}
        for code, called in zip(self.level(name).tolist(), stated.tolist(), strict=True):
            if called is not None:
                names.setdefault(code, set()).add(called)
        several = {code: sorted(called) for code, called in names.items() if len(called) > 1}
        if several:
            shown = "; ".join(
                f"{code!r}: {', '.join(several[code])}" for code in sorted(several)[:_SHOWN]
            )
            more = "; …" if len(several) > _SHOWN else ""
            told = f"{len(several):,} of {len(names):,} with several ({shown}{more})"
            remedy = f"Mend the column `{name}_name`, or leave it out."
            raise ArgumentError("communities", f"have one name for each {name}", told, remedy)
        return {code: called.pop() for code, called in names.items()}


def read_communities(frame: object, *, repair: bool = False) -> Communities:
    """Return communities as coverage is told by them.

    Parameters
    ----------
    frame
        A GeoDataFrame, or rows with a column `area` of well-known text in degrees: `code` (any
        text without blanks around it), polygons or null, optional `name`, optional `street`,
        `district` and `city` (or `street_code`, …), the codes of the levels above, and optional
        `street_name`, `district_name` and `city_name`, what these are called.
    repair
        Whether polygons that are invalid are repaired, as `geo_match.coverage.given.repair` says,
        and told in `Communities.repaired`; else they are refused.

    Raises
    ------
    FrameError
        If codes are missing, repeated, ID-card numbers or have blanks around them, or a geometry
        is no valid polygon; with `repair`, one of which it would change more than 1 % of the area.
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
    _take_no_blanks(codes, faults)
    _take_no_other_shapes(given, faults)
    shapes, repaired = _areas(given, codes, faults, repair=repair)
    names = as_objects(read_texts(given, "name", faults))
    stated = {
        level: as_objects(read_texts(given, column, faults))
        for level in DIGITS
        for column in (level, f"{level}_code")
        if given.has(column) and not (column != level and given.has(level))
    }
    names_of = {
        level: as_objects(read_texts(given, f"{level}_name", faults))
        for level in DIGITS
        if given.has(f"{level}_name")
    }
    raise_any(faults)
    order = np.argsort(codes.astype(str), kind="stable")
    return Communities(
        codes[order],
        names[order],
        shapes[order],
        {level: values[order] for level, values in stated.items()},
        {level: values[order] for level, values in names_of.items()},
        repaired,
    )


def _areas(
    given: Given, codes: NDArray[np.object_], faults: Faults, *, repair: bool
) -> tuple[NDArray[np.object_], pd.DataFrame]:
    """Return the areas, (k,), None for none, and the table of those that were repaired."""
    found = Faults(faults.frame)
    found.ids = faults.ids
    shapes = areas(given, found)
    for fault in found.found:
        if fault.rule != INVALID:
            faults.found.append(fault)
        elif not repair:
            faults.found.append(replace(fault, remedy=_REMEDY))
    if shapes is None:
        shapes = np.full(len(given), None, dtype=object)
    shapes = shapes.copy()
    shapes[shapely.is_empty(shapes)] = None
    if not repair:
        return shapes, repair_table()
    column = "area" if given.geometry is None else str(given.geometry.name)
    return repair_areas(shapes, codes.tolist(), column, faults)


def _take_no_blanks(codes: NDArray[np.object_], faults: Faults) -> None:
    """Take it as a fault where blanks stand around a code: recorded codes are read without them."""
    blanks = np.array([code is not None and code != code.strip() != "" for code in codes.tolist()])
    faults.rows(
        "code",
        "have no blanks around it",
        blanks.astype(np.bool_),
        lambda at: codes[at],
        "Take them off, such as with `.str.strip()`: no recorded code would be found.",
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
