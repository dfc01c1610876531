"""geo_match: who can reach which work within three kilometres, exactly, and who cannot, and why.

Public names are resolved when first used, so that importing the package is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo_match import coverage, walking
    from geo_match.coverage import Coverage, CoverageOptions, CoverageReport
    from geo_match.coverage.gap_areas.gap_areas import gap_areas
    from geo_match.coverage.plan.options import PlanOptions
    from geo_match.coverage.plan.plan import ServicePlan
    from geo_match.coverage.plan.service_plan import service_plan
    from geo_match.coverage.publication.publish import publish
    from geo_match.coverage.what_if.what_if import WhatIf
    from geo_match.datums import from_wgs84, to_wgs84
    from geo_match.errors import GeoMatchError
    from geo_match.geodesy import geodesic_distance
    from geo_match.index import LiveIndex, PointIndex, ZoneIndex
    from geo_match.matching import (
        Around,
        Matcher,
        MatchOptions,
        ReverseMatcher,
        Weights,
        match,
        match_jobs,
    )
    from geo_match.matching.changes import MatchChanges, match_changes
    from geo_match.matching.live import LiveMatcher
    from geo_match.plotting import plot_circle, plot_coverage
    from geo_match.spatial import Pairs, SpatialIndex
    from geo_match.store import Store

__version__ = "0.1.0"

__all__ = [
    "Around",
    "Coverage",
    "CoverageOptions",
    "CoverageReport",
    "GeoMatchError",
    "LiveIndex",
    "LiveMatcher",
    "MatchChanges",
    "MatchOptions",
    "Matcher",
    "Pairs",
    "PlanOptions",
    "PointIndex",
    "ReverseMatcher",
    "ServicePlan",
    "SpatialIndex",
    "Store",
    "Weights",
    "WhatIf",
    "ZoneIndex",
    "coverage",
    "from_wgs84",
    "gap_areas",
    "geodesic_distance",
    "match",
    "match_changes",
    "match_jobs",
    "plot_circle",
    "plot_coverage",
    "publish",
    "service_plan",
    "to_wgs84",
    "walking",
]

_HOME = {
    "Around": "geo_match.matching",
    "Coverage": "geo_match.coverage",
    "CoverageOptions": "geo_match.coverage",
    "CoverageReport": "geo_match.coverage",
    "GeoMatchError": "geo_match.errors",
    "LiveIndex": "geo_match.index",
    "LiveMatcher": "geo_match.matching.live",
    "MatchChanges": "geo_match.matching.changes",
    "MatchOptions": "geo_match.matching",
    "Matcher": "geo_match.matching",
    "Pairs": "geo_match.spatial",
    "PlanOptions": "geo_match.coverage.plan.options",
    "PointIndex": "geo_match.index",
    "ReverseMatcher": "geo_match.matching",
    "ServicePlan": "geo_match.coverage.plan.plan",
    "SpatialIndex": "geo_match.spatial",
    "Store": "geo_match.store",
    "Weights": "geo_match.matching",
    "WhatIf": "geo_match.coverage.what_if.what_if",
    "ZoneIndex": "geo_match.index",
    "coverage": "geo_match.coverage",
    "from_wgs84": "geo_match.datums",
    "gap_areas": "geo_match.coverage.gap_areas.gap_areas",
    "geodesic_distance": "geo_match.geodesy",
    "match": "geo_match.matching",
    "match_changes": "geo_match.matching.changes",
    "match_jobs": "geo_match.matching",
    "plot_circle": "geo_match.plotting",
    "plot_coverage": "geo_match.plotting",
    "publish": "geo_match.coverage.publication.publish",
    "service_plan": "geo_match.coverage.plan.service_plan",
    "to_wgs84": "geo_match.datums",
    "walking": "geo_match.walking",
}


def __getattr__(name: str) -> object:
    """Import a public name from its home when it is first used (PEP 562)."""
    home = _HOME.get(name)
    if home is None:
        message = f"module 'geo_match' has no attribute {name!r}"
        raise AttributeError(message)
    module = import_module(home)
    # A package that is a public name is its own home; `coverage` can be called, too.
    value = module if home == f"{__name__}.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, those not yet imported included, and none of the machinery."""
    return [*__all__, "__version__"]
