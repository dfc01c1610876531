"""How much less a place counts the farther away it is: the forms of decay.

Each is 1 at the place itself, nowhere rises with distance, and is 0 beyond the radius it is asked
with; a place exactly at the radius, or at the end of a band, still counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Protocol

import numpy as np

from geo_match._validate import MAX_RADIUS_M, as_numbers, as_radius, as_real, describe_bad
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_M_PER_KM = 1000.0


class Decay(Protocol):
    """A form of decay: the weight, 0 to 1, of a place at a distance."""

    def weight(self, distance_m: ArrayLike, *, radius_m: float) -> NDArray[np.float64]:
        """Return the weights of places at these distances.

        Parameters
        ----------
        distance_m
            Metres, at least 0, any shape; infinite for what cannot be reached.
        radius_m
            Metres, inclusive: what is farther away has the weight 0.

        Returns
        -------
        numpy.ndarray
            float64, of the shape of the distances, 0 to 1.

        Raises
        ------
        ArgumentError
            If a distance is negative or missing.
        RadiusError
            If the radius is none.
        """


class Steps(Decay, Protocol):
    """A decay that is a sum of circles, each of one weight."""

    def circles(self, radius_m: float) -> list[tuple[float, float]]:
        """Return the (radius in metres, weight above 0) of circles whose sum this decay is."""


class Smooth(Decay, Protocol):
    """A decay that falls with every metre."""

    def inside(self, distance_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weights of checked distances, metres, that are within the radius."""

    def fall(self, radius_m: float) -> tuple[float, float]:
        """Return −ln of the weight at the radius, and the steepest fall of ln weight a metre."""


@dataclass(frozen=True, slots=True)
class Binary:
    """1 within the radius, 0 beyond it.

    Examples
    --------
    >>> from geo_match.coverage.measures.decay import Binary
    >>> Binary().weight([0.0, 3000.0, 3000.1], radius_m=3000)
    array([1., 1., 0.])
    """

    def circles(self, radius_m: float) -> list[tuple[float, float]]:
        """Return the one circle, of weight 1."""
        return [(radius_m, 1.0)]

    def weight(self, distance_m: ArrayLike, *, radius_m: float) -> NDArray[np.float64]:
        """Return 1 for each distance within the radius, else 0; see `Decay.weight`."""
        distance, within = _within(distance_m, radius_m)
        return np.where(within, 1.0, 0.0).reshape(distance.shape)


@dataclass(frozen=True, slots=True)
class Stepped:
    """One weight a band of distance, as in the enhanced 2SFCA (Luo & Qi 2009).

    Parameters
    ----------
    bands
        (end in metres, weight) of each band, from the nearest on; the end belongs to the band.
        Ends rise, weights are 0 to 1 and never rise. Beyond the last band the weight is 0.

    Raises
    ------
    ArgumentError
        If the bands break these rules, or there is none.

    Examples
    --------
    >>> from geo_match.coverage.measures.decay import Stepped
    >>> Stepped(((1000, 1.0), (2000, 0.68), (3000, 0.22))).weight([1000, 1001, 9000], radius_m=3000)
    array([1.  , 0.68, 0.  ])
    """

    bands: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Check the bands."""
        try:
            bands = tuple((end, weight) for end, weight in self.bands)
        except (TypeError, ValueError):
            raise ArgumentError("bands", "be pairs (end_m, weight)", repr(self.bands)) from None
        if not bands:
            raise ArgumentError("bands", "have at least one band", "none")
        last_end, last_weight = 0.0, 1.0
        for number, (end, weight) in enumerate(bands):
            of_end, of_weight = f"bands[{number}] end_m", f"bands[{number}] weight"
            end_m = _number(end, of_end)
            if not last_end < end_m <= MAX_RADIUS_M:
                rule = f"be above {last_end:g} metres and at most {MAX_RADIUS_M:,.0f}"
                raise ArgumentError(of_end, rule, repr(end))
            share = _number(weight, of_weight)
            if not 0.0 <= share <= last_weight:
                rule = f"be between 0 and {last_weight:g}"
                remedy = "What is farther away never counts for more."
                raise ArgumentError(of_weight, rule, repr(weight), remedy)
            last_end, last_weight = end_m, share
        checked = tuple((float(end), float(weight)) for end, weight in bands)
        object.__setattr__(self, "bands", checked)  # the only way in a frozen class

    def circles(self, radius_m: float) -> list[tuple[float, float]]:
        """Return a circle for each band, as large as it and the radius allow.

        Its weight is what is lost at the band's end: of a place in band b the circles from b on
        are summed, and their losses are the band's weight.
        """
        after = [weight for _, weight in self.bands[1:]] + [0.0]
        found = []
        for (end, weight), next_weight in zip(self.bands, after, strict=True):
            if end >= radius_m:
                found.append((radius_m, weight))
                break
            found.append((end, weight - next_weight))
        return [(radius, weight) for radius, weight in found if weight > 0.0]

    def weight(self, distance_m: ArrayLike, *, radius_m: float) -> NDArray[np.float64]:
        """Return each distance's band's weight; see `Decay.weight`."""
        distance, within = _within(distance_m, radius_m)
        ends = np.array([end for end, _ in self.bands])
        weights = np.array([weight for _, weight in self.bands] + [0.0])
        band = np.searchsorted(ends, distance, side="left")
        return np.where(within, weights[band], 0.0).reshape(distance.shape)


@dataclass(frozen=True, slots=True)
class Exponential:
    """e^(−β·d), with d in kilometres.

    Parameters
    ----------
    per_km
        β: by how much the logarithm of the weight falls a kilometre; above 0.

    Raises
    ------
    ArgumentError
        If it is no number above 0.

    Examples
    --------
    >>> from geo_match.coverage.measures.decay import Exponential
    >>> Exponential.halving(1000).weight([0.0, 1000.0, 2000.0], radius_m=3000).round(6)
    array([1.  , 0.5 , 0.25])
    """

    per_km: float

    def __post_init__(self) -> None:
        """Check the number."""
        object.__setattr__(self, "per_km", _above_zero(self.per_km, "per_km"))

    @classmethod
    def halving(cls, half_m: float) -> Exponential:
        """Return the form whose weight halves with each `half_m` metres.

        Raises
        ------
        ArgumentError
            If it is no number above 0.
        """
        return cls(per_km=math.log(2.0) * _M_PER_KM / _above_zero(half_m, "half_m"))

    def fall(self, radius_m: float) -> tuple[float, float]:
        """Return β·radius, and β a metre."""
        per_m = self.per_km / _M_PER_KM
        return per_m * radius_m, per_m

    def inside(self, distance_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weights of distances, metres, within the radius."""
        return np.asarray(np.exp(distance_m * (-self.per_km / _M_PER_KM)))

    def weight(self, distance_m: ArrayLike, *, radius_m: float) -> NDArray[np.float64]:
        """Return e^(−β·d) within the radius, else 0; see `Decay.weight`."""
        distance, within = _within(distance_m, radius_m)
        return np.where(within, self.inside(distance), 0.0).reshape(distance.shape)


@dataclass(frozen=True, slots=True)
class Gaussian:
    """e^(−d²/2σ²).

    Parameters
    ----------
    sigma_m
        σ, metres: where the weight has fallen to e^(−1/2) = 0.607; above 0.

    Raises
    ------
    ArgumentError
        If it is no number above 0.

    Examples
    --------
    >>> from geo_match.coverage.measures.decay import Gaussian
    >>> Gaussian(1000).weight([0.0, 1000.0, 4000.0], radius_m=3000).round(6)
    array([1.      , 0.606531, 0.      ])
    """

    sigma_m: float

    def __post_init__(self) -> None:
        """Check the number."""
        object.__setattr__(self, "sigma_m", _above_zero(self.sigma_m, "sigma_m"))

    def fall(self, radius_m: float) -> tuple[float, float]:
        """Return r²/2σ², and r/σ²."""
        turns = radius_m / self.sigma_m
        return 0.5 * turns * turns, turns / self.sigma_m

    def inside(self, distance_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weights of distances, metres, within the radius."""
        turns = distance_m * (1.0 / self.sigma_m)
        return np.asarray(np.exp(turns * turns * -0.5))

    def weight(self, distance_m: ArrayLike, *, radius_m: float) -> NDArray[np.float64]:
        """Return e^(−d²/2σ²) within the radius, else 0; see `Decay.weight`."""
        distance, within = _within(distance_m, radius_m)
        return np.where(within, self.inside(distance), 0.0).reshape(distance.shape)


def _within(
    distance_m: ArrayLike, radius_m: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return checked distances, those beyond the radius as the radius, and which are within it."""
    radius = as_radius(radius_m, 1)[0]
    distance = as_numbers(distance_m, "distance_m")
    good = distance >= 0.0  # False for NaN
    if not good.all():
        rule = "be at least 0 metres"
        remedy = "What cannot be reached has an infinite distance."
        raise ArgumentError("distance_m", rule, describe_bad(distance, ~good), remedy)
    return np.minimum(distance, radius), distance <= radius


def _number(value: object, name: str) -> float:
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise ArgumentError(name, "be a number", repr(value))
    return as_real(value)  # of one beyond all floats NaN, which no rule of a decay lets pass


def _above_zero(value: object, name: str) -> float:
    number = _number(value, name)
    if not 0.0 < number < math.inf:
        raise ArgumentError(name, "be finite and above 0", repr(value))
    return number
