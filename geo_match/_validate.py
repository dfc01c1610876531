"""The one boundary that checks arrays from outside; the kernels behind it trust what it returns."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import numpy as np

from geo_match.errors import ArgumentError, CoordinateError, RadiusError, WeightError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MAX_RADIUS_M = 200_000.0
"""The largest radius for which the chord bound of `geodesy` was measured."""

_MAX_LON, _MAX_LAT = 180.0, 90.0
_SHOWN = 5
_FOR_KERNELS: Final = ("C", "W")
"""Contiguous and writable, copied where it is not (pandas gives read-only arrays): a kernel is
compiled anew, for seconds, for each kind of array that it meets."""
_REAL_KINDS = "fiu"


def describe_bad(values: NDArray[Any], bad: NDArray[np.bool_]) -> str:
    """Say how many of the values are bad and show the first few with their positions."""
    if values.ndim == 0:
        return repr(values.item())
    where = np.flatnonzero(bad)
    shown = "; ".join(f"position {i}: {values.flat[i].item()!r}" for i in where[:_SHOWN])
    more = ", …" if len(where) > _SHOWN else ""
    return f"{len(where)} of {values.size} values that do not ({shown}{more})"


def as_numbers(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return the values as float64, with missing entries as NaN.

    Booleans, text and objects are refused rather than converted: a `True` or a `"30"` among
    coordinates is a mistake in the caller's data.

    Raises
    ------
    ArgumentError
        If the values are not real numbers.
    """
    dtype = getattr(values, "dtype", None)
    is_real = getattr(dtype, "kind", "O") in _REAL_KINDS  # pandas' own dtypes have a kind as well
    if is_real and isinstance(values, np.ma.MaskedArray):
        return np.asarray(np.ma.filled(values.astype(np.float64), np.nan))
    to_numpy = getattr(values, "to_numpy", None)
    try:
        if is_real and to_numpy is not None and getattr(dtype, "na_value", None) is not None:
            array = np.asarray(to_numpy(dtype=np.float64, na_value=np.nan))  # NA becomes NaN
        else:
            array = np.asarray(values)
    except (TypeError, ValueError) as error:
        rule = "be an array of numbers of one length"
        raise ArgumentError(name, rule, f"values that numpy cannot hold ({error})") from error
    if array.size == 0 and array.dtype.kind in "fO":
        return np.asarray(array, dtype=np.float64)
    if array.dtype.kind not in _REAL_KINDS:
        found = f"an array of dtype {dtype or array.dtype}" if array.ndim else repr(array.item())
        raise ArgumentError(
            name,
            "be real numbers",
            found,
            "Convert the values to float64 first; missing values become NaN and are then named.",
        )
    # numpy turns a bool between floats into 1.0; an array's dtype has ruled that out already.
    if isinstance(values, list | tuple) and any(isinstance(v, bool | np.bool_) for v in values):
        raise ArgumentError(name, "be real numbers", "a bool among them")
    return np.asarray(array, dtype=np.float64)


def check_lonlat(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    *,
    lon_name: str = "lon",
    lat_name: str = "lat",
) -> None:
    """Check that every pair is a place: −180 ≤ lon ≤ 180, −90 ≤ lat ≤ 90, degrees, finite.

    Raises
    ------
    CoordinateError
        If any value breaks its range; it names the first bad positions, their values and how
        many there are, and says so where swapping the axes would mend all of them.
    """
    for name, values, bound in ((lat_name, lat, _MAX_LAT), (lon_name, lon, _MAX_LON)):
        good = np.abs(values) <= bound  # False for NaN
        if good.all():
            continue
        swapped = bool(np.all(np.abs(lon) <= _MAX_LAT) and np.all(np.abs(lat) <= _MAX_LON))
        raise CoordinateError(
            name,
            f"be finite and between {-bound:g} and {bound:g} degrees",
            describe_bad(values, ~good),
            f"`{lon_name}` and `{lat_name}` look swapped: exchange them."
            if swapped
            else "Leave out or mend these places; a place without coordinates has no distance.",
        )


def as_lonlat(
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    lon_name: str = "lon",
    lat_name: str = "lat",
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return two checked float64 arrays, fit for kernels, (n,); a single number becomes (1,).

    Raises
    ------
    ArgumentError
        If the arrays are not numbers, not one-dimensional or not of one length.
    CoordinateError
        If a value is not a place on earth (see `check_lonlat`).
    """
    arrays = []
    for name, values in ((lon_name, lon), (lat_name, lat)):
        array = np.require(np.atleast_1d(as_numbers(values, name)), requirements=_FOR_KERNELS)
        if array.ndim != 1:
            raise ArgumentError(
                name, "be one-dimensional", f"shape {array.shape}", "Use `.ravel()`."
            )
        arrays.append(array)
    lon_array, lat_array = arrays
    if len(lon_array) != len(lat_array):
        raise ArgumentError(
            lat_name,
            f"have as many values as `{lon_name}` ({len(lon_array)})",
            str(len(lat_array)),
        )
    check_lonlat(lon_array, lat_array, lon_name=lon_name, lat_name=lat_name)
    return lon_array, lat_array


def as_radius(radius_m: ArrayLike, n_queries: int) -> NDArray[np.float64]:
    """Return one checked radius a query, shape (n_queries,), metres.

    Raises
    ------
    ArgumentError
        If it is neither one number nor one a query.
    RadiusError
        If a radius is negative, NaN, infinite or above `MAX_RADIUS_M`.
    """
    radius = as_numbers(radius_m, "radius_m")
    if radius.ndim > 1 or (radius.ndim == 1 and len(radius) != n_queries):
        raise ArgumentError(
            "radius_m",
            f"be one number or have one value a query ({n_queries})",
            f"shape {radius.shape}",
        )
    good = (radius >= 0.0) & (radius <= MAX_RADIUS_M)
    if not good.all():
        raise RadiusError(
            "radius_m",
            f"be between 0 and {MAX_RADIUS_M:,.0f} metres",
            describe_bad(radius, ~good),
            "Is it in metres? Exact circles are offered up to 200 km.",
        )
    return np.require(np.broadcast_to(radius, (n_queries,)), requirements=_FOR_KERNELS)


def as_count(value: int, name: str, *, least: int) -> int:
    """Return a whole number that is at least `least`.

    Raises
    ------
    ArgumentError
        If it is not an integer (a bool is none) or too small.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ArgumentError(name, f"be a whole number of at least {least}", repr(value))
    return int(value)


def is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a real number of any make, numpy's too; true and false are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def as_real(value: object) -> float:
    """Return one number; NaN for what is none (a bool is none), or beyond every float."""
    if not is_number(value):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.nan


def as_seconds(value: object, name: str, *, or_zero: bool) -> float:
    """Return a finite number of seconds above 0; with `or_zero` also 0.

    Raises
    ------
    ArgumentError
        If it is not one (a bool is none).
    """
    seconds = as_real(value)
    if not math.isfinite(seconds) or seconds < 0.0 or not (seconds or or_zero):
        least = "of at least 0" if or_zero else "above 0"
        raise ArgumentError(name, f"be a finite number of seconds {least}", repr(value))
    return seconds


def as_max_distance(max_distance_m: float | None) -> float:
    """Return a bound on distances, metres; infinite for None.

    Raises
    ------
    RadiusError
        If it is not one number, or negative or NaN.
    """
    if max_distance_m is None:
        return float("inf")
    value = as_numbers(max_distance_m, "max_distance_m")
    if value.ndim or not value >= 0.0:
        found = repr(value.item()) if value.ndim == 0 else f"shape {value.shape}"
        raise RadiusError("max_distance_m", "be one number of at least 0 metres, or None", found)
    return float(value)


def _as_integers(weights: ArrayLike) -> NDArray[Any] | None:
    """Return integers and booleans as integers, and None for what has others or gaps among them."""
    if np.ma.is_masked(weights):
        return None
    try:
        array = np.asarray(weights)
    except (TypeError, ValueError):
        return None  # `as_numbers` meets the same values, and says what is wrong with them
    if array.dtype.kind == "b":
        return array.astype(np.int64)
    return array if array.dtype.kind in "iu" else None


def as_weights(
    weights: ArrayLike, n_points: int, *, rows: str = "points"
) -> NDArray[np.int64] | NDArray[np.float64]:
    """Return checked weights, (n_points,) or (n_points, k): int64 for integers and booleans.

    Parameters
    ----------
    rows
        What they are the weights of, for the remedy.

    Raises
    ------
    ArgumentError
        If they are not numbers, or not one row a point.
    WeightError
        If one is not finite, or the magnitudes of a column add up to more than its type holds.
    """
    array = _as_integers(weights)
    if array is None:
        array = as_numbers(weights, "weights")
    if array.ndim not in (1, 2) or len(array) != n_points:
        raise ArgumentError(
            "weights",
            f"have the shape ({n_points},) or ({n_points}, k), a row for each indexed point",
            f"shape {array.shape}",
        )
    if array.dtype.kind == "f":
        finite = np.isfinite(array)
        if not finite.all():
            raise WeightError(
                "weights",
                "be finite",
                describe_bad(array, ~finite),
                f"Leave these {rows} out, or give them the weight that they have.",
            )
    floats = array.dtype.kind == "f"
    bits, remedy = (
        (1023, "Use a larger unit.")
        if floats
        else (62, "Use float64 weights, whose error is stated.")
    )
    with np.errstate(over="ignore"):  # an infinite sum is refused below like any other
        most = np.abs(array.astype(np.float64)).sum(axis=0).max() if array.size else 0.0
    if most >= 2.0**bits:
        raise WeightError(
            "weights",
            f"add up to less than 2**{bits} in magnitude",
            f"a column whose sum is about {most:.3g}",
            remedy,
        )
    return array if floats else np.ascontiguousarray(array, dtype=np.int64)
