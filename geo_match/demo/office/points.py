"""Points as they come in: each source in its own datum, most of them where they should be.

What a reader cannot see is not made: a datum is only misdeclared where the point, read as
declared, leaves its community's area by some 20 m. A right point is in its area but for the
rounding to six decimals, 0.1 m.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo_match.datums import Datum, from_wgs84, to_wgs84
from geo_match.demo.office._text import as_degrees, listed, pick
from geo_match.demo.office.defects import DEFECTS
from geo_match.demo.office.register import CODE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo_match.demo.office.draft import Draft
    from geo_match.demo.office.register import Register

LON, LAT, DATUM = "经度", "纬度", "坐标系"
DATUM_WORDS: Final[dict[str, Datum]] = {
    "CGCS2000": "cgcs2000",
    "2000国家大地坐标系": "cgcs2000",
    "高德": "gcj02",
    "百度": "bd09",
}
"""What the column of datums says, and what it means."""
_WORDS: Final = tuple(DATUM_WORDS)
_FOREIGN: Final = np.array([(2, 3), (2, 3), (0, 3), (0, 2)])
"""For each word two that mean another datum."""
ALL_POINTS: Final = (
    "zero_coordinates",
    "swapped_axes",
    "truncated_coordinates",
    "out_of_area",
    "wrong_community",
    "wrong_datum_declared",
    "datum_missing",
)
_ELSEWHERE: Final = (
    *((118.78, 32.06), (113.65, 34.76), (120.16, 30.25), (114.31, 30.59)),
    *((117.00, 36.67), (104.07, 30.66), (113.26, 23.13), (87.62, 43.82)),
)
"""Roughly the capitals of eight other provinces, WGS-84."""
_SHOWS: Final = 2e-4
"""How far outside its area, some 20 m, a point is wrong for sure: six decimals round by 0.1 m."""
_ASTRAY: Final = 0.1
_POOL: Final = 90
"""Rows looked at at least for a datum that shows when it is wrong: one in four does so."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """The points of a list.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84, each shape (n,).
    community
        Rows of their communities in the register, shape (n,).
    word
        Positions in `DATUM_WORDS`: in which datum each is written, shape (n,).
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    community: NDArray[np.int64]
    word: NDArray[np.int64]

    @classmethod
    def draw(
        cls,
        draft: Draft,
        places: gpd.GeoSeries,
        community: NDArray[np.int64],
        shares: Sequence[float],
    ) -> Points:
        """Draw in which datum each point is written.

        Parameters
        ----------
        draft
            The list.
        places
            Points, WGS-84, shape (n,).
        community
            Rows of their communities, shape (n,).
        shares
            Of each of `DATUM_WORDS`.
        """
        up_to = np.cumsum(shares)[:-1]
        word = np.searchsorted(up_to, draft.marks("datum"), side="right")
        lon, lat = shapely.get_coordinates(places.to_numpy()).T
        return cls(lon, lat, community, word.astype(np.int64))

    def put(self, draft: Draft) -> None:
        """Add the columns of coordinates and datums."""
        lon, lat = _state(self.lon, self.lat, self.word)
        draft.put(LON, as_degrees(lon))
        draft.put(LAT, as_degrees(lat))
        draft.put(DATUM, pick(list(_WORDS), self.word))


def _state(
    lon: NDArray[np.float64], lat: NDArray[np.float64], word: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return WGS-84 places as each one's datum has them."""
    lon, lat = lon.copy(), lat.copy()
    for position, datum in enumerate(DATUM_WORDS.values()):
        here = np.flatnonzero(word == position)
        if datum != "cgcs2000" and len(here):  # which is WGS-84 as far as coordinates can tell
            lon[here], lat[here] = from_wgs84(lon=lon[here], lat=lat[here], datum=datum)
    return lon, lat


def _read(
    lon: NDArray[np.float64], lat: NDArray[np.float64], word: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return as WGS-84 what stands there, by the datum that is declared."""
    lon, lat = lon.copy(), lat.copy()
    for position, datum in enumerate(DATUM_WORDS.values()):
        here = np.flatnonzero(word == position)
        lon[here], lat[here] = to_wgs84(lon=lon[here], lat=lat[here], datum=datum)
    return lon, lat


def spoil_points(
    draft: Draft,
    points: Points,
    register: Register,
    *,
    missing: NDArray[np.int64] | None = None,
    kinds: Sequence[str] = ALL_POINTS,
) -> None:
    """Write points that are wrong, coarse or not there.

    Parameters
    ----------
    draft
        The list, with the columns of `Points.put`.
    points
        Its points.
    register
        The communities.
    missing
        The rows without coordinates; drawn if None.
    kinds
        Which other defects of points there are.
    """
    if missing is None:
        missing = draft.choose("missing_coordinates", LON, LAT, DATUM)
    draft.take(missing, LON, LAT, DATUM)
    empty = [""] * len(missing)
    draft.spoil("missing_coordinates", missing, {LON: empty, LAT: empty})
    for kind in kinds:
        if kind == "wrong_datum_declared":
            _misdeclare(draft, points, register)
        elif kind == "datum_missing":
            rows = draft.choose(kind, DATUM)
            draft.spoil(kind, rows, {DATUM: [""] * len(rows)})
        else:
            rows = draft.choose(kind, LON, LAT, DATUM)
            if kind == "wrong_community":
                draft.take(rows, CODE)  # without the code nobody could tell
            lon, lat = _spoilt(kind, draft, rows, points, register)
            draft.spoil(kind, rows, {LON: lon, LAT: lat})


def _spoilt(
    kind: str, draft: Draft, rows: NDArray[np.int64], points: Points, register: Register
) -> tuple[list[str], list[str]]:
    """Return what stands for the coordinates of rows."""
    lon, lat = draft.clean(LON, rows), draft.clean(LAT, rows)
    if kind == "zero_coordinates":
        zero = ["0", "0.0", "0.000000"]
        form = (draft.marks("zero")[rows] * len(zero)).astype(np.int64)
        return [zero[k] for k in form], [zero[k] for k in form]
    if kind == "swapped_axes":
        return lat, lon
    if kind == "truncated_coordinates":
        return [text[:-4] for text in lon], [text[:-4] for text in lat]
    if kind == "out_of_area":
        at = (draft.marks("elsewhere")[rows] * len(_ELSEWHERE)).astype(np.int64)
        place = np.array(_ELSEWHERE)[at]
        place += _ASTRAY * (np.column_stack([draft.marks(kind, axis)[rows] for axis in "xy"]) - 0.5)
    else:
        # What a geocoder answers for the name of a neighbour.
        place = register.inside[(points.community[rows] + 1) % len(register.inside)]
    return _texts(place[:, 0], place[:, 1], points.word[rows])


def _texts(
    lon: NDArray[np.float64], lat: NDArray[np.float64], word: NDArray[np.int64]
) -> tuple[list[str], list[str]]:
    every = np.arange(len(lon))
    x, y = _state(lon, lat, word)
    return listed(as_degrees(x), every), listed(as_degrees(y), every)


def _misdeclare(draft: Draft, points: Points, register: Register) -> None:
    """Say a wrong datum: either the word is wrong, or the numbers came from elsewhere."""
    kind = "wrong_datum_declared"
    mark = draft.marks(kind, LON, LAT, DATUM)
    free = np.flatnonzero(draft.free(LON, LAT, DATUM))
    size = max(_POOL, int((mark[free] < DEFECTS[kind].rate).sum()))
    pool = np.sort(free[np.argsort(mark[free], kind="stable")[:size]])
    word = points.word[pool]
    second = (draft.marks("foreign")[pool] < 0.5).astype(np.int64)  # noqa: PLR2004 - half
    foreign = _FOREIGN[word, second]
    numbers = draft.marks("numbers")[pool] < 0.5  # noqa: PLR2004 - half
    stated, declared = np.where(numbers, foreign, word), np.where(numbers, word, foreign)
    x, y = _read(*_state(points.lon[pool], points.lat[pool], stated), declared)
    areas = register.polygon[points.community[pool]]
    shows = shapely.distance(areas, shapely.points(x, y)) > _SHOWS
    among = np.zeros(len(draft), dtype=bool)
    among[pool[shows]] = True
    rows = draft.choose(kind, LON, LAT, DATUM, among=among)
    draft.take(rows, CODE)  # without the code nobody could tell
    at = np.searchsorted(pool, rows)
    moved = numbers[at]
    lon, lat = _texts(points.lon[rows], points.lat[rows], stated[at])
    draft.write(LON, rows[moved], [text for text, other in zip(lon, moved, strict=True) if other])
    draft.write(LAT, rows[moved], [text for text, other in zip(lat, moved, strict=True) if other])
    said, true = ([_WORDS[k] for k in words[at]] for words in (declared, stated))
    draft.spoil(kind, rows, {DATUM: said}, truth=true)
