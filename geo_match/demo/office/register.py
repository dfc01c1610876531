"""The communities as lists refer to them: names, codes of today and of 2022, areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo_match.demo import facts
from geo_match.demo.office._text import pick
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.demo.office.draft import Draft

CODE, NAME = "社区代码", "社区名称"


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """The communities.

    Parameters
    ----------
    areas
        What `draw_areas` drew, or some of its rows.
    old_code
        The code of 2022 where it was another, else empty, shape (n,).
    polygon
        The areas, prepared, shape (n,).
    inside
        A place in each, WGS-84, shape (n, 2).
    """

    areas: gpd.GeoDataFrame
    old_code: NDArray[np.object_]
    polygon: NDArray[np.object_]
    inside: NDArray[np.float64]

    @classmethod
    def of(cls, areas: gpd.GeoDataFrame) -> Register:
        """Return the register of drawn areas."""
        renumbered = facts.renumbered().set_index("new_code")["old_code"]
        old = renumbered.reindex(areas["code"]).fillna("").to_numpy(dtype=object)
        polygon = areas.geometry.to_numpy().copy()
        shapely.prepare(polygon)
        return cls(areas, old, polygon, shapely.get_coordinates(shapely.point_on_surface(polygon)))

    def rows_of(self, community: pd.Series) -> NDArray[np.int64]:
        """Return each code's row.

        Raises
        ------
        ArgumentError
            If a code is not here.
        """
        named = community.astype("category").cat
        rows = self.areas.set_index("code").index.get_indexer(named.categories)
        rows = np.asarray(rows[named.codes.to_numpy()], dtype=np.int64)
        if (rows < 0).any():
            raise ArgumentError(
                "areas",
                "hold the community of everybody and everything",
                f"none with the code {community[rows < 0].iloc[0]}",
            )
        return rows


def put_communities(draft: Draft, register: Register, row: NDArray[np.int64]) -> None:
    """Add the columns of codes and names, by each row's community."""
    draft.put(CODE, pick(register.areas["code"].tolist(), row))
    draft.put(NAME, pick(register.areas["name"].tolist(), row))


def spoil_codes(draft: Draft, register: Register, row: NDArray[np.int64]) -> None:
    """Write codes that are no more, and codes that never were.

    Parameters
    ----------
    draft
        The list, with the columns of `put_communities`.
    register
        The communities.
    row
        Each row's community, shape (n,).
    """
    old = register.old_code[row]
    rows = draft.choose("renumbered_code", CODE, among=old != "")
    draft.spoil("renumbered_code", rows, {CODE: old[rows]})
    # The code of the street with no community's number, or with one that no street has reached.
    street = register.areas["street_code"].to_numpy(dtype=object)[row]
    rows = draft.choose("unknown_code", CODE)
    end = np.where(draft.marks("no community")[rows] < 0.5, "000", "999")  # noqa: PLR2004 - half
    draft.spoil("unknown_code", rows, {CODE: street[rows] + end.astype(object)})
