"""Names of places as a gazetteer compares them, and the bounds of its entries."""

from __future__ import annotations

from typing import Final

LEAST_CHARACTERS: Final = 2
"""One character, such as 东, stands in half of all addresses and means none of them."""
MOST_ACCURACY_M: Final = 200_000.0

NAME_RULE: Final = f"have at least {LEAST_CHARACTERS} characters"
ACCURACY_RULE: Final = f"be within 0 and {MOST_ACCURACY_M:,.0f} metres"
