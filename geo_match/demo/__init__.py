"""A demonstration city on Bengbu's ground: real outlines and names, invented people and work.

`facts` holds what is known, with its sources. All else is drawn, and the same seed gives the same
city: `ground` (river, density, areas, homes, streets), `people` (households, members, seekers).
Nobody in it exists, and no employer, job, address or number in it is real.
"""

from __future__ import annotations

from geo_match.demo.ground import Homes, Land, draw_areas, draw_homes, draw_land

__all__ = ["Homes", "Land", "draw_areas", "draw_homes", "draw_land"]
