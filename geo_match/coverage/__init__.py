"""People and what they can reach: who is served, who is not, and why, community by community.

The package can be called, as `gm.coverage(people, supply, communities)`: the function and the room
it lives in have one name.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from geo_match.coverage.answers.difference import difference
from geo_match.coverage.answers.reasons import REASONS
from geo_match.coverage.answers.report import CoverageReport
from geo_match.coverage.coverage import Coverage
from geo_match.coverage.coverage import coverage as _coverage
from geo_match.coverage.measures.decay import Binary, Exponential, Gaussian, Stepped
from geo_match.coverage.measures.missed import CAUSES
from geo_match.coverage.options import CoverageOptions
from geo_match.coverage.publication.publish import (
    CountTable,
    Published,
    audit,
    count_tables,
    publish,
)

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "CAUSES",
    "REASONS",
    "Binary",
    "CountTable",
    "Coverage",
    "CoverageOptions",
    "CoverageReport",
    "Exponential",
    "Gaussian",
    "Published",
    "Stepped",
    "audit",
    "count_tables",
    "difference",
    "publish",
]


class _Callable(ModuleType):
    """The package as what `geo_match.coverage` names, whether a function or a module is meant."""

    def __call__(
        self,
        people: object,
        supply: object,
        communities: object,
        options: CoverageOptions | None = None,
    ) -> gpd.GeoDataFrame:
        """Return coverage, a row a community: see `geo_match.coverage.coverage.coverage`."""
        return _coverage(people, supply, communities, options)


sys.modules[__name__].__class__ = _Callable
