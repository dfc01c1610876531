"""Whether a whole file is in another datum than it declares, told by its communities' areas.

A map in GCJ-02 shows a place some 570 m from where it is, one in BD-09 over a kilometre. Where the
rows say in which community they are, the areas show it: each row is moved to where it would be if
its coordinates were in another datum, and it is counted what that mends and what it breaks.

Rows close together tell the same: an estate that lies just outside the area drawn for its
community would speak as often as it has homes. So the rows of a community within a square of
200 m have one vote together. A datum is suspected only if at least 10 votes are for it, and those
against are fewer by more than four times: b ≥ 10 + 4c, which a fair coin gives less than once
in a thousand at any c. Votes against are plenty where the datum is right, since moving a right
file pushes many of its rows over a border; so a right file is not suspected by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geo_match.datums import from_wgs84, to_wgs84
from geo_match.geodesy import ECCENTRICITY_SQUARED, SEMI_MAJOR_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.datums import Datum
    from geo_match.index.zone_index import ZoneIndex

    _Axis = NDArray[np.float64]

LEAST_VOTES: Final = 10
_TIMES: Final = 4
_LEAST_SHARE: Final = 0.6
"""A file whose rows lie in their areas less often than this after the move has other faults."""
_SQUARE_M: Final = 200.0
_DEGREE_M: Final = 111_000.0
_MOST_ROWS: Final = 20_000
_CANDIDATES: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")
_SAME_AS: dict[Datum, tuple[str, ...]] = {
    "wgs84": ("", "wgs84", "cgcs2000"),
    "gcj02": ("gcj02",),
    "bd09": ("bd09",),
}
_SHOWN_AS: dict[Datum, str] = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}


@dataclass(frozen=True, slots=True)
class Shift:
    """What the areas say of a file's datum.

    Parameters
    ----------
    verdict
        `none` where the declared datum is right, `shifted` where another one is, `unclear` where
        neither outvotes the other, `cannot tell` where too few speak for either.
    datum
        The datum that the coordinates look like; None unless shifted.
    east_m, north_m
        How far the places lie from where they would with that datum, on average, metres; 0 unless
        shifted.
    n_rows
        Rows that were looked at: at most 20,000, evenly spread over the file.
    share_as_given, share_as_datum
        Of these, the share that lies in its community's area as given, and with that datum (as
        given unless shifted); NaN without rows.
    reason
        In a sentence.
    """

    verdict: Literal["none", "shifted", "unclear", "cannot tell"]
    datum: Datum | None
    east_m: float
    north_m: float
    n_rows: int
    share_as_given: float
    share_as_datum: float
    reason: str


def estimate_shift(
    codes: NDArray[np.object_],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    declared: NDArray[np.object_],
    zones: ZoneIndex,
) -> Shift:
    """Say whether places look displaced as by a datum.

    Parameters
    ----------
    codes
        Each row's community, one with an area, objects of str, shape (n,).
    lon, lat
        Degrees, WGS-84 as converted from the declared datum, shape (n,).
    declared
        Each row's datum of origin, objects of str, shape (n,); empty counts as WGS-84.
    zones
        The communities' areas.
    """
    some = np.unique(np.linspace(0, len(codes) - 1, min(len(codes), _MOST_ROWS)).astype(np.int64))
    codes, lon, lat, declared = codes[some], lon[some], lat[some], declared[some]
    given = zones.holds(codes, lon=lon, lat=lat)
    if not len(codes):
        reason = "no row has both a place and a community with an area"
        return _undecided("cannot tell", given, reason)
    square = _squares(codes, lon, lat)
    source_lon, source_lat = _as_published(lon, lat, declared)
    moved: dict[Datum, tuple[_Axis, _Axis]] = {}
    held: dict[Datum, NDArray[np.bool_]] = {}
    for datum in _CANDIDATES:
        at_lon, at_lat = to_wgs84(lon=source_lon, lat=source_lat, datum=datum)
        same = np.isin(declared, _SAME_AS[datum])
        if same.all():
            continue  # this is the file as it was given
        moved[datum] = np.where(same, lon, at_lon), np.where(same, lat, at_lat)
        held[datum] = zones.holds(codes, lon=moved[datum][0], lat=moved[datum][1])

    if all(_outvotes(given, other, square) for other in held.values()):
        reason = "the places lie in their communities' areas as they do with no other datum"
        share = _share(given)
        return Shift("none", None, 0.0, 0.0, len(given), share, share, reason)
    best = max(held, key=lambda datum: int(held[datum].sum()))
    others = [given, *(held[datum] for datum in held if datum != best)]
    if held[best].mean() >= _LEAST_SHARE and all(
        _outvotes(held[best], other, square) for other in others
    ):
        at = held[best]
        east_m, north_m = _metres(*moved[best], lon, lat)
        east, north = float(east_m[at].mean()), float(north_m[at].mean())
        reason = (
            f"the places lie {_directions(east, north)} of where their communities are, as "
            f"coordinates in {_SHOWN_AS[best]} do that are declared as something else: "
            f"{given.mean():.0%} lie in their community's area as given, {held[best].mean():.0%} "
            f"if they are taken for {_SHOWN_AS[best]}"
        )
        shares = _share(given), _share(held[best])
        return Shift("shifted", best, east, north, len(given), *shares, reason)
    told = min(sum(_votes(given, other, square)) for other in held.values())
    if told < LEAST_VOTES:
        return _undecided(
            "cannot tell",
            given,
            f"places in {told} squares of 200 m tell one datum from another, and at least "
            f"{LEAST_VOTES} are needed",
        )
    return _undecided(
        "unclear",
        given,
        f"{given.mean():.0%} of the places lie in their community's area as given, and "
        f"{held[best].mean():.0%} if they are taken for {_SHOWN_AS[best]}: is only a part of them "
        "in that datum?",
    )


def _votes(
    one: NDArray[np.bool_], other: NDArray[np.bool_], square: NDArray[np.int64]
) -> tuple[int, int]:
    """Return how many squares are for the one, and how many for the other."""
    balance = np.bincount(square, weights=one.astype(np.float64) - other)
    return int((balance > 0.0).sum()), int((balance < 0.0).sum())


def _outvotes(one: NDArray[np.bool_], other: NDArray[np.bool_], square: NDArray[np.int64]) -> bool:
    won, lost = _votes(one, other, square)
    return won >= LEAST_VOTES + _TIMES * lost


def _squares(codes: NDArray[np.object_], lon: _Axis, lat: _Axis) -> NDArray[np.int64]:
    """Return the number of each row's square of 200 m within its community, from 0."""
    step = _SQUARE_M / _DEGREE_M
    squeeze = np.cos(np.radians(np.median(lat)))
    cells = np.floor(np.column_stack([lon * squeeze, lat]) / step).astype(np.int64)
    names = {code: number for number, code in enumerate(dict.fromkeys(codes.tolist()))}
    of = np.array([names[code] for code in codes.tolist()], dtype=np.int64)
    return np.unique(np.column_stack([of, cells]), axis=0, return_inverse=True)[1].ravel()


def _as_published(lon: _Axis, lat: _Axis, declared: NDArray[np.object_]) -> tuple[_Axis, _Axis]:
    """Return the coordinates as the source wrote them, before they were taken to WGS-84."""
    lon, lat = lon.copy(), lat.copy()
    for datum in ("gcj02", "bd09"):
        here = declared == datum
        lon[here], lat[here] = from_wgs84(lon=lon[here], lat=lat[here], datum=datum)
    return lon, lat


def _metres(lon1: _Axis, lat1: _Axis, lon2: _Axis, lat2: _Axis) -> tuple[_Axis, _Axis]:
    """Return how far east and north of the first places the second lie, for steps of some km."""
    phi = np.radians(lat1)
    squeeze = 1.0 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    prime_vertical_m = SEMI_MAJOR_M / np.sqrt(squeeze)
    meridian_m = prime_vertical_m * (1.0 - ECCENTRICITY_SQUARED) / squeeze
    east = np.radians(lon2 - lon1) * prime_vertical_m * np.cos(phi)
    return east, np.radians(lat2 - lat1) * meridian_m


def _directions(east_m: float, north_m: float) -> str:
    east = f"{abs(east_m):,.0f} m {'east' if east_m >= 0 else 'west'}"
    return f"about {east} and {abs(north_m):,.0f} m {'north' if north_m >= 0 else 'south'}"


def _undecided(
    verdict: Literal["unclear", "cannot tell"], given: NDArray[np.bool_], reason: str
) -> Shift:
    share = _share(given)
    return Shift(verdict, None, 0.0, 0.0, len(given), share, share, reason)


def _share(held: NDArray[np.bool_]) -> float:
    return float(held.mean()) if len(held) else float("nan")
