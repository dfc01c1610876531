"""The rows that a report is told by: whom each holds, what it is called, where it lies."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geo_match.coverage.given.communities import Communities

    Objects = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a report, r of them, of n people.

    Parameters
    ----------
    of
        int64, (n,): the row of each person.
    kind, code, name
        Objects of str, (r,); code and name may be None.
    area
        Polygons in degrees, (r,); None where there is none.
    more
        For each column by which the rows are parted its value in each row, (r,).
    """

    of: NDArray[np.int64]
    kind: Objects
    code: Objects
    name: Objects
    area: Objects
    more: Mapping[str, Objects] = field(default_factory=dict)

    def parted(
        self, column: str, group: NDArray[np.int64], labels: Sequence[str | None], *, most: int
    ) -> Rows:
        """Return the rows parted by a column of the people, each by all of its values.

        Parameters
        ----------
        column
            Its name.
        group
            int64, (n,): the place of each person's value in `labels`.
        labels
            The different values.
        most
            How many rows there may be.

        Raises
        ------
        ArgumentError
            If there would be more.
        """
        times, n = len(labels), len(self.kind)
        if times * n > most:
            remedy = "Make classes of the column, or ask by a higher level."
            raise ArgumentError("more", f"make at most {most:,} rows", f"{times * n:,}", remedy)
        more = {name: np.repeat(values, times) for name, values in self.more.items()}
        more[column] = np.tile(np.array(labels, dtype=object), n)
        return replace(
            self,
            of=self.of * times + group,
            kind=np.repeat(self.kind, times),
            code=np.repeat(self.code, times),
            name=np.repeat(self.name, times),
            area=np.repeat(self.area, times),
            more=more,
        )


def level_rows(level: str, communities: Communities, of: NDArray[np.int64]) -> Rows:
    """Return a row for each community, or each of a level above, and the last for outside.

    Parameters
    ----------
    level
        "community", "street", "district" or "city".
    of
        int64, (n,): the position of each person's community; −1 outside.

    Returns
    -------
    Rows
        In order of the codes. A street, district or city has the name that the communities' frame
        states for its code; None where it states none.

    Raises
    ------
    ArgumentError
        If a community has no such level, or the frame states several names for one code.
    """
    if level == "community":
        codes, names, shapes = communities.codes, communities.names, communities.areas
        place = np.arange(len(communities))
    else:
        each = communities.level(level)
        found, place = np.unique(each.astype(str), return_inverse=True)
        codes = found.astype(object)
        called = communities.level_names(level)
        names = np.array([called.get(code) for code in found.tolist()], dtype=object)
        shapes = np.full(len(codes), None, dtype=object)
        for at in range(len(codes)):
            parts = communities.areas[(place == at) & communities.has_area]
            if len(parts):
                shapes[at] = shapely.union_all(parts)
    row = np.append(place, len(codes))  # the last one is that of −1, outside
    return Rows(
        of=row[of].astype(np.int64),
        kind=with_last(np.full(len(codes), level, dtype=object), "outside"),
        code=with_last(codes, None),
        name=with_last(names, None),
        area=with_last(shapes, None),
    )


def with_last(objects: Objects, last: str | None) -> Objects:
    """Return objects, (n,), and one more behind them."""
    return np.append(objects, np.array([last], dtype=object))


def people_rows(group: NDArray[np.int64], labels: Sequence[str | None]) -> Rows:
    """Return a row for each value of a column of the people.

    Parameters
    ----------
    group
        int64, (n,): the place of each person's value in `labels`.
    labels
        The different values; None for a missing one.
    """
    n = len(labels)
    nothing = np.full(n, None, dtype=object)
    return Rows(
        of=group,
        kind=np.full(n, "group", dtype=object),
        code=np.array(labels, dtype=object),
        name=nothing,
        area=nothing,
    )
