"""Placeholder while the fast index is being written: the plain twin under the public name."""
from geo_match.index.plain import PlainIndex as PointIndex

__all__ = ["PointIndex"]
