"""What the process beside an import does: it makes ready what it is asked for.

It goes on until nobody asks it any more, and never outlives who asked.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo_match.store.writing.messages import receive, send
from geo_match.store.writing.orders import Order

if TYPE_CHECKING:
    from geo_match.store.writing.messages import Readable, Writable

_LOOK_S: Final = 1.0
_AUTOGROUP: Final = Path("/proc/self/autogroup")


def main(parent: int) -> None:
    """Answer the orders that come through standard input, on standard output.

    Parameters
    ----------
    parent
        Number of the process that asks.
    """
    gc.disable()  # what is made here has no cycles
    _give_way_as_a_session()
    threading.Thread(target=_outlive_nobody, args=(parent,), daemon=True).start()
    try:
        answer_all(sys.stdin.buffer, sys.stdout.buffer)
    except Exception as error:  # noqa: BLE001 - who asked makes it, and tells what is wrong
        # Its kind alone: its text may have something of a person, and goes where logs are kept.
        sys.exit(f"{type(error).__name__} in making an order ready")


def answer_all(orders: Readable, answers: Writable) -> None:
    """Answer orders with a message for each of their transactions, until either pipe ends.

    An order that cannot be made ready ends it, too, with its error.
    """
    while True:
        try:
            order = Order.of_bytes(receive(orders))
            for made in [one.to_bytes() for one in order.made()]:
                send(answers, made)
        except (EOFError, OSError):
            return


def _give_way_as_a_session(of: Path = _AUTOGROUP) -> None:
    """Let the priority of this process count beside those of other sessions, too.

    Where Linux shares the processor by sessions first, one of its own has as much as all of
    another's, however low the priority in it is.
    """
    if sys.platform != "linux" or (nice := os.getpriority(os.PRIO_PROCESS, 0)) <= 0:
        return
    with suppress(OSError):  # it is not shared so, or asked for too often: it goes on as it is
        of.write_text(str(nice))


def _outlive_nobody(parent: int) -> None:
    """End this process once the one that asks is gone.

    The end of the pipe tells it too, but not where a copy of that process holds the pipe open.
    """
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(0)
