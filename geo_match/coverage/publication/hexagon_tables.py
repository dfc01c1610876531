"""H3 cells as tables of counts, and their overlaps with communities, which tie the two."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import h3.api.basic_int as h3
import numpy as np
import pandas as pd
import shapely

from geo_match.coverage.answers.hexagons import RESOLUTION, hexagon_rows, outline
from geo_match.coverage.publication.count_table import CountTable, Measure, Split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.coverage.answers.report import CoverageReport

_COUNTS: Final = ("located", "reached")
_SPLITS: Final = (Split("located", ("reached",), "not_reached"),)
_DATE, _CODE, _CELL, _KIND = "date", "code", "h3", "kind"
_MARGIN_DEG: Final = 1e-5
"""About a metre: the sides of an outline and of its cell differ by millimetres."""


def hexagon_tables(
    report: CoverageReport, *, date: str, measures: Mapping[str, Measure]
) -> tuple[CountTable, CountTable]:
    """Make the table of H3 cells, and that of their overlaps with communities, which stays.

    The rows are what everybody can draw on a map: the cells that touch a community's area, and all
    overlaps of the two, whether somebody lives there or not; and a row for everywhere else. Who is
    not located is in no cell, so that there are located and reached people only.

    Parameters
    ----------
    report
        What was found.
    date
        Of the report.
    measures
        Of the rows, as `CountTable.measures`.
    """
    pairs = _pairs(report)
    pairs[_DATE] = date
    cells = pairs.groupby(_CELL, dropna=False, sort=True)[list(_COUNTS)].sum().reset_index()
    cells = cells.rename(columns={_CELL: _CODE})
    inside = pd.DataFrame(report.by("h3")).set_index(_CODE)
    inside = inside.loc[inside.index.notna(), list(measures)]
    named = [None if pd.isna(code) else h3.str_to_int(code) for code in cells[_CODE]]
    frame = gpd.GeoDataFrame(
        {
            **cells,
            **inside.reindex(cells[_CODE]).reset_index(drop=True),
            _KIND: np.where(cells[_CODE].isna(), "outside", "h3"),
            _DATE: date,
        },
        geometry=[None if one is None else outline(one) for one in named],
        crs=4326,
    )
    common: dict[str, Any] = {"counts": _COUNTS, "splits": _SPLITS, "date": _DATE}
    whole = CountTable(
        name="h3",
        frame=frame,
        by=(_CODE, _DATE),
        into={"all": (_DATE,)},
        shares={"reached_share": ("reached", "located")},
        measures=measures,
        labels=(_KIND, "geometry"),
        **common,
    )
    overlaps = CountTable(
        name="community by h3",
        frame=pairs,
        by=(_CODE, _CELL, _DATE),
        into={"community": (_CODE, _DATE), "h3": (_CELL, _DATE)},
        goes_out=False,
        **common,
    )
    return whole, overlaps


def _pairs(report: CoverageReport) -> pd.DataFrame:
    """Count the located and the reached of each overlap: `code`, `h3`, null for elsewhere."""
    areas = report.communities.areas
    of_area = [_cells_of(area) for area in areas]
    listed = np.unique(np.fromiter(chain.from_iterable(of_area), dtype=np.uint64))
    torn = listed[~_covered(listed, areas)]
    rest = len(listed)  # stands for everywhere else, as -1 does for no community
    possible = [(at, cell) for at, cells in enumerate(of_area) for cell in cells]
    place, cell = np.array([*possible, *((-1, one) for one in torn)], dtype=object).reshape(-1, 2).T
    keys = [place.astype(np.int64), np.searchsorted(listed, cell.astype(np.uint64))]
    located = report.who.located
    rows = hexagon_rows(report.who)
    codes = np.array([0 if code is None else h3.str_to_int(code) for code in rows.code], np.uint64)
    at = np.searchsorted(listed, codes)
    known = np.append(listed, np.uint64(0))[at] == codes
    of_person = np.where(known, at, rest)[rows.of][located]
    home = report.outcome.community[located]
    # Whoever is where nobody should be has a row all the same: no person is left out.
    pair = np.concatenate([keys[0], [-1], home]), np.concatenate([keys[1], [rest], of_person])
    each, number = np.unique(np.column_stack(pair), axis=0, return_inverse=True)
    number = number[len(keys[0]) + 1 :]
    weight = report.who.weight[located]
    reached = report.outcome.counted[located] >= report.options.at_least
    counts = np.zeros((2, len(each)), dtype=weight.dtype)
    np.add.at(counts[0], number, weight)
    np.add.at(counts[1], number[reached], weight[reached])
    names = np.array([*(h3.int_to_str(int(one)) for one in listed), None], dtype=object)
    homes = np.array([*report.communities.codes, None], dtype=object)
    columns = {_CODE: homes[each[:, 0]], _CELL: names[each[:, 1]]}
    return pd.DataFrame({**columns, **dict(zip(_COUNTS, counts, strict=True))})


def _cells_of(area: shapely.Geometry | None) -> list[int]:
    """Give the cells that touch an area in degrees."""
    if area is None or shapely.is_empty(area):
        return []
    wide = shapely.buffer(area, _MARGIN_DEG)
    found = h3.h3shape_to_cells_experimental(h3.geo_to_h3shape(wide), RESOLUTION, "overlap")
    return sorted(found)


def _covered(cells: np.ndarray[Any, np.dtype[np.uint64]], areas: Any) -> Any:  # noqa: ANN401 - as shapely's
    """Say which cells lie in areas wholly, so that nobody there is outside all of them."""
    every = shapely.union_all([area for area in areas if area is not None])
    shapely.prepare(every)
    outlines = np.array([outline(int(cell)) for cell in cells], dtype=object)
    return shapely.covers(every, shapely.buffer(outlines, _MARGIN_DEG))
