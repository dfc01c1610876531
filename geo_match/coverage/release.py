"""Whether figures may go out: the word that stands in each table and goes into every file."""

from __future__ import annotations

from typing import Final

RELEASE: Final = "release"
"""The column that says what a table is: `INTERNAL` or `PUBLISHED`."""
INTERNAL: Final = "internal"
PUBLISHED: Final = "published"
