"""A process beside this one, in which records are made ready while this one writes others.

A thread could not do it: each transaction would wait for the interpreter, and with it all who wait
for the lock. The process is given one order, answers it, and takes the next; what it has answered
is read whole before it is asked again, so that neither ever waits for the other to read. Nothing
depends on it: where it cannot be started, has ended, or cannot do what it is asked, there is no
answer, and what was asked for is made here. It has nothing of its own on a disk.

It is no child of `multiprocessing`: that would run the program's main module once more, which may
be a script without a guard against it. It is in a session of its own, since a terminal sends its
signals to all processes of one: this process alone decides when it ends, and when this one ends,
however it does, so does that.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from geo_match.store.writing.messages import receive, send

if TYPE_CHECKING:
    from geo_match.store.writing.orders import Order

_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from geo_match.store.writing.aside_loop import main; main(int(sys.argv[1]))"
)


class Aside:
    """A process that makes orders ready, one after the other; a context manager that ends it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._asked: Order | None = None
        self._was_started = False

    def __enter__(self) -> Self:
        """Return this; leaving ends the process."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it is doing."""
        self._end()

    def start(self) -> None:
        """Start the process, if it was not started before; this waits for nothing."""
        if self._was_started or not _has_interpreter():
            return
        self._was_started = True
        arguments = [sys.executable, "-c", _PROGRAM, str(os.getpid()), *sys.path]
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, on our own program
                arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def ask(self, order: Order) -> bool:
        """Ask for an order, once the one before was answered; return whether it was taken."""
        if self._process is None or self._process.stdin is None:
            return False
        try:
            send(self._process.stdin, order.to_bytes())
        except OSError:
            self._end()
            return False
        self._asked = order
        return True

    def answer(self) -> list[bytes] | None:
        """Return the answer to what was asked, a message a transaction; None if there is none.

        Waits until it is there.
        """
        asked, self._asked = self._asked, None
        if asked is None or self._process is None or self._process.stdout is None:
            return None
        try:
            return [receive(self._process.stdout) for _ in asked.sizes]
        except (OSError, EOFError):
            self._end()
            return None

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was not yet sent
                    stream.close()
        process.wait()


def _has_interpreter() -> bool:
    """Return whether there is an interpreter to start: a program may have Python within it."""
    name = Path(sys.executable or "").name.lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)
