"""Conversion between WGS-84 and the datums in which Chinese sources publish coordinates.

==========  =====================================================  =============================
datum       whose coordinates                                      against WGS-84
==========  =====================================================  =============================
`wgs84`     GNSS receivers, OpenStreetMap                          the same
`cgcs2000`  official surveys and maps (EPSG:4490)                  the same here (below)
`gcj02`     AMap, Tencent, Google in China                         up to 0.74 km off
`bd09`      Baidu                                                  0.69 to 1.53 km off
==========  =====================================================  =============================

CGCS2000 is passed through. Its ellipsoid differs from that of WGS-84 by 0.1 mm at the poles, and
its frame is that of WGS-84 at the epoch 2000; what remains is the drift of the plates since then,
some 3 cm a year and so under 1 m today. Undoing it would need the epoch of every coordinate,
which no list of homes or job sites states.

GCJ-02 displaces a place by a published formula of polynomials and sines in metres, turned into
degrees on the ellipsoid of Krasovsky (a = 6,378,245 m, f = 1/298.3; with a = 6,378,137 m the
result is wrong). BD-09 displaces the GCJ-02 place again in polar form. Neither has a closed
inverse; here the inverse is iterated.

**Where they apply.** In the customary box around China (72.004° to 137.8347° E, 0.8293° to
55.8271° N, edges included), judged by the WGS-84 place. Outside it GCJ-02 does not displace, and
Baidu too states plain WGS-84 for places abroad: both datums pass such points unchanged. At the
box's rim the formulas therefore break off: a coordinate that is no place's image, because its
pre-image would lie outside the box, is passed unchanged; one just outside the box that is also
the image of a place inside is taken for that image, so that every place in the box comes back.
The rim runs through foreign land and open sea.

**Accuracy.** Each inverse is within 1 cm of its published formula (measured: 0.1 µm). Coordinates
that providers publish are within about 1 m of that formula, not on it: the official algorithm is
not public and adds noise of that size, which cannot be undone. So 2 m is promised for real data.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from geo_match._validate import as_numbers, check_lonlat
from geo_match.errors import ArgumentError, DatumError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    _Axis = NDArray[np.float64]
    _Formula = Callable[[_Axis, _Axis], tuple[_Axis, _Axis]]

Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
"""The name of a datum that can be converted."""

DATUMS: tuple[Datum, ...] = get_args(Datum)
"""Every datum that can be converted, by its name."""

_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271

_KRASOVSKY_A_M = 6_378_245.0
_KRASOVSKY_F = 1.0 / 298.3
_KRASOVSKY_E2 = _KRASOVSKY_F * (2.0 - _KRASOVSKY_F)

_REACH_DEG = 0.1
"""More than any displacement, so that an image further from the box has no pre-image in it."""

_STEPS = 6
"""Rounds of the inverse; always all of them, so that a point's result never depends on others.

A round replaces p by p + (q - formula(p)). Its error shrinks by the slope of the displacement,
degrees per degree: under 0.01 for GCJ-02 (the sines make up to 450 m a degree of longitude, of at
least 62 km) and under 0.025 more for BD-09 (3e-6 rad · 148° · 52/° + 2e-5° · 52/°). From under
0.02° at the start six rounds leave under 1e-10°, 10 µm (measured: 3e-13°). The square root's
cusp at 105° E is steeper, but only within 1e-12° of it.
"""

_SLACK_DEG = 1e-9
"""How far outside the box (0.1 mm) a pre-image may come out and still be a place on its edge."""

WORDS: dict[Datum, str] = {
    "wgs84": "WGS-84 WGS1984 84坐标 EPSG:4326 GPS 大疆 谷歌地球",
    "cgcs2000": (
        "CGCS2000 国家2000 2000国家大地坐标系 国家大地2000 2000坐标系 EPSG:4490 天地图 北斗"
    ),
    "gcj02": "GCJ-02 高德 腾讯 谷歌 国测局 火星坐标 AMap",
    "bd09": "BD-09 BD09LL 百度 Baidu",
}
"""What offices call each datum, or the source that uses it, by blanks.

Width, case, signs and blanks do not matter, nor 坐标, 坐标系, 经纬度, or 地图 behind a vendor.
谷歌地球 shows WGS-84 in China too, unlike the map.
"""

_ONLY_BY_PROVIDER = ("xian", "beijing", "bj54", "xa80", "西安", "北京", "4214", "4555", "4610")
"""Marks of Beijing 1954, New Beijing and Xian 1980, by name and by EPSG code."""


def to_wgs84(
    *, lon: ArrayLike, lat: ArrayLike, datum: Datum
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Convert coordinates of a datum to WGS-84.

    Parameters
    ----------
    lon, lat
        Degrees in `datum`, two numbers or two arrays of one shape.
    datum
        What the source declares: one of `DATUMS`. It cannot be told from the numbers.

    Returns
    -------
    lon, lat
        Degrees, WGS-84, new float64 arrays of the input's shape, () for numbers. For `gcj02` and
        `bd09` the formula takes them back to the input within 1 cm (see the module on real data);
        outside China they equal the input.

    Raises
    ------
    DatumError
        If the datum is unknown, or one that cannot be converted exactly.
    ArgumentError
        If the coordinates are not numbers or not of one shape.
    CoordinateError
        If a value is not a place on earth.

    Examples
    --------
    >>> import geo_match as gm
    >>> lon, lat = gm.to_wgs84(lon=121.531541859215, lat=31.17530398364597, datum="gcj02")
    >>> float(lon.round(7)), float(lat.round(7))
    (121.5272106, 31.1774276)
    """
    name = as_datum(datum)
    lon_array, lat_array = _as_shaped(lon, lat)
    formula = _FORMULAS.get(name)
    if formula is not None:
        near = _in_box(lon_array, lat_array, margin=_REACH_DEG)
        lon_array[near], lat_array[near] = _undo(formula, lon_array[near], lat_array[near])
    return lon_array, lat_array


def from_wgs84(
    *, lon: ArrayLike, lat: ArrayLike, datum: Datum
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Convert WGS-84 coordinates to another datum, as a map of that datum would show them.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84, two numbers or two arrays of one shape.
    datum
        The datum wanted: one of `DATUMS`.

    Returns
    -------
    lon, lat
        Degrees in `datum`, new float64 arrays of the input's shape, () for numbers. For `gcj02`
        and `bd09` these are the published formulas; outside China they equal the input.

    Raises
    ------
    DatumError
        If the datum is unknown, or one that cannot be converted exactly.
    ArgumentError
        If the coordinates are not numbers or not of one shape.
    CoordinateError
        If a value is not a place on earth.

    Examples
    --------
    >>> import geo_match as gm
    >>> lon, lat = gm.from_wgs84(lon=121.5272106, lat=31.1774276, datum="gcj02")
    >>> float(lon.round(7)), float(lat.round(7))
    (121.5315419, 31.175304)
    """
    name = as_datum(datum)
    lon_array, lat_array = _as_shaped(lon, lat)
    formula = _FORMULAS.get(name)
    if formula is not None:
        inside = _in_box(lon_array, lat_array)
        lon_array[inside], lat_array[inside] = formula(lon_array[inside], lat_array[inside])
    return lon_array, lat_array


def as_datum(name: object) -> Datum:
    """Return the name of a datum that can be converted, by any word that offices use for it.

    Parameters
    ----------
    name
        One of `DATUMS`, or of `WORDS`: 高德, 国测局坐标, CGCS2000, 2000国家大地坐标系, GPS.

    Raises
    ------
    DatumError
        If it is another name; for Xian 1980, Beijing 1954 and New Beijing it says what to do.

    Examples
    --------
    >>> as_datum("百度坐标系")
    'bd09'
    """
    rule = f"be one of {', '.join(map(repr, DATUMS))}"
    bare = _bare(str(name))
    if isinstance(name, str) and bare in _BY_WORD:
        return _BY_WORD[bare]
    if any(mark in bare for mark in _ONLY_BY_PROVIDER):
        remedy = (
            "Have the data's provider convert it to CGCS2000 and declare 'cgcs2000': the "
            "parameters of this datum differ by region and are not public, and PROJ would shift "
            "it by guesswork."
        )
    else:
        words = "; ".join(f"{', '.join(words.split())} for {one}" for one, words in WORDS.items())
        remedy = (
            f"Also understood: {words}. If you do not know it, ask the data's provider: a wrong "
            "datum moves every place by up to 1.5 km."
        )
    raise DatumError("datum", rule, repr(name), remedy)


def _bare(word: str) -> str:
    """Return a word for a datum as it is compared: half-width, small, without signs or 坐标系."""
    text = unicodedata.normalize("NFKC", word).casefold()
    return _PADDING.sub("", "".join(filter(str.isalnum, text)))


_PADDING = re.compile("坐标系统?|坐标|经纬度|(?<=高德|腾讯|百度|谷歌)地图")

_BY_WORD: dict[str, Datum] = {
    _bare(word): datum for datum in DATUMS for word in (datum, *WORDS[datum].split())
}


def _as_shaped(lon: ArrayLike, lat: ArrayLike) -> tuple[_Axis, _Axis]:
    """Return checked copies of one shape, so that neither the caller's arrays nor views change."""
    lon_array, lat_array = as_numbers(lon, "lon").copy(), as_numbers(lat, "lat").copy()
    if lon_array.shape != lat_array.shape:
        raise ArgumentError(
            "lat", f"have the shape of `lon` {lon_array.shape}", f"{lat_array.shape}"
        )
    check_lonlat(lon_array, lat_array)
    return lon_array, lat_array


def _in_box(lon: _Axis, lat: _Axis, *, margin: float = 0.0) -> NDArray[np.bool_]:
    return np.asarray(
        (lon >= _WEST - margin)
        & (lon <= _EAST + margin)
        & (lat >= _SOUTH - margin)
        & (lat <= _NORTH + margin)
    )


def _undo(formula: _Formula, lon: _Axis, lat: _Axis) -> tuple[_Axis, _Axis]:
    """Return the places in the box whose images these are; where there is none, the input."""
    guess_lon, guess_lat = lon, lat
    for _ in range(_STEPS):
        image_lon, image_lat = formula(guess_lon, guess_lat)
        guess_lon = guess_lon + (lon - image_lon)
        guess_lat = guess_lat + (lat - image_lat)
    found = _in_box(guess_lon, guess_lat, margin=_SLACK_DEG)
    return (
        np.where(found, np.clip(guess_lon, _WEST, _EAST), lon),
        np.where(found, np.clip(guess_lat, _SOUTH, _NORTH), lat),
    )


def _gcj02(lon: _Axis, lat: _Axis) -> tuple[_Axis, _Axis]:
    """Return the GCJ-02 image of WGS-84 places in or near the box, by the published formula."""
    x, y = lon - 105.0, lat - 35.0
    root, product = np.sqrt(np.abs(x)), 0.1 * x * y
    turn = np.pi * x
    ripple = 20.0 * np.sin(6.0 * turn) + 20.0 * np.sin(2.0 * turn)
    waves = ripple + 20.0 * np.sin(turn) + 40.0 * np.sin(turn / 3.0)
    waves += 150.0 * np.sin(turn / 12.0) + 300.0 * np.sin(turn / 30.0)
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + product + 0.1 * root + waves * (2.0 / 3.0)
    turn = np.pi * y
    waves = ripple + 20.0 * np.sin(turn) + 40.0 * np.sin(turn / 3.0)
    waves += 160.0 * np.sin(turn / 12.0) + 320.0 * np.sin(turn / 30.0)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + product + 0.2 * root + waves * (2.0 / 3.0)

    phi = np.radians(lat)
    squeeze = 1.0 - _KRASOVSKY_E2 * np.sin(phi) ** 2
    prime_vertical_m = _KRASOVSKY_A_M / np.sqrt(squeeze)
    meridian_m = prime_vertical_m * (1.0 - _KRASOVSKY_E2) / squeeze
    return (
        lon + np.degrees(east_m / (prime_vertical_m * np.cos(phi))),
        lat + np.degrees(north_m / meridian_m),
    )


def _bd09(lon: _Axis, lat: _Axis) -> tuple[_Axis, _Axis]:
    """Return the BD-09 image of WGS-84 places in or near the box: GCJ-02, then Baidu's formula."""
    x, y = _gcj02(lon, lat)
    # Baidu takes degrees for plane coordinates and shifts them in polar form about (0, 0).
    distance = np.hypot(x, y) + 0.00002 * np.sin(np.radians(3000.0 * y))
    angle = np.arctan2(y, x) + 0.000003 * np.cos(np.radians(3000.0 * x))
    return distance * np.cos(angle) + 0.0065, distance * np.sin(angle) + 0.006


_FORMULAS: dict[Datum, _Formula] = {"gcj02": _gcj02, "bd09": _bd09}
"""The datums that displace; the others are WGS-84 as far as coordinates can tell."""
