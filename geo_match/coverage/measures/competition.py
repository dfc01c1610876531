"""Vacancies per person where many want the same: two-step floating catchment areas.

The method of Luo & Wang (2003). With P the people, S the supply of the sites, f a decay that is 0
beyond the radius and d distances, geodesic or on foot:

    demand D_j = Σ_k P_k·f(d_kj)      ratio R_j = S_j / D_j      availability A_i = Σ_j R_j·f(d_ij)

Spatial availability V_i = P_i·A_i is what is available to i of all there is (Soukhov et al. 2023):
nothing is lost and nothing counted twice, Σ_i V_i = Σ_j S_j over the sites with demand. So

- a ratio depends on the people alone: one more site lowers nobody's availability;
- c times as many people everywhere have 1/c of it each;
- a larger radius may lower it, for it brings competitors as well as sites.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._validate import as_lonlat, as_radius, as_weights
from geo_match.coverage.measures._decayed import Counted, Reach, Served, give_out
from geo_match.coverage.measures.basis import index_of
from geo_match.coverage.measures.decay import Binary, Exponential, Gaussian, Stepped
from geo_match.errors import ArgumentError, RadiusError, WeightError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from geo_match.coverage.measures.basis import Index
    from geo_match.coverage.measures.decay import Decay, Smooth, Steps
    from geo_match.spatial import Pairs
    from geo_match.walking.network import Network

    Amounts = NDArray[np.int64] | NDArray[np.float64]
    Floats = NDArray[np.float64]

_U = 2.0**-53
"""Half a unit in the last place: what one operation of floats loses at most, relatively."""
_TOO_INEXACT = 1e-6
_FARTHEST_FALL = 230.0
"""−ln of the least weight of a decay at the radius, 1e-100: below it floats come near their end."""
_MOST_RATIO = 2.0**900
_ROW_DEG = 0.001
_NEAR_M = 4000.0
_DISTANCE_ERROR = 1e-6
"""Metres to 4 km, and that part of the radius beyond: what `PointIndex` states for distances."""


class _Side(NamedTuple):
    """People or sites, checked: degrees, and how many people or vacancies at each place."""

    lon: Floats
    lat: Floats
    amount: Amounts


@dataclass(frozen=True, slots=True, eq=False)
class Availability:
    """What is available to each of n people at m sites, in competition with all others.

    Parameters
    ----------
    per_person
        A_i, float64, (n,): supply per person; 0 where no site with demand is in reach. People of
        weight 0 have one too: what the others leave to whoever stands there.
    spatial
        V_i = P_i·A_i, float64, (n,): what is available to all whom a row stands for.
    ratio
        R_j, float64, (m,): supply per person who competes for a site; NaN where nobody does.
    demand
        D_j, (m,): who competes for it. int64 and exact for a binary decay and whole weights.
    without_seekers
        (m,): sites with supply and no demand, "vacancies without seekers". They are available to
        nobody, and no part of the identity.
    relative_error
        How far `per_person` is from the formula's value at most, as a part of it. Which people
        are in a circle is decided exactly; this is what sums of floats lose, and what the
        distances' own error (see `PointIndex`) changes of a decay that falls with each metre.
    """

    per_person: Floats
    spatial: Floats
    ratio: Floats
    demand: Amounts
    without_seekers: NDArray[np.bool_]
    relative_error: float


def availability(  # noqa: PLR0917 - two tables of three columns: people, then sites
    people_lon: ArrayLike,
    people_lat: ArrayLike,
    people_weight: ArrayLike,
    site_lon: ArrayLike,
    site_lat: ArrayLike,
    supply: ArrayLike,
    *,
    radius_m: float,
    decay: Decay,
    network: Network | None = None,
    people_index: Index | None = None,
) -> Availability:
    """Return what is available to each person, and how contended each site is.

    Parameters
    ----------
    people_lon, people_lat
        Degrees, WGS-84, (n,); people without a place are left out before.
    people_weight
        P: how many each row stands for, at least 0, whole or not, (n,).
    site_lon, site_lat
        Degrees, WGS-84, (m,).
    supply
        S: vacancies (or places) of each site, at least 0, (m,).
    radius_m
        Metres, inclusive, 0 to 200 km.
    decay
        `Binary`, `Stepped`, `Exponential` or `Gaussian`.
    network
        The streets, on foot; None for the geodesic.
    people_index
        An index of these very people, in this order, and on the same basis, which spares building
        one. A smooth decay builds its own of the geodesic.

    Returns
    -------
    Availability
        Nothing in it depends on the number of threads. With a binary or stepped decay it does not
        depend on the order of the rows either.

    Raises
    ------
    ArgumentError, CoordinateError, RadiusError
        If an argument breaks its rule, or a decay is all but 0 at the radius.
    WeightError
        If weights or supplies are negative, not finite, or so uneven that floats do not hold
        their sums to a millionth.

    Notes
    -----
    Binary and stepped decays are sums of an index of the people: `sum_within` around the sites,
    then `sum_reaching` of the sites over the people. No pair is kept. A smooth decay visits each
    pair of site and person once, in blocks.

    Examples
    --------
    >>> from geo_match.coverage.measures.competition import availability
    >>> from geo_match.coverage.measures.decay import Binary
    >>> two = availability([117.36, 117.38], [32.93, 32.93], [3, 1], [117.37], [32.93], [2],
    ...                    radius_m=3000, decay=Binary())
    >>> two.per_person, two.spatial, two.demand
    (array([0.5, 0.5]), array([1.5, 0.5]), array([4]))
    """
    lon, lat = as_lonlat(people_lon, people_lat, lon_name="people_lon", lat_name="people_lat")
    people = _Side(lon, lat, _amounts(people_weight, len(lon), "people_weight"))
    lon, lat = as_lonlat(site_lon, site_lat, lon_name="site_lon", lat_name="site_lat")
    sites = _Side(lon, lat, _amounts(supply, len(lon), "supply"))
    radius = _one_radius(radius_m)
    if people_index is not None and len(people_index) != len(people.lon):
        rule = f"hold the {len(people.lon):,} people that are given"
        raise ArgumentError("people_index", rule, f"{len(people_index):,} points")
    if isinstance(decay, Binary | Stepped):
        index = people_index
        if index is None:
            index = index_of(people.lon, people.lat, network)
        return _of_circles(people, index, sites, decay, radius)
    if isinstance(decay, Exponential | Gaussian):
        exponent, _ = decay.fall(radius)
        if exponent > _FARTHEST_FALL:
            rule = "leave a decay a weight of at least 1e-100"
            remedy = "Is the decay's own distance in the unit that its name says?"
            raise RadiusError("radius_m", rule, f"{radius:g} with {decay}", remedy)
        if network is None:
            return _of_pairs(people, sites, decay, radius)
        if people_index is None:
            people_index = index_of(people.lon, people.lat, network)
        blocks = people_index.iter_within(lon=sites.lon, lat=sites.lat, radius_m=radius)
        return from_pairs(blocks, people.amount, sites.amount, decay, radius)
    rule = "be a Binary, Stepped, Exponential or Gaussian"
    raise ArgumentError("decay", rule, repr(decay))


def _of_circles(
    people: _Side, index: Index, sites: _Side, decay: Steps, radius_m: float
) -> Availability:
    """Return the availability under a decay that is a sum of circles."""
    circles = decay.circles(radius_m)
    weight = people.amount
    demand = _sum_of_circles(index, sites, weight, circles)
    ratio = _ratios(sites.amount, demand)
    given = np.nan_to_num(ratio, nan=0.0)
    # Of the demand: its circles, each times its weight. Of whole weights a circle is exact.
    steps = (len(circles) + 3) * _U
    error = steps + (_split_error(weight) if weight.dtype.kind == "f" else 0.0)
    error += 3.0 * _U  # of the ratio: both its ends become floats, and the division
    error += steps + _split_error(given)
    _check_error(error)
    total = np.asarray(_sum_reaching(index, sites, given, circles), dtype=np.float64)
    return _told(total, error, weight=weight, ratio=ratio, demand=demand, supply=sites.amount)


def _sum_of_circles(
    index: Index, around: _Side, weights: Amounts, circles: list[tuple[float, float]]
) -> Amounts:
    """Return Σ over circles of their weight times the sum of what they hold, around each place."""
    prepared = index.prepare(weights)
    parts: list[Amounts] = []
    for radius_m, share in circles:
        inside = index.sum_within(
            lon=around.lon, lat=around.lat, radius_m=radius_m, weights=prepared
        )
        if len(circles) == 1 and share == 1.0:
            return inside
        parts.append(np.multiply(inside, share))
    return np.asarray(sum(parts, np.zeros(len(around.lon))), dtype=np.float64)


def _sum_reaching(
    index: Index, around: _Side, weights: Floats, circles: list[tuple[float, float]]
) -> Floats:
    """Return Σ over circles of their weight times the sum of those that reach each place indexed.

    The question of `_sum_of_circles` turned round, which takes half the time where few reach many;
    what is lost is the same.
    """
    total = np.zeros(len(index))
    for radius_m, share in circles:
        total += share * index.sum_reaching(
            lon=around.lon, lat=around.lat, radius_m=radius_m, weights=weights
        )
    return total


def _of_pairs(people: _Side, sites: _Side, decay: Smooth, radius_m: float) -> Availability:
    """Return the availability under a smooth decay, with neighbours side by side in memory."""
    # A circle's people then lie in few stretches of the arrays: this nearly halves the time.
    order = np.lexsort((people.lon, np.floor(people.lat / _ROW_DEG)))
    index = index_of(people.lon[order], people.lat[order])
    blocks = index.iter_within(lon=sites.lon, lat=sites.lat, radius_m=radius_m)
    found = from_pairs(blocks, people.amount[order], sites.amount, decay, radius_m)
    home = np.empty_like(order)
    home[order] = np.arange(len(order))
    return replace(found, per_person=found.per_person[home], spatial=found.spatial[home])


def from_pairs(
    blocks: Iterable[Pairs],
    weight: Amounts,
    supply: Amounts,
    decay: Smooth,
    radius_m: float,
) -> Availability:
    """Return the availability under a smooth decay, from the pairs of sites and people.

    Parameters
    ----------
    blocks
        A query a site, in their order, all of them; the points are people within the radius.
    weight, supply
        Checked, (n,) and (m,).
    decay
        Its weight at the radius is at least 1e-100.
    radius_m
        Metres; no pair is farther apart.
    """
    n, m = len(weight), len(supply)
    counted = Counted(np.asarray(weight, dtype=np.float64), np.zeros(n), np.zeros(n))
    served = Served(np.asarray(supply, dtype=np.float64), np.zeros(m), np.full(m, np.nan))
    for pairs in blocks:
        # The arrays of `Pairs` are read-only: to a kernel that is another type.
        reach = Reach(pairs.offsets.copy(), pairs.point.copy(), decay.inside(pairs.distance_m))
        some = slice(pairs.first_query, pairs.first_query + pairs.n_queries)
        give_out(reach, counted, Served(*(array[some] for array in served)))
    _, demand, ratio = served
    _check_ratios(ratio)
    _, steepest = decay.fall(radius_m)
    off_m = _DISTANCE_ERROR if radius_m <= _NEAR_M else _DISTANCE_ERROR * radius_m
    # The exponent is below 230 and off by three roundings; `exp` itself by a few more.
    of_decay = steepest * off_m + (3.0 * _FARTHEST_FALL + 8.0) * _U
    of_sum = 2.0 * _U + (max(n, m) * _U) ** 2  # Neumaier's, of terms of one sign
    error = 2.0 * (of_decay + of_sum + 2.0 * _U) + 3.0 * _U
    total = counted.total + counted.lost
    return _told(total, error, weight=weight, ratio=ratio, demand=demand, supply=supply)


def _ratios(supply: Amounts, demand: Amounts) -> Floats:
    """Return supply over demand, NaN where there is none."""
    ratio = np.full(len(supply), np.nan)
    with np.errstate(over="ignore"):  # refused below
        np.divide(supply, demand, out=ratio, where=demand > 0)
    _check_ratios(ratio)
    return ratio


def _check_ratios(ratio: Floats) -> None:
    too_high = ratio > _MOST_RATIO  # False for NaN
    if too_high.any():
        rule = "leave a site no more than 2**900 of its supply per person"
        found = f"more at {int(too_high.sum()):,} sites"
        raise WeightError("people_weight", rule, found, "Weigh nearly nobody as 0.")


def _split_error(weights: Amounts) -> float:
    """Return what `PointIndex.sum_within` may lose of a sum of these floats, as a part of it.

    It states one unit in the last place and m³·2⁻¹²⁰ of the greatest; a sum above 0 has at least
    the least that is above 0.
    """
    some = weights[weights > 0]
    if len(some) == 0:
        return 0.0
    # In this order nothing overflows, whatever the weights.
    uneven = float(some.max()) * 2.0**-120 * float(len(weights)) ** 3 / float(some.min())
    return 2.0 * _U + uneven


def _check_error(error: float) -> None:
    """Refuse what sums of split floats cannot tell: a demand might be taken for none."""
    if not error <= _TOO_INEXACT:
        rule = f"with `supply` let sums of floats be true to {_TOO_INEXACT:g} of their value"
        remedy = "The least weights and ratios above 0 are too small beside the greatest."
        raise WeightError("people_weight", rule, f"an error of up to {error:.1g}", remedy)


def _told(
    total: Floats,
    error: float,
    *,
    weight: Amounts,
    ratio: Floats,
    demand: Amounts,
    supply: Amounts,
) -> Availability:
    """Put the answer together.

    To what errors add up to comes what they multiply to, which is less than a part of it as great
    as they are.
    """
    return Availability(
        per_person=total,
        spatial=weight * total,
        ratio=ratio,
        demand=demand,
        without_seekers=(demand == 0) & (supply > 0),
        relative_error=error * (1.0 + 2.0 * error + 10.0 * _U),
    )


def _amounts(values: ArrayLike, n: int, name: str) -> Amounts:
    """Return checked amounts of at least 0, (n,): int64 for whole numbers, else float64."""
    try:
        amounts = as_weights(values, n)
    except ArgumentError as error:
        raise type(error)(name, error.rule, error.found, error.remedy) from None
    if amounts.ndim != 1:
        raise ArgumentError(name, "be one-dimensional", f"shape {amounts.shape}")
    negative = amounts < 0
    if negative.any():
        first = int(np.argmax(negative))
        found = f"{amounts[first].item()!r} at position {first}"
        raise WeightError(name, "be at least 0", found)
    return amounts


def _one_radius(radius_m: float) -> float:
    if np.ndim(radius_m):
        raise ArgumentError("radius_m", "be one number", f"shape {np.shape(radius_m)}")
    return float(as_radius(radius_m, 1)[0])
