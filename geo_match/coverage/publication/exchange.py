"""Points that fit all figures, found by moving invented persons: they show cells to be safe."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.publication.noise import least_figure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from geo_match.coverage.publication.bounds import Shown
    from geo_match.coverage.publication.persons import Places, Tree, Trees
    from geo_match.coverage.publication.program import Seen

_MANY: Final = 1e6  # people; more than need be moved, and exact in sums
_HALF: Final = 0.5
_SEED: Final = 7


def widen(known: Shown, counts: NDArray[np.float64], trees: Trees, seen: Seen) -> None:
    """Move persons in all trees, as far as the figures allow, and note the values cells have then.

    Parameters
    ----------
    known
        What a reader knows.
    counts
        (n,) counts that fit the figures: the true ones, say.
    trees
        Of the same cells.
    seen
        It gets the values that cells can have: each together with others that fit all figures.
    """
    room = _Room(known, counts)
    changes = list(_changes(trees.kinds))
    for tree in trees.all():
        fit = [change for change in changes if _adds_up(known, tree, change)]
        for change in fit:
            _note(room, tree, seen, ((change, _flow(room, tree, change)),))
        if not tree.pairs:
            continue
        is_open = known.kept_back & (seen.upper - seen.lower < known.min_count)
        for one, other in combinations(fit, 2):
            for turned in (other, {name: -sign for name, sign in other.items()}):
                both = {name for name in one if one[name] == turned.get(name)}
                if both and _has_open(tree, both, is_open):
                    flows = tuple((p, _flow(room, tree, p, both)) for p in (one, turned))
                    _note(room, tree, seen, flows)


def _has_open(tree: Tree, names: set[str], is_open: NDArray[np.bool_]) -> bool:
    return any(
        is_open[one.cells + column].any()
        for level in tree.places
        for one in level
        for column, name in enumerate(one.columns)
        if name in names
    )


def _changes(kinds: list[frozenset[str]]) -> Iterator[dict[str, int]]:
    """Give how counts change when a person comes, or changes kind."""
    for kind in kinds:
        yield dict.fromkeys(kind, 1)
    for one, other in combinations(kinds, 2):
        yield {name: (name in one) - (name in other) for name in one ^ other}


class _Room:
    """How much each cell can rise and fall, at all dates alike, and the figures still fit."""

    def __init__(self, known: Shown, counts: NDArray[np.float64]) -> None:
        cells, shown = known.cells, known.shown
        lower, upper = known.alone()
        rise, fall = upper - counts, counts - lower
        # Some noise u has figure ≤ x + u ≤ figure + step - 1 at all dates; it can fall as x rises.
        figure = known.figure
        is_least = figure <= least_figure(known.min_count, known.step)
        lowest = np.where(is_least, -_MANY, figure - counts).astype(np.float64)
        highest = (figure + known.step - 1 - counts).astype(np.float64)
        size = int(cells.same.max(initial=-1)) + 1
        low, high = np.full(size, -_MANY), np.full(size, _MANY)
        np.maximum.at(low, cells.same[shown], lowest[shown])
        np.minimum.at(high, cells.same[shown], highest[shown])
        rises, falls = high + known.noise, known.step - 1 + known.noise - low
        np.minimum.at(rises, cells.same, rise)
        np.minimum.at(falls, cells.same, fall)
        self.counts = counts
        self.rise = np.clip(rises, 0.0, _MANY)[cells.same]
        self.fall = np.clip(falls, 0.0, _MANY)[cells.same]


def _touched(places: Places, change: dict[str, int]) -> list[tuple[int, int]]:
    return [(i, change[name]) for i, name in enumerate(places.columns) if change.get(name)]


def _adds_up(known: Shown, tree: Tree, change: dict[str, int]) -> bool:
    """Whether all sums still hold when any persons move in the tree: tried with such by lot."""
    if any((above < 0).any() for above in tree.above):
        return False
    rng = np.random.default_rng(_SEED)
    moved = np.zeros(known.cells.size, dtype=np.int64)
    amount: NDArray[np.int64] | None = None
    for level, places in enumerate(tree.places):
        if level and amount is not None:
            amount = _summed(amount, tree.above[level - 1], tree.sizes[level])
        if amount is None and any(_touched(one, change) for one in places):
            amount = rng.integers(1, 1 << 40, tree.sizes[level])
        if amount is None:
            continue
        for one in places:
            for column, sign in _touched(one, change):
                moved[one.cells + column] += sign * amount[one.node]
    cells = known.cells
    left = np.zeros(cells.equations, dtype=np.int64)
    np.add.at(left, cells.equation, cells.sign * moved[cells.cell])
    return not left.any()


def _summed(amount: NDArray[np.int64], above: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    out = np.zeros(size, dtype=np.int64)
    np.add.at(out, above, amount)
    return out


_Flow = list[tuple["NDArray[np.float64]", "NDArray[np.float64]"] | None]


def _flow(
    room: _Room, tree: Tree, change: dict[str, int], halved: AbstractSet[str] = frozenset()
) -> _Flow:
    """Find how far each node can rise and fall, by levels, while others make up for it.

    Within a node: as its own rows allow, and the nodes below together. Outside: what the others
    under the same node take back, and what that node itself can rise, by the same rule. This is
    the greatest flow in a tree, found once upwards and once downwards. Columns that are `halved`
    have half of their room.
    """
    depth = len(tree.sizes)
    first = next(
        (i for i, level in enumerate(tree.places) if any(_touched(p, change) for p in level)), depth
    )
    own = [_own(room, tree, level, change, halved) for level in range(first, depth)]
    above, sizes = tree.above[first:], tree.sizes[first:]
    inside = own[:1]
    for level in range(1, len(own)):
        rise, fall = (
            np.minimum(part, np.bincount(above[level - 1], below, minlength=sizes[level]))
            for part, below in zip(own[level], inside[-1], strict=True)
        )
        inside.append((rise, fall))
    flow: _Flow = [None] * depth
    outside = (np.full(tree.sizes[-1], _MANY), np.full(tree.sizes[-1], _MANY))
    for level in reversed(range(len(own))):
        rise, fall = (np.minimum(a, b) for a, b in zip(inside[level], outside, strict=True))
        flow[first + level] = (rise, fall)
        if level:
            over = above[level - 1]
            rise, fall = (np.minimum(a, b)[over] for a, b in zip(own[level], outside, strict=True))
            rises, falls = (
                np.bincount(over, part, minlength=sizes[level])[over] - part
                for part in inside[level - 1]
            )
            outside = (rise + falls, fall + rises)
    return flow


def _note(
    room: _Room, tree: Tree, seen: Seen, flows: tuple[tuple[dict[str, int], _Flow], ...]
) -> None:
    """Note the values that cells have at the ends of changes, alone or two together."""
    change = flows[0][0]
    for level, places in enumerate(tree.places):
        parts = [part for _, flow in flows if (part := flow[level]) is not None]
        if len(parts) < len(flows):
            continue
        rise, fall = (np.sum([part[i] for part in parts], axis=0) for i in (0, 1))
        for one in places:
            for column, sign in _touched(one, change):
                if any(other.get(one.columns[column]) != sign for other, _ in flows):
                    continue
                most, least = (rise, fall) if sign > 0 else (fall, rise)
                for cells in one.cells:
                    at = cells + column
                    base = room.counts[at]
                    seen.add_range(at, base - least[one.node], base + most[one.node])


def _own(
    room: _Room, tree: Tree, level: int, change: dict[str, int], halved: AbstractSet[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give how far the rows of each node allow it to rise and to fall."""
    rise = np.full(tree.sizes[level], _MANY)
    fall = np.full(tree.sizes[level], _MANY)
    for one in tree.places[level]:
        for column, sign in _touched(one, change):
            at = one.cells[0] + column  # the room is the same at all dates
            part = _HALF if one.columns[column] in halved else 1.0
            up, down = (room.rise, room.fall) if sign > 0 else (room.fall, room.rise)
            np.minimum.at(rise, one.node, part * up[at])
            np.minimum.at(fall, one.node, part * down[at])
    return rise, fall
