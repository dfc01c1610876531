"""H3 cells as tables of counts, and their overlaps with communities, which tie the two."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import geopandas as gpd
import h3.api.basic_int as h3
import numpy as np
import pandas as pd
import shapely

from geo_match.coverage.answers.figures import Groups
from geo_match.coverage.answers.hexagons import RESOLUTION, hexagon_rows, outline
from geo_match.coverage.publication.count_table import CountTable, Measure, Split, check_size
from geo_match.coverage.publication.report_splits import REACHED_STRAIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.coverage.answers.report import CoverageReport

_COUNTS: Final = ("located", "reached")
_SPLITS: Final = (Split("located", ("reached",), "not_reached"),)
_WITH_STRAIGHT: Final = ("located", REACHED_STRAIGHT, "reached")
_SPLITS_WITH_STRAIGHT: Final = (
    *_SPLITS,
    Split("located", (REACHED_STRAIGHT,), "not_reached_straight"),
    Split(REACHED_STRAIGHT, ("reached",), "lost_on_foot"),
)
_DATE, _CODE, _CELL, _KIND = "date", "code", "h3", "kind"
_MARGIN_DEG: Final = 1e-5
"""About a metre: the sides of an outline and of its cell differ by millimetres."""


def hexagon_tables(
    report: CoverageReport, *, date: str, measures: Mapping[str, Measure], straight: bool = False
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
    straight
        Of a report on foot, whether who is reached straight goes out, too.

    Raises
    ------
    ArgumentError
        If the two alone have more counts than a publication may have: it is told before anybody
        is counted.
    """
    counts, splits = (_WITH_STRAIGHT, _SPLITS_WITH_STRAIGHT) if straight else (_COUNTS, _SPLITS)
    pairs = _counted(report, _possible(report, len(counts) + len(splits)), straight=straight)
    pairs[_DATE] = date
    cells = pairs.groupby(_CELL, dropna=False, sort=True)[list(counts)].sum().reset_index()
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
    common: dict[str, Any] = {"counts": counts, "splits": splits, "date": _DATE}
    shares = {"reached_share": ("reached", "located")}
    if straight:
        shares[f"{REACHED_STRAIGHT}_share"] = (REACHED_STRAIGHT, "located")
    whole = CountTable(
        name="h3",
        frame=frame,
        by=(_CODE, _DATE),
        into={"all": (_DATE,)},
        shares=shares,
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


class _Possible(NamedTuple):
    """The overlaps of communities and cells that everybody can draw on a map.

    Parameters
    ----------
    cells
        uint64, (c,): the cells that touch an area, ascending.
    place, cell
        int64, (p,): of each overlap the community's position, −1 for outside all, and the cell's.
    """

    cells: NDArray[np.uint64]
    place: NDArray[np.int64]
    cell: NDArray[np.int64]


def _possible(report: CoverageReport, n_columns: int) -> _Possible:
    """Return the overlaps, if there are not too many to go out."""
    areas = report.communities.areas
    of_area = [_cells_of(area) for area in areas]
    each = np.fromiter(chain.from_iterable(of_area), dtype=np.uint64)
    listed = np.unique(each)
    check_size(n_columns * (len(each) + len(listed)))
    torn = np.flatnonzero(~_covered(listed, areas))
    n_cells = np.array([len(cells) for cells in of_area], dtype=np.int64)
    return _Possible(
        listed,
        np.concatenate((np.repeat(np.arange(len(areas)), n_cells), np.full(len(torn), -1))),
        np.concatenate((np.searchsorted(listed, each), torn)),
    )


def _counted(report: CoverageReport, possible: _Possible, *, straight: bool) -> pd.DataFrame:
    """Count the people of each overlap: `code`, `h3`, null for elsewhere."""
    listed, *keys = possible
    rest = len(listed)  # stands for everywhere else, as -1 does for no community
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
    outcome, enough = report.outcome, report.options.at_least
    amounts = {"located": np.full(len(located), enough), "reached": outcome.counted}
    if straight and outcome.straight is not None:
        amounts[REACHED_STRAIGHT] = outcome.straight.counted
    counts = {
        name: Groups(number[has], len(each), weight[has]).total()
        for name, amount in amounts.items()
        for has in (amount[located] >= enough,)
    }
    names = np.array([*(h3.int_to_str(int(one)) for one in listed), None], dtype=object)
    homes = np.array([*report.communities.codes, None], dtype=object)
    columns = {_CODE: homes[each[:, 0]], _CELL: names[each[:, 1]]}
    return pd.DataFrame({**columns, **counts})


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
