"""Circles on the ellipsoid: which points lie within a radius of which places."""

from geo_match.index.point_index import PointIndex

__all__ = ["PointIndex"]
