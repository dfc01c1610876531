"""How far one origin is from places beyond its circles, each measured once: `FromOne`, `Once`.

Many who live in one area ask for the nearest of different places. A bound of a distance costs less
than the distance, so places are measured in the order of their bounds, up to the first that cannot
be as near as one that was measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.matching.engine.border import Border

    _Integers = NDArray[np.int64]
    _Floats = NDArray[np.float64]
    _Measure = Callable[[_Floats, _Floats], _Floats]

_AT_FIRST: Final = 4
"""So many are measured at first, and twice as many each time after."""
_SLACK_M: Final = 0.01
"""Bounds and distances of areas are off by less, together: 0.13 mm, and Karney's nanometres; walks,
in whole millimetres, are no shorter than the straight line but for 1 µm."""


class FromOne:
    """One origin, and p places of which some are asked for again and again.

    Parameters
    ----------
    lon, lat
        Of the places, degrees, (p,).
    measure
        Returns how far the origin is from some of them, by their degrees, metres; inf for those
        that cannot be reached, and never NaN.
    border
        Of the origin's area, which bounds the distances; None for a point.
    at_least
        Returns what the distances are not below, where that is known sooner than they are.
    """

    def __init__(
        self,
        lon: _Floats,
        lat: _Floats,
        measure: _Measure,
        border: Border | None = None,
        *,
        at_least: _Measure | None = None,
    ) -> None:
        self._border = border
        self._distance_m = Once(lon, lat, measure)
        if border is not None:
            self._at_most_m = Once(lon, lat, border.at_most_m)
            at_least = border.at_least_m
        self._at_least_m = None if at_least is None else Once(lon, lat, at_least)

    def nearest(self, places: _Integers) -> tuple[_Integers, _Floats]:
        """Return which of some places, (m,), at least one, may be the nearest.

        Their positions among those given, int64, (k,), and how far they are, metres, inf if they
        cannot be reached; all others are farther than one of them, or cannot either.
        """
        if self._at_least_m is None:
            return np.arange(len(places)), self._distance_m.of(places)
        left = np.arange(len(places))
        if self._border is not None:
            far = self._at_most_m.of(places)
            # What is farther by a vertex than the nearest one by more than the area's span is out.
            left = np.flatnonzero(far - self._border.span_m <= far.min() + _SLACK_M)
        bound = self._at_least_m.of(places[left])
        order = np.argsort(bound, kind="stable")
        left, bound = left[order], bound[order]
        least, n, more = np.inf, 0, _AT_FIRST
        while n < len(left) and bound[n] <= least + _SLACK_M:
            stop = max(
                min(n + more, int(np.searchsorted(bound, least + _SLACK_M, side="right"))), n + 1
            )
            least = min(least, float(self._distance_m.of(places[left[n:stop]]).min()))
            n, more = stop, 2 * more
        return left[:n], self._distance_m.of(places[left[:n]])


class Once:
    """A number of each of p places, never NaN, worked out when it is first asked for.

    Parameters
    ----------
    lon, lat
        Of the places, degrees, (p,).
    work_out
        Returns the numbers of some of them, by their degrees.
    """

    def __init__(self, lon: _Floats, lat: _Floats, work_out: _Measure) -> None:
        self._lon, self._lat, self._work_out = lon, lat, work_out
        self._known = np.full(len(lon), np.nan)

    def of(self, places: _Integers) -> _Floats:
        """Return those of some places."""
        new = np.unique(places[np.isnan(self._known[places])])
        if len(new):
            self._known[new] = self._work_out(self._lon[new], self._lat[new])
        return self._known[places]


__all__ = ["FromOne", "Once"]
