"""How a long command lets others go first: `giving_way`."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_NICE: Final = 10
"""Whoever is served from the same machine has nine times as much of a busy processor."""


@contextmanager
def giving_way() -> Iterator[None]:
    """Run the block, and the processes that it starts, after all that others wait for.

    On a machine with nothing else to do it takes as long as before. Where only an administrator may
    raise a priority, that of the process stays low: it is a command, which ends. Where the system
    refuses to lower it, as a container may, the block runs as it is.
    """
    if sys.platform == "win32":
        yield
        return
    before = os.getpriority(os.PRIO_PROCESS, 0)
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, max(before, _NICE))
    try:
        yield
    finally:
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, before)
