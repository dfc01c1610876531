"""The people of the demonstration city: households, their members, and who seeks a job."""

from __future__ import annotations

from geo_match.demo.people.draw import People, draw_people

__all__ = ["People", "draw_people"]
