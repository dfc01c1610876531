"""A process beside this one, in which records are made ready while this one writes others.

A thread could not do it: each transaction would wait for the interpreter, and with it all who wait
for the lock. The process is given one order, answers it, and takes the next; what it has answered
is read whole before it is asked again, so that neither ever waits for the other to read. Nothing
depends on it: where it cannot be started, has ended, hangs, or cannot do what it is asked, there is
no answer, and what was asked for is made here; why is logged, since each import is slower then.
It has nothing of its own on a disk.

It is no child of `multiprocessing`: that would run the program's main module once more, which may
be a script without a guard against it. It is in a session of its own, since a terminal sends its
signals to all processes of one: this process alone decides when it ends, and when this one ends,
however it does, so does that.
"""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from geo_match.store.writing.last_words import LastWords
from geo_match.store.writing.messages import receive, send
from geo_match.store.writing.timed_pipe import TimedPipe

if TYPE_CHECKING:
    from geo_match.store.writing.orders import Order

SILENCE_S: Final = 60.0
"""Seconds for which the process may neither take nor give anything; a block takes it about one."""
_END_S: Final = 2.0
"""Seconds that are waited for its end. One that hangs in its system ends when that lets it."""
_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from geo_match.store.writing.aside_loop import main; main(int(sys.argv[1]))"
)
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Started:
    """A process that was started, and this process's ends of its pipes."""

    process: subprocess.Popen[bytes]
    orders: TimedPipe
    answers: TimedPipe
    words: LastWords


class Aside:
    """A process that makes orders ready, one after the other; a context manager that ends it."""

    def __init__(self) -> None:
        self._started: _Started | None = None
        self._asked: Order | None = None
        self._was_started = False

    def __enter__(self) -> Self:
        """Return this; leaving ends the process."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it is doing."""
        self._end()

    @property
    def number(self) -> int | None:
        """The number of the process, None where there is none."""
        return None if self._started is None else self._started.process.pid

    def start(self) -> None:
        """Start the process, if it was not started before; this waits for nothing."""
        if self._was_started:
            return
        self._was_started = True
        if not _has_interpreter():
            _LOG.debug("No process beside an import: %r is no interpreter.", sys.executable)
            return
        try:
            self._started = _start()
        except OSError as error:
            _warn(f"it cannot be started: {error}")

    def ask(self, order: Order) -> bool:
        """Ask for an order, once the one before was answered; return whether it was taken."""
        if self._started is None:
            return False
        try:
            told = order.to_bytes()
        except Exception as error:  # noqa: BLE001 - what is wrong is told where it is made
            self._end()
            _warn(f"{type(error).__name__} in telling it an order")
            return False
        try:
            send(self._started.orders, told)
        except OSError as error:
            self._fail(error)
            return False
        self._asked = order
        return True

    def answer(self) -> list[bytes] | None:
        """Return the answer to what was asked, a message a transaction; None if there is none.

        Waits until it is there, or the process was silent for `SILENCE_S`.
        """
        asked, self._asked = self._asked, None
        if asked is None or self._started is None:
            return None
        try:
            return [receive(self._started.answers) for _ in asked.sizes]
        except (OSError, EOFError) as error:
            self._fail(error)
            return None

    def _fail(self, error: Exception) -> None:
        """End the process, which is of no use, and tell why."""
        if self._started is None:
            return
        process, words = self._started.process, self._started.words
        if isinstance(error, TimeoutError):
            why = f"it did nothing for {SILENCE_S:g} s"
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_END_S)  # else it were our signal that ended it
            status = process.returncode
            why = "it gave no answer" if status is None else f"it ended with status {status}"
        self._end()
        said = words.line(_END_S)
        _warn(f"{why}; its last words: {said}" if said else why)

    def _end(self) -> None:
        started, self._started = self._started, None
        if started is None:
            return
        started.process.kill()
        started.orders.close()
        started.answers.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            started.process.wait(_END_S)


def _start() -> _Started:
    """Start the process.

    Raises
    ------
    OSError
        If it cannot be started.
    """
    arguments = [sys.executable, "-c", _PROGRAM, str(os.getpid()), *sys.path]
    process = subprocess.Popen(  # noqa: S603 - this interpreter, on our own program
        arguments,
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise OSError("no pipes")  # never: they were asked for
    orders, answers = (
        TimedPipe(pipe, silence_s=lambda: SILENCE_S, end=process.kill)
        for pipe in (process.stdin, process.stdout)
    )
    return _Started(process, orders, answers, LastWords(process.stderr))


def _warn(why: str) -> None:
    """Log why an import does without the process, and is slower."""
    _LOG.warning("An import goes on without a process beside it, more slowly: %s.", why)


def _has_interpreter() -> bool:
    """Return whether there is an interpreter to start: a program may have Python within it."""
    name = Path(sys.executable or "").name.lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)
