"""Where a record is: found from its address or community, and doubted where it cannot be true."""

from __future__ import annotations

from geo_match.intake.locating.communities import CommunitySuspicions, suspect_communities
from geo_match.intake.locating.gazetteer import Gazetteer
from geo_match.intake.locating.geocoder import Geocoder, Located
from geo_match.intake.locating.locate import locate, locate_with_notes
from geo_match.intake.locating.shift import Shift
from geo_match.intake.locating.sites import Sites
from geo_match.intake.locating.suspicions import Suspicions, suspect

__all__ = [
    "CommunitySuspicions",
    "Gazetteer",
    "Geocoder",
    "Located",
    "Shift",
    "Sites",
    "Suspicions",
    "locate",
    "locate_with_notes",
    "suspect",
    "suspect_communities",
]
