"""The first two digits of a division's code, GB/T 2260."""

from __future__ import annotations

from typing import Final

_SECONDS: Final = {
    "1": "12345",
    "2": "123",
    "3": "1234567",
    "4": "123456",
    "5": "01234",
    "6": "12345",
}
PROVINCES: Final = frozenset(
    [first + second for first, seconds in _SECONDS.items() for second in seconds]
    + ["71", "81", "82"]
)
"""The 34 provinces, regions and municipalities: 71 Taiwan, 81 Hong Kong, 82 Macau."""
