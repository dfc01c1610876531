"""Power diagrams: a plane divided among sites so that each gets about the people it should.

A power diagram is a Voronoi diagram whose sites push their borders outward by a weight: a point p
belongs to the site s with the least |p − s|² − w. Its cells are convex, and for any shares of the
points there are weights that give them (Aurenhammer, Hoffmann & Aronov 1998).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOVES: Final = 12
_ADJUSTMENTS: Final = 50
_EASE: Final = 0.7
_LEAST_EASE: Final = 0.02
"""Most and least part of a weight's estimated step that is taken."""
_LEAST_RADIUS2: Final = 0.05
"""A cell of almost no extent moves as if it had this part of the median mean squared radius."""


@dataclass(frozen=True, slots=True, eq=False)
class PowerDiagram:
    """Sites, metres, shape (n, 2), and their weights, square metres, shape (n,)."""

    sites: NDArray[np.float64]
    weights: NDArray[np.float64]

    def find(self, points: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the site of each point, (p, 2) metres: the first of those that are equal."""
        return np.asarray(np.argmin(_powers(points, self.sites, self.weights), axis=1))

    def cell(self, site: int, within: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return the corners of a site's cell, cut out of a convex polygon; empty if there is none.

        Parameters
        ----------
        site
            Position of the site.
        within
            Corners of a convex polygon in order, metres, the first not repeated.
        """
        # |p−s|²−w ≤ |p−t|²−v  ⇔  2(t−s)·p ≤ |t|²−v − |s|²+w
        normals = 2.0 * (self.sites - self.sites[site])
        heights = (self.sites**2).sum(axis=1) - self.weights
        bounds = heights - heights[site]
        corners = within
        nearest_first = np.argsort((normals**2).sum(axis=1), kind="stable")
        for other in nearest_first:
            if other != site and corners:
                a, b = normals[other]
                corners = _cut(corners, float(a), float(b), float(bounds[other]))
        return corners


def _cut(
    corners: list[tuple[float, float]], a: float, b: float, c: float
) -> list[tuple[float, float]]:
    """Return what of a convex polygon satisfies a·x + b·y ≤ c."""
    over = [a * x + b * y - c for x, y in corners]
    if max(over) <= 0.0:
        return corners
    kept = []
    for i, (x2, y2) in enumerate(corners):
        (x1, y1), d1, d2 = corners[i - 1], over[i - 1], over[i]
        if (d1 <= 0.0) != (d2 <= 0.0):
            share = d1 / (d1 - d2)
            kept.append((x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
        if d2 <= 0.0:
            kept.append((x2, y2))
    return kept


def _powers(
    points: NDArray[np.float64], sites: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return |s|² − 2p·s − w, (p, n): the power less |p|², which is the same for every site."""
    powers = np.multiply.outer(-2.0 * points[:, 0], sites[:, 0])
    powers += np.multiply.outer(-2.0 * points[:, 1], sites[:, 1])
    powers += (sites**2).sum(axis=1) - weights
    return np.asarray(powers)


def _centroids(
    points: NDArray[np.float64], owner: NDArray[np.int64], sites: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the mean of each site's points, or the site where it has none, and their count."""
    count = np.bincount(owner, minlength=len(sites))
    sums = [np.bincount(owner, points[:, axis], minlength=len(sites)) for axis in (0, 1)]
    means = np.column_stack(sums) / np.maximum(count, 1)[:, None]
    return np.where(count[:, None] > 0, means, sites), count


def spread_sites(
    points: NDArray[np.float64], n: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Spread sites among points, (p, 2), by moving each to the mean of those nearest to it, (n, 2).

    The first are drawn far from one another; n = 0 gives none.
    """
    if n == 0:
        return np.empty((0, 2))
    sites = points[generator.integers(len(points), size=1)]
    far = ((points - sites[0]) ** 2).sum(axis=1)
    for _ in range(n - 1):
        # Squared distances as chances, so that a lonely point does not always win (k-means++).
        chance = np.cumsum(far)
        pick = int(np.searchsorted(chance, generator.random() * chance[-1], side="right"))
        sites = np.vstack([sites, points[min(pick, len(points) - 1)]])
        far = np.minimum(far, ((points - sites[-1]) ** 2).sum(axis=1))
    for _ in range(_MOVES):
        owner = np.argmin(_powers(points, sites, np.zeros(n)), axis=1)
        sites, _count = _centroids(points, owner, sites)
    return sites


def divide(
    points: NDArray[np.float64], sites: NDArray[np.float64], shares: NDArray[np.float64]
) -> PowerDiagram:
    """Divide points among sites so that each gets about its share of them.

    First sites move to the middle of what they have and weights follow; then sites rest and
    weights alone are adjusted.

    Parameters
    ----------
    points
        Equally many people each, metres, shape (p, 2).
    sites
        Where they start, metres, shape (n, 2).
    shares
        Positive, of any sum, shape (n,).

    Raises
    ------
    ArgumentError
        If there are too few points, or sites on one spot, so that a site gets none.
    """
    middle = points.mean(axis=0)  # small numbers: squares of coordinates of 1e7 m lose digits
    local, sites = points - middle, sites - middle
    wanted = shares * (len(points) / shares.sum())
    weights = np.zeros(len(sites))
    ease, before = np.full(len(sites), _EASE), np.zeros(len(sites))
    best, least = weights.copy(), np.inf
    for step in range(_MOVES + _ADJUSTMENTS):
        owner = _assign(local, sites, weights, wanted)
        means, count = _centroids(local, owner, sites)
        missing = np.log(wanted / count)
        error = float((wanted * missing**2).sum())
        if step >= _MOVES and error < least:
            best, least = weights.copy(), error
        # A border moves with the difference of the weights, and a cell's people with its border:
        # a step of the mean squared radius times the logarithm of what is missing about closes
        # the gap. A site that came out on the other side of its share takes smaller steps.
        ease = np.clip(ease * np.where(missing * before < 0.0, 0.5, 1.15), _LEAST_EASE, _EASE)
        away2 = ((local - sites[owner]) ** 2).sum(axis=1)
        radius2 = np.bincount(owner, away2, minlength=len(sites)) / count
        radius2 = np.maximum(radius2, np.median(radius2) * _LEAST_RADIUS2)
        weights += ease * radius2 * missing
        before = missing
        if step < _MOVES:
            sites = means
    return PowerDiagram(sites + middle, best)


def _assign(
    points: NDArray[np.float64],
    sites: NDArray[np.float64],
    weights: NDArray[np.float64],
    wanted: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return each point's site; a site without any is first given weight, in place, to have some.

    The weight that wins a site its j-th nearest point is the j-th least by which it loses points
    to their owners. Winning may leave another site without; they take turns, a site more often
    than there are sites being a sign that no weights would do.
    """
    for _ in range(len(sites) + 1):
        powers = _powers(points, sites, weights)
        owner = np.argmin(powers, axis=1)
        empty = np.flatnonzero(np.bincount(owner, minlength=len(sites)) == 0)
        if not len(empty):
            return np.asarray(owner)
        site = empty[0]
        lost_by = powers[:, site] - powers[np.arange(len(points)), owner]
        nearest = min(int(wanted[site] / 2.0), len(points) - 1)
        # A little more than what makes it equal, which the first of the equals would win.
        weights[site] += np.partition(lost_by, nearest)[nearest] * (1.0 + 1e-9) + 1e-6
    raise ArgumentError(
        "points",
        f"be enough for {len(sites)} sites that lie apart",
        f"{len(points)} points of which some site gets none",
    )
