"""Polygons of inhabited places beyond the radius of everything: drawing aids, not counts."""
