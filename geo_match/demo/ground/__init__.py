"""The ground of the demonstration city: the river, density, communities' areas, homes, streets."""

from __future__ import annotations

from geo_match.demo.ground.areas import draw_areas
from geo_match.demo.ground.homes import Homes, draw_homes
from geo_match.demo.ground.land import Land, draw_land
from geo_match.demo.ground.streets import Streets, draw_streets

__all__ = ["Homes", "Land", "Streets", "draw_areas", "draw_homes", "draw_land", "draw_streets"]
