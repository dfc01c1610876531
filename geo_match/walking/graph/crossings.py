"""Where a line crosses water: also at a corner of a bank, and where it goes along one.

A line that meets water in a point that both have, or goes along it, crosses it if water leads away
on both sides of the line: then what was on one side of the water is on the other. If all of it
leads away on one side, the line only touches it; and if on either side as much comes as goes, as
along a dam between two ponds, it touches both. Nothing is rounded: what is on a line, as the
numbers have it, is a contact, and what is beside it crosses or does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Crossed(NamedTuple):
    """A place where a line crosses water.

    Parameters
    ----------
    segment
        Of the line.
    share
        Of the segment, from 0 to 1.
    water
        The segment of water that is crossed within; −1 for a contact, which may be with several.
    """

    segment: int
    share: float
    water: int


class _Contact(NamedTuple):
    """A point of a line that is on water.

    Parameters
    ----------
    segment, share
        As in `Crossed`; a point of the line itself is where a segment begins.
    n_left, n_right
        How many segments of water lead from there to either side of the line.
    goes_on
        Whether water leads on along the line.
    is_end
        Whether the line begins or ends there: it has no sides then.
    """

    segment: int
    share: float
    n_left: int
    n_right: int
    goes_on: bool
    is_end: bool


def crossed_by(line: Floats, water: Floats) -> list[Crossed]:
    """Return where a line crosses water, in the order of the line.

    Parameters
    ----------
    line
        Longitude and latitude, (n,), degrees; two points or more, neighbours apart.
    water
        Degrees, (b, 4): lon, lat, lon, lat of segments, of some length, in any order, each once:
        see `first_of_each`. A contact is judged by those that are there.

    Returns
    -------
    list
        Where the line goes along water, the place where it comes to it. Where the line begins or
        ends on water it does not cross it. Nor does it, as far as this can tell, where it leads
        through a point in which two canals cross, or banks of two waters meet, with as many
        segments to one side as to the other: by its segments that is the end of a dam.
    """
    sides = _Sides(line, water)
    found = [
        Crossed(segment, float(share), one)
        for segment, one, share in zip(*sides.across(), strict=True)
    ]
    run: list[_Contact] = []
    for contact in [*sides.contacts(), None]:
        if contact and run and run[-1].goes_on and contact[:2] <= (run[-1].segment + 1, 0.0):
            run.append(contact)
            continue
        if _is_crossing(run):
            found.append(Crossed(run[0].segment, run[0].share, -1))
        run = [contact] if contact else []
    return sorted(found)


def first_of_each(water: Floats, kind: NDArray[np.generic] | None = None) -> NDArray[np.int64]:
    """Return the positions of segments, ascending, without those that are there again.

    Two areas that share a border both have it, and a map may have a lake twice. Two of one segment
    would seem two waters, between which a line goes as along a dam.

    Parameters
    ----------
    water
        Degrees, (b, 4). A segment and its reverse are the same.
    kind
        Of each, (b,): of two kinds both are left. None if all are of one.
    """
    one, other = water[:, :2], water[:, 2:]
    turned = (one[:, 0] > other[:, 0]) | ((one[:, 0] == other[:, 0]) & (one[:, 1] > other[:, 1]))
    alike = np.where(turned[:, None], water[:, [2, 3, 0, 1]], water) + 0.0  # of −0 and 0, too
    if kind is not None:
        alike = np.column_stack([alike, kind])
    return np.sort(np.unique(alike, axis=0, return_index=True)[1])


class _Sides:
    """On which side of each segment of a line, (n − 1,), each end of water, (b,), is; and reversed.

    All that is decided is decided by these signs, so that it agrees.
    """

    def __init__(self, line: Floats, water: Floats) -> None:
        self._line, self._ends = line, np.stack([water[:, :2], water[:, 2:]])
        self._of_ends = np.sign(_side(line[:-1, None], line[1:, None], self._ends[:, None]))
        self._of_points = np.sign(_side(self._ends[0], self._ends[1], line[:, None]))
        self._turns = np.zeros(len(line))
        self._turns[1:-1] = _side(line[:-2], line[1:-1], line[2:])

    def across(self) -> tuple[list[int], list[int], list[float]]:
        """Return which segments cross which of water, each within, and the share of the first."""
        line, (begin, end) = self._line, self._ends
        is_across = (self._of_ends[0] * self._of_ends[1] < 0) & (
            self._of_points[:-1] * self._of_points[1:] < 0
        )
        segment, one = np.nonzero(is_across)
        before, behind = (
            np.abs(_side(begin[one], end[one], line[at])) for at in (segment, segment + 1)
        )
        return segment.tolist(), one.tolist(), (before / (before + behind)).tolist()

    def contacts(self) -> list[_Contact]:
        """Return the points of the line that are on water, in the order of the line."""
        line, ends = self._line, self._ends
        rays: dict[tuple[int, float], list[tuple[int, int]]] = {}
        is_on = (self._of_points == 0) & _is_between(line[:, None], ends[0], ends[1])
        for at, one in np.argwhere(is_on).tolist():
            leads = [end for end in (0, 1) if (ends[end, one] != line[at]).any()]
            rays.setdefault((at, 0.0), []).extend((end, one) for end in leads)
        is_on = (self._of_ends == 0) & _is_between(ends[:, None], line[:-1, None], line[1:, None])
        is_on &= (ends[:, None] != line[:-1, None]).any(axis=-1)
        is_on &= (ends[:, None] != line[1:, None]).any(axis=-1)
        for end, at, one in np.argwhere(is_on).tolist():
            way, part = line[at + 1] - line[at], ends[end, one] - line[at]
            axis = int(np.abs(way).argmax())
            rays.setdefault((at, float(part[axis] / way[axis])), []).append((1 - end, one))
        return [self._contact(*at, rays[at]) for at in sorted(rays)]

    def _contact(self, at: int, share: float, rays: list[tuple[int, int]]) -> _Contact:
        """Judge a point of the line by the ends that water leads to from there."""
        n_left, n_right, goes_on = 0, 0, False
        line, last = self._line, len(self._line) - 1
        is_within = share > 0.0
        is_end = not is_within and at in {0, last}
        here = line[at] + share * (line[min(at + 1, last)] - line[at])
        for end, one in rays:
            way = self._ends[end, one] - here
            if at < last and self._is_along(end, at, one, way):
                goes_on = True
            elif is_end or self._is_along(end, at if is_within else at - 1, one, -way):
                continue  # as the line comes, or to no side, since the line has but one end there
            elif self._leads_left(end, at, one, is_within=is_within):
                n_left += 1
            else:
                n_right += 1
        return _Contact(at, share, n_left, n_right, goes_on, is_end)

    def _is_along(self, end: int, segment: int, one: int, way: Floats) -> bool:
        """Return whether a way to an end of water is a segment's."""
        forth = self._line[segment + 1] - self._line[segment]
        return bool(self._of_ends[end, segment, one] == 0 and forth @ way > 0.0)

    def _leads_left(self, end: int, at: int, one: int, *, is_within: bool) -> bool:
        """Return whether water leads to the left: of both segments at a left turn, else of one."""
        behind = self._of_ends[end, at, one] > 0
        if is_within:
            return bool(behind)
        before = self._of_ends[end, at - 1, one] > 0
        return bool(before and behind) if self._turns[at] > 0 else bool(before or behind)


def _is_crossing(run: list[_Contact]) -> bool:
    """Return whether a line changes sides where it meets water in these points."""
    n_left, n_right = sum(one.n_left for one in run), sum(one.n_right for one in run)
    is_both = n_left > 0 and n_right > 0
    return is_both and bool(n_left % 2 or n_right % 2) and not any(one.is_end for one in run)


def _side(one: Floats, other: Floats, place: Floats) -> Floats:
    """Return a number above 0 for a place to the left of a line, 0 for one on it."""
    way, there = other - one, place - one
    return np.asarray(way[..., 0] * there[..., 1] - way[..., 1] * there[..., 0])


def _is_between(place: Floats, one: Floats, other: Floats) -> NDArray[np.bool_]:
    """Return whether a place on a line is between two others, or is one of them."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    return np.asarray(((low <= place) & (place <= high)).all(axis=-1))


__all__ = ["Crossed", "crossed_by", "first_of_each"]
