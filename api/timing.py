"""How long the engine took for a request: told to who asks, and counted for who runs the server.

What the engine does is what the library computes or reads for an answer. Who asks may see it beside
the time on the network, and that of parsing and writing the answer.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import HTTPConnection
    from starlette.types import Scope

_STATE: Final = "engine_s"


@contextmanager
def engine_time(request: HTTPConnection) -> Iterator[None]:
    """Count the time that passes inside as the engine's; several add up.

    The answer tells the sum in `Server-Timing`, as far as it was known before the answer began.

    Parameters
    ----------
    request
        For which it works.
    """
    begun = time.perf_counter()
    try:
        yield
    finally:
        took = time.perf_counter() - begun
        state = request.scope.setdefault("state", {})
        state[_STATE] = state.get(_STATE, 0.0) + took


def engine_s_of(scope: Scope) -> float | None:
    """Return how long the engine took for a request so far, seconds; None if it was not asked."""
    took: float | None = scope.get("state", {}).get(_STATE)
    return took
