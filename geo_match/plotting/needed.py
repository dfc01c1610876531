"""matplotlib, which is an extra: there, or an error that says how to get it."""

from __future__ import annotations

from importlib.util import find_spec

from geo_match.errors import GeoMatchError


class NoMatplotlibError(GeoMatchError, ImportError):
    """Something is to be drawn, and matplotlib is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Drawing needs matplotlib, which is not installed. "
            "Install it: pip install geo-match[plot]"
        )


def need_matplotlib() -> None:
    """Do nothing if matplotlib is there.

    Raises
    ------
    NoMatplotlibError
        If it is not.
    """
    if find_spec("matplotlib") is None:
        raise NoMatplotlibError
