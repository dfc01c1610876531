"""How a thread that works for long lets those go first that answer."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Final

NICE: Final = 10
"""As much behind others as `geo-match import` is."""


def give_way() -> None:
    """Let other threads go before this one, for as long as it lives.

    That is so where the system tells threads apart, which is Linux. A thread that is as far behind
    already, as all of a server may be, stays so; and where the system refuses, as a container may,
    it goes on as it was: what it does takes no less long then, and is not left undone for that.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with suppress(OSError):
            behind = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, max(behind, NICE))
