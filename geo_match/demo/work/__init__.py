"""The work of the demonstration city: employers, sites, jobs, stations and operators."""

from __future__ import annotations

from geo_match.demo.work.draw import Work, draw_work

__all__ = ["Work", "draw_work"]
