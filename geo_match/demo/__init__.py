"""A demonstration city on Bengbu's ground: real outlines and names, invented people.

`facts` holds what is known, with its sources. All else is drawn, and the same seed gives the same
city: `draw_land` the river's width and how densely people live, `draw_areas` the communities'
areas, `draw_homes` where in them people live. Nobody in it exists.
"""

from __future__ import annotations

from geo_match.demo.areas import draw_areas
from geo_match.demo.homes import Homes, draw_homes
from geo_match.demo.land import Land, draw_land

__all__ = ["Homes", "Land", "draw_areas", "draw_homes", "draw_land"]
