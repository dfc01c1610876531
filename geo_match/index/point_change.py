"""A change of a point, `PointChange`, and the check of a batch of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match.errors import ArgumentError, CoordinateError, WeightError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_MAX_LON, _MAX_LAT = 180.0, 90.0
_BITS_OF_POINTS = 31
"""An index holds fewer than 2³¹ points (`PointIndex`), so weights below these bounds can never
add up to 2⁶² or 2¹⁰²³, the sums that int64 and float64 leave room for."""
_MOST_WHOLE = 2 ** (62 - _BITS_OF_POINTS)
_MOST_FLOAT = 2.0 ** (1023 - _BITS_OF_POINTS)


@dataclass(frozen=True, slots=True)
class PointChange:
    """What became of a point, as a feed of changes tells it.

    Parameters
    ----------
    seq
        Cursor of the change in its feed; ascending. One change of the feed may move several
        points, which then share it.
    id
        The point's id.
    lon, lat
        Where it is now, degrees, WGS-84; both None if it was removed or has no place now.
    weights
        Its numbers, as many as the index was made with; not read where there is no place.
    """

    seq: int
    id: str
    lon: float | None
    lat: float | None
    weights: tuple[float, ...] = ()


class Place(NamedTuple):
    """Where a point is, degrees, and its weights; checked."""

    lon: float
    lat: float
    weights: tuple[float, ...]


class WeightKind(NamedTuple):
    """What weights the points of an index have.

    Parameters
    ----------
    columns
        Shape of a point's weights: () for one number, (k,) for k; None for none at all.
    whole
        Whether they are integers, whose sums are exact.
    """

    columns: tuple[int, ...] | None
    whole: bool

    @property
    def n(self) -> int:
        """How many numbers a point has."""
        return 0 if self.columns is None else math.prod(self.columns)


def kind_of(weights: NDArray[np.int64] | NDArray[np.float64] | None) -> WeightKind:
    """Return the kind of checked weights, (m,), (m, k) or None, and check their magnitudes.

    Raises
    ------
    WeightError
        If a weight is so large that sums of points still to come could overflow.
    """
    if weights is None:
        return WeightKind(None, whole=False)
    kind = WeightKind(weights.shape[1:], whole=weights.dtype.kind != "f")
    most = _MOST_WHOLE if kind.whole else _MOST_FLOAT
    too_large = np.abs(weights) >= most
    if too_large.any():
        raise WeightError(
            "weights",
            f"be below 2**{math.log2(most):.0f} in magnitude, so that no sum overflows",
            repr(weights[too_large][0].item()),
            "Use a larger unit.",
        )
    return kind


def check_changes(
    changes: Iterable[PointChange], after: int, kind: WeightKind
) -> tuple[dict[str, Place | None], int]:
    """Check the changes of a batch beyond a cursor.

    Parameters
    ----------
    changes
        With `seq` ascending.
    after
        Changes up to this cursor are applied already, and passed over.
    kind
        The weights that a point must have.

    Returns
    -------
    places
        The last place of each id, None for one that is gone.
    last
        The greatest `seq` read, 0 if there was no change.

    Raises
    ------
    ArgumentError
        If a `seq` or an id is not what it must be, or the order is not ascending.
    CoordinateError
        If a place is none on earth.
    WeightError
        If weights are not as many, or not of the kind, that the index has.
    """
    places: dict[str, Place | None] = {}
    last = 0
    for change in changes:
        seq = change.seq
        is_whole = type(seq) is int or (
            isinstance(seq, int | np.integer) and not isinstance(seq, bool)
        )
        if not is_whole or seq < 0:
            raise ArgumentError(
                "seq", "be a whole number of at least 0", f"{seq!r} of id {change.id!r}"
            )
        if seq < last:
            raise ArgumentError(
                "changes",
                "be in ascending order of `seq`",
                f"{seq} after {last}",
                "Give them in the order in which they were committed.",
            )
        last = int(seq)
        if last > after:
            places[_checked_id(change)] = _checked_place(change, kind)
    return places, last


def _named(change: PointChange, value: object) -> str:
    return f"{value!r} of id {change.id!r} (seq {change.seq})"


def _checked_id(change: PointChange) -> str:
    if not isinstance(change.id, str):
        raise ArgumentError("id", "be a string", f"{change.id!r} (seq {change.seq})")
    return change.id


def _checked_place(change: PointChange, kind: WeightKind) -> Place | None:
    lon, lat = change.lon, change.lat
    if lon is None and lat is None:
        return None
    # What nearly all are is seen here: a call for each number would take longer than the rest.
    if type(lon) is float and type(lat) is float and abs(lon) <= _MAX_LON and abs(lat) <= _MAX_LAT:
        at = lon, lat
    else:
        at = (
            _checked_degrees(change, lon, "lon", _MAX_LON),
            _checked_degrees(change, lat, "lat", _MAX_LAT),
        )
    weights = change.weights
    return Place(*at, weights if not weights and not kind.n else _checked_weights(change, kind))


def _is_number(value: object) -> bool:
    # Python's numbers and numpy's, but no bool, which Python counts among the integers.
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def _checked_degrees(change: PointChange, value: float | None, name: str, bound: float) -> float:
    if value is None or not _is_number(value) or not abs(value) <= bound:  # False for NaN
        raise CoordinateError(
            name,
            f"be finite and between {-bound:g} and {bound:g} degrees",
            _named(change, value),
            "Mend the place, or give None for `lon` and `lat` of a point without one.",
        )
    return float(value)


def _checked_weights(change: PointChange, kind: WeightKind) -> tuple[float, ...]:
    weights = change.weights
    if len(weights) != kind.n:
        raise WeightError(
            "weights",
            f"be as many as the index was made with ({kind.n})",
            _named(change, weights),
        )
    most = _MOST_WHOLE if kind.whole else _MOST_FLOAT
    for weight in weights:
        good = _is_number(weight) and abs(weight) < most  # False for NaN
        if not good or (kind.whole and not isinstance(weight, int | np.integer)):
            raise WeightError(
                "weights",
                f"be {'whole' if kind.whole else 'finite'} numbers below "
                f"2**{math.log2(most):.0f} in magnitude",
                _named(change, weight),
                "The kind is that of the weights which the index was made with.",
            )
    return weights
