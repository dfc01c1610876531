"""What happened in the demonstration city since 2022: lives, and what was done about them."""

from __future__ import annotations

from geo_match.demo.history.draw import History, draw_history

__all__ = ["History", "draw_history"]
