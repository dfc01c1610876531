"""Rows of a report on a map, shaded by one of their figures: `plot_coverage`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_match._validate import as_count
from geo_match.coverage.answers.display import asked
from geo_match.coverage.answers.report import CoverageReport
from geo_match.coverage.release import INTERNAL, RELEASE
from geo_match.crs import known_crs
from geo_match.errors import ArgumentError
from geo_match.exchange.report_page.english_names import english_name
from geo_match.exchange.report_page.map_svg import SHADES
from geo_match.plotting.needed import need_matplotlib

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize
    from numpy.typing import NDArray

    from geo_match.plotting._paper import Entry, Paper

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Objects = NDArray[np.object_]

_USUAL: Final = ("below", "below_change", "people")
"""What is drawn where no column is named: the first that there is."""
_CHANGE: Final = "_change"
_PARTS_OF_1: Final = ("fgt_share", "fgt_depth", "fgt_severity", "gini")
_SHARE: Final = "_share"
_NOBODY, _UNKNOWN, _FAINT = "#ffffff", "#d9d9d9", "#d2d6da"
_POLYGONS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_STAMP: Final = "内部工作用图"


def plot_coverage(
    told: object,
    *,
    column: str | None = None,
    by: str | None = None,
    names: int = 5,
    axes: Axes | None = None,
) -> Axes:
    """Draw the rows of a report on a map, shaded by one figure.

    Parameters
    ----------
    told
        A `CoverageReport`, a `ServicePlan` or a `Change`; or a frame that one of them returned, or
        that `geo_match.coverage.difference` or `gap_areas` did: areas in any CRS on WGS 84 or
        CGCS2000, and columns of numbers.
    column
        The figure. None for `below`, how many people are below the standard; of a change
        `below_change`; where there is neither, `people`.
    by
        What rows are of, as `by` of `told` takes it: "community", "street", "district", "city" or
        "h3". None for "community"; not given with a frame, which has its rows.
    names
        How many rows with the greatest figures are numbered on the map and named beside it, at
        least 0; of changes those with the greatest in either direction. A figure of 0 gets none.
    axes
        matplotlib's, to draw on; None for new ones. Where something was drawn on them already, they
        go on showing the same ground.

    Returns
    -------
    matplotlib.axes.Axes
        Those drawn on, in degrees WGS-84, true to scale in their middle. Shares are shaded from 0
        to 1, changes with 0 in the middle, other figures from 0 (or the least, if that is below) to
        the greatest. A row whose figure is missing is hatched, one without people white. What has
        no area cannot be drawn, and is counted beside the map, which ends where people end. A
        name that no font on this machine can write is replaced by the row's code.

    Raises
    ------
    NoMatplotlibError
        If matplotlib is not installed.
    ArgumentError
        If `told` is nothing of the kind or has no area to draw, or another argument breaks its
        rule.
    DatumError
        If the CRS of a frame is not known, or not on WGS 84 or CGCS2000.

    Examples
    --------
    >>> import geo_match as gm
    >>> area = "POLYGON ((117.35 32.9, 117.4 32.9, 117.4 32.95, 117.35 32.95, 117.35 32.9))"
    >>> town = gm.Coverage([], [{"code": "340302001001", "name": "东风社区", "area": area}])
    >>> report = town.of([{"id": "H1", "lon": 117.37, "lat": 32.93, "weight": 3}])
    >>> axes = gm.plot_coverage(report)
    >>> axes.get_title(), [one.get_gid() for one in axes.collections]
    ('At least 1 vacancy within 3,000 m, straight', ['values'])
    """
    need_matplotlib()
    from geo_match.plotting._paper import Bounds, Paper  # noqa: PLC0415 - an extra

    frame = _frame(told, by)
    figure = _figure(frame, column)
    most_names = as_count(names, "names", least=0)
    ground = _Ground.of(frame, figure)
    paper = Paper(axes)
    paper.look_at(Bounds(*shapely.total_bounds(ground.areas[ground.seen]).tolist()))
    entries = [*_shaded(paper, ground, figure), *_named(paper, ground, figure, most_names)]
    if isinstance(told, CoverageReport):
        said = asked(told.options)
        paper.title(said[0].upper() + said[1:])
    paper.legend(entries, above=_notes(paper, ground), below=True)
    return paper.axes


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is drawn, (n,) each, and what cannot be.

    Parameters
    ----------
    rows
        Of the frame, those with an area.
    areas
        Their polygons, degrees WGS-84.
    figures
        Their figures; NaN where missing.
    empty
        In which nobody lives.
    lost
        The rows that have no area and stand for somebody, and the people of these; None where the
        frame does not tell of people.
    """

    rows: pd.DataFrame
    areas: Objects
    figures: Floats
    empty: Flags
    lost: tuple[int, float | None]

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame, figure: str) -> _Ground:
        """Take a frame apart.

        Raises
        ------
        ArgumentError, DatumError
            If it has no areas, or these are not as they must be.
        """
        areas = _degrees(frame)
        is_drawn = ~(shapely.is_missing(areas) | shapely.is_empty(areas))
        if not is_drawn.any():
            rule = "have areas to draw"
            remedy = "Communities need polygons; values of a column of the people have none."
            raise ArgumentError("told", rule, f"{len(areas):,} rows without any", remedy)
        kinds = shapely.get_type_id(areas[is_drawn])
        if not np.isin(kinds, _POLYGONS).all():
            raise ArgumentError("told", "have polygons", "other shapes among them")
        people = _floats(frame["people"]) if "people" in frame else None
        lost = ~is_drawn
        if people is not None:
            lost &= people != 0.0
        return cls(
            rows=pd.DataFrame(frame[is_drawn]),
            areas=areas[is_drawn],
            figures=_floats(frame[figure])[is_drawn],
            empty=np.zeros(is_drawn.sum(), dtype=np.bool_)
            if people is None
            else people[is_drawn] == 0.0,
            lost=(int(lost.sum()), None if people is None else float(np.nansum(people[lost]))),
        )

    @property
    def seen(self) -> Flags:
        """Those that the map must show: where people live, or all if nobody does."""
        return np.ones_like(self.empty) if self.empty.all() else ~self.empty

    @property
    def known(self) -> Flags:
        """Those that are shaded."""
        return ~self.empty & np.isfinite(self.figures)


def _frame(told: object, by: object) -> gpd.GeoDataFrame:
    """Return the rows to be drawn."""
    if isinstance(told, gpd.GeoDataFrame):
        if by is not None:
            remedy = "Leave it out: a frame has its rows."
            raise ArgumentError("by", "be given with a report, plan or change", repr(by), remedy)
        return told
    rows_by = getattr(told, "by", None)
    if isinstance(told, pd.DataFrame) or not callable(rows_by):
        rule = "be a CoverageReport, a ServicePlan, a Change, or a GeoDataFrame of theirs"
        raise ArgumentError("told", rule, type(told).__name__)
    found: gpd.GeoDataFrame = rows_by("community" if by is None else by)
    return found


def _figure(frame: gpd.GeoDataFrame, column: object) -> str:
    """Return the name of the column that is drawn."""
    numeric = [name for name in frame.columns if _is_numeric(frame[name])]
    if column is None:
        usual = [name for name in _USUAL if name in numeric]
        if usual:
            return usual[0]
    if column not in numeric:
        rule = f"name a column of numbers: {', '.join(map(str, numeric)) or 'there is none'}"
        raise ArgumentError("column", rule, repr(column))
    return str(column)


def _is_numeric(values: pd.Series[Any]) -> bool:
    is_bool = pd.api.types.is_bool_dtype(values)
    return pd.api.types.is_numeric_dtype(values) and not is_bool


def _floats(values: pd.Series[Any]) -> Floats:
    return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def _degrees(frame: gpd.GeoDataFrame) -> Objects:
    """Return the areas of a frame in degrees WGS-84."""
    if frame.active_geometry_name is None:
        raise ArgumentError("told", "have areas to draw", "a frame without geometry")
    areas = np.asarray(frame.geometry.array, dtype=object)
    crs = known_crs(frame.crs, source="told")

    def turned(places: Floats) -> Floats:
        return np.column_stack(crs.lonlat(places[:, 0], places[:, 1]))

    return np.asarray(shapely.transform(areas, turned), dtype=object)


def _shaded(paper: Paper, ground: _Ground, figure: str) -> list[Entry]:
    """Draw the rows, and the scale of their shades; return what the legend says of the others."""
    from matplotlib.patches import Patch  # noqa: PLC0415 - an extra
    from matplotlib.ticker import PercentFormatter  # noqa: PLC0415 - an extra

    from geo_match.plotting._paper import LINE, Entry  # noqa: PLC0415 - an extra

    known, entries = ground.known, []
    unknown = ~known & ~ground.empty
    for gid, which, said, face, line, hatch in (
        ("nobody", ground.empty, "nobody counted here", _NOBODY, _FAINT, None),
        ("missing", unknown, "not known", _UNKNOWN, LINE, "////"),
    ):
        if which.any():
            style = {"facecolor": face, "edgecolor": line, "hatch": hatch}
            paper.areas(ground.areas[which], gid, **style)
            entries.append(Entry(Patch(facecolor=face, edgecolor=line, hatch=hatch), said))
    if known.any():
        values = ground.figures[known]
        shades, norm = _shades(figure, values)
        drawn = paper.areas(ground.areas[known], "values", edgecolor=LINE, cmap=shades, norm=norm)
        drawn.set_array(values)
        paper.axes.figure.colorbar(
            drawn,
            ax=paper.axes,
            label=english_name(figure),
            format=PercentFormatter(1.0) if _is_share(figure) else None,
            shrink=0.8,
        )
    return entries


def _shades(figure: str, values: Floats) -> tuple[Colormap, Normalize]:
    """Return the colours of a figure, told apart by lightness, and the values at their ends."""
    import matplotlib as mpl  # noqa: PLC0415 - an extra
    from matplotlib.colors import LinearSegmentedColormap, Normalize  # noqa: PLC0415 - an extra

    if figure.endswith(_CHANGE):
        most = float(np.abs(values).max()) or 1.0
        return mpl.colormaps["PuOr"], Normalize(-most, most)
    shades = LinearSegmentedColormap.from_list("reach", SHADES)
    if _is_share(figure):
        return shades, Normalize(0.0, 1.0)
    least, most = min(float(values.min()), 0.0), float(values.max())
    return shades, Normalize(least, most if most > least else least + 1.0)


def _named(paper: Paper, ground: _Ground, figure: str, most: int) -> list[Entry]:
    """Give numbers to the rows with the greatest figures; return what the legend says of them."""
    from geo_match.plotting._paper import Entry  # noqa: PLC0415 - an extra

    size = np.where(ground.known, np.abs(ground.figures), 0.0)
    if not figure.endswith(_CHANGE):
        size = np.where(ground.known, ground.figures, 0.0)
    chosen = np.argsort(-size, kind="stable")[:most]
    chosen = chosen[size[chosen] > 0.0]
    marks = paper.numbers(ground.areas[chosen])
    rows = ground.rows.iloc[chosen].to_dict("records")
    values = ground.figures[chosen].tolist()
    return [
        Entry(mark, f"{_called(paper, row)}: {_said(figure, value)}")
        for mark, row, value in zip(marks, rows, values, strict=True)
    ]


def _called(paper: Paper, row: dict[Any, Any]) -> str:
    """Return a row's name, if it has one and it can be written, else its code."""
    name = row.get("name")
    if isinstance(name, str) and paper.fonts.have(name):
        return name
    return str(row.get("code", ""))


def _is_share(figure: str) -> bool:
    return figure.endswith(_SHARE) or figure in _PARTS_OF_1


def _said(figure: str, value: float) -> str:
    if _is_share(figure):
        return f"{value:.1%}"
    sign = "+" if figure.endswith(_CHANGE) else ""
    return f"{value:{sign},.0f}" if value == round(value) else f"{value:{sign},.4g}"


def _notes(paper: Paper, ground: _Ground) -> list[str]:
    """Return what must be said of the map as a whole."""
    found = []
    if RELEASE in ground.rows and (ground.rows[RELEASE] == INTERNAL).any():
        stamp = f" · {_STAMP}" if paper.fonts.have(_STAMP) else ""
        found.append(f"internal, not for publication{stamp}")
    rows, people = ground.lost
    if rows:
        whom = "" if people is None else f", with {people:,.15g} people"
        found.append(f"not on the map: {rows:,} without an area{whom}")
    return found
