"""What happened in the demonstration city since 2022: lives, and what was done about them."""

from __future__ import annotations

from geo_match.demo.history.draw import History, draw_history
from geo_match.demo.history.lives import Lives, draw_lives

__all__ = ["History", "Lives", "draw_history", "draw_lives"]
