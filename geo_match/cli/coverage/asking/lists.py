"""The lists that are asked of, and the datums of those that do not say theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SHAPES: Final = (".geojson", ".json", ".gpkg")
_PARQUET: Final = (".parquet", ".geoparquet")


@dataclass(frozen=True, slots=True)
class AList:
    """A list, and the datum of rows that do not say theirs.

    Parameters
    ----------
    own
        What is given for this list alone: it overrules a CRS on WGS 84 or CGCS2000, since what
        comes from a map in GCJ-02 often says so. None if nothing is.
    otherwise
        What is given for all lists. It yields to a CRS: the areas of a city are in WGS-84 beside
        an office's rows in GCJ-02. None if nothing is.
    option
        By which `own` is given, such as --add-datum; named where no datum is. Empty for none.
    """

    path: Path
    own: str | None
    otherwise: str | None = None
    option: str = ""

    @property
    def datum(self) -> str | None:
        """The datum to read it in; None where each row, or the CRS, says it."""
        if self.own is not None or self.otherwise is None:
            return self.own
        return None if _states_crs(self.path) else self.otherwise

    @property
    def unheard(self) -> str | None:
        """What is given for all lists, where this one's CRS says another datum; else None."""
        is_heard = self.datum is not None or self.otherwise in {None, "wgs84", "cgcs2000"}
        return None if is_heard else self.otherwise


@dataclass(frozen=True, slots=True)
class Lists:
    """The files that are read.

    Parameters
    ----------
    people, supply, communities
        Whose coverage of what is told by which.
    employers
        Of the jobs; None if these say themselves who is verified.
    planned
        By their kind, or as "members", what else a service plan is made of.
    """

    people: AList
    supply: AList
    communities: AList
    employers: AList | None = None
    planned: Mapping[str, AList] = field(default_factory=dict)

    @property
    def paths(self) -> list[Path]:
        """All of them."""
        lists = (self.people, self.supply, self.communities, self.employers)
        return [one.path for one in (*lists, *self.planned.values()) if one is not None]


@cache
def _states_crs(path: Path) -> bool:
    """Return whether a file has shapes, which say their CRS; one that cannot be read has none."""
    suffix = path.suffix.lower()
    if suffix not in _PARQUET:
        return suffix in _SHAPES
    try:
        return b"geo" in (pq.read_schema(path).metadata or {})
    except (OSError, pa.ArrowInvalid):  # told where it is read
        return False
