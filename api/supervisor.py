"""Several workers over one listening socket: started one after another, and again if one dies.

Each is a process of its own with an index of its own, in step with the store. The first is started
alone: what is wrong with the settings, the store or the port, it says once, and the others would
say it again.
"""

from __future__ import annotations

import errno
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from prometheus_client.multiprocess import mark_process_dead

from api.shared_place import SharedPlace, Staff
from api.terminal import say

if TYPE_CHECKING:
    from types import FrameType, TracebackType

_PORT_IN_USE: Final = 98  # as `api.worker` has it, whose imports take seconds
_LONGEST_WAIT_S: Final = 30.0
_SOUND_S: Final = 60.0  # who lived so long did not die of its start
_LEEWAY_S: Final = 3.0  # a worker cuts off what is under way before it is cut off itself
_KILLED: Final = 128
_CUT_OFF: Final = "Stopped; what was not done is cut off."
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM)


class _Signals:
    """Signals that this process was sent, to be waited for together with other things."""

    def __init__(self) -> None:
        self._reading, self._writing = socket.socketpair()
        self._came: list[int] = []

    def __enter__(self) -> Self:
        for end in (self._reading, self._writing):
            end.settimeout(0)
        self._before = {one: signal.signal(one, self._note) for one in (*_STOPPING, signal.SIGCHLD)}
        self._wakeup = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.set_wakeup_fd(self._wakeup)
        for one, handler in self._before.items():
            signal.signal(one, handler)
        self._reading.close()
        self._writing.close()

    def fileno(self) -> int:
        """Return what becomes readable once a signal came."""
        return self._reading.fileno()

    def _note(self, sent: int, _: FrameType | None) -> None:
        if sent in _STOPPING:
            self._came.append(sent)

    def take(self) -> list[int]:
        """Return those that asked for an end since the last time."""
        try:
            while self._reading.recv(4_096):
                pass
        except BlockingIOError:
            pass
        came, self._came = self._came, []
        return came


@dataclass(slots=True)
class _Worker:
    """A process that was started.

    Parameters
    ----------
    process, line
        It, and what it is heard on.
    begun
        When, by the monotonic clock, seconds.
    is_ready
        Whether it has said that it answers.
    """

    process: subprocess.Popen[bytes]
    line: socket.socket
    begun: float
    is_ready: bool = False


class _Supervisor:
    """The workers of one server.

    Parameters
    ----------
    listener
        What they all listen on; it is closed once they are told to stop.
    wanted
        How many.
    stop_s
        How long they have to finish what is under way, seconds.
    place
        What they share.
    signals
        By which it is told to stop.
    """

    def __init__(
        self,
        listener: socket.socket,
        wanted: int,
        stop_s: float,
        place: SharedPlace,
        signals: _Signals,
    ) -> None:
        self._listener, self._place, self._signals = listener, place, signals
        self._stop_s, self._staff = stop_s, Staff(wanted=wanted, alive=0, restarts=0)
        self._workers: dict[int, _Worker] = {}
        self._due: dict[int, float] = {}  # who is to be started when, by the monotonic clock
        self._short_lives: dict[int, int] = {}  # how many in a row
        self._selector = selectors.DefaultSelector()
        self._selector.register(signals, selectors.EVENT_READ)
        self._stopped_by: int | None = None
        self._until = float("inf")
        self._has_answered = self._has_said_all = self._is_cut_off = False

    def run(self) -> None:
        """Keep them at work until all have stopped.

        Raises
        ------
        SystemExit
            If the first cannot start, or what was under way was cut off.
        OSError
            If somebody else listens on the port.
        KeyboardInterrupt
            If Ctrl-C comes before the first answers.
        """
        try:
            self._start(1)
            while self._workers or (self._due and self._stopped_by is None):
                self._wait()
                for sent in self._signals.take():
                    self._stop(sent)
                self._bury()
                self._start_who_is_due()
                self._cut_off_who_is_late()
        finally:
            self._kill()
            self._selector.close()
        if self._stopped_by == signal.SIGINT and not self._has_answered:
            raise KeyboardInterrupt
        if self._is_cut_off:
            say(_CUT_OFF)
            raise SystemExit(1)
        say("Stopped.")

    def _start(self, number: int) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            how = "quietly" if self._has_answered else "aloud"
            fds = (self._listener.fileno(), theirs.fileno())
            # A group of its own: Ctrl-C at a terminal is for the supervisor, who tells the workers.
            process = subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-m", "api.worker", *map(str, fds), how],
                env={**os.environ, **self._place.told(number)},
                pass_fds=fds,
                process_group=0,
            )
        self._workers[number] = _Worker(process, ours, time.monotonic())
        self._selector.register(ours, selectors.EVENT_READ, number)

    def _wait(self) -> None:
        """Wait until something happens, and hear who answers now."""
        due = min([self._until, *self._due.values()])
        wait_s = None if due == float("inf") else max(0.0, due - time.monotonic())
        for key, _ in self._selector.select(wait_s):
            if key.data is None:
                continue
            worker = self._workers[key.data]
            if worker.line.recv(1):
                worker.is_ready = True
            else:
                self._selector.unregister(worker.line)
        self._tell()
        if not self._has_answered and self._staff.alive:
            self._has_answered = True
            self._due = dict.fromkeys(range(2, self._staff.wanted + 1), 0.0)
        if not self._has_said_all and self._staff.alive == self._staff.wanted:
            self._has_said_all = True
            say(f"{self._staff.wanted} workers answer.")

    def _bury(self) -> None:
        """See who has died; who is to take the place is started later."""
        for number, worker in list(self._workers.items()):
            status = worker.process.poll()
            if status is None:
                continue
            del self._workers[number]
            if worker.line in self._selector.get_map():
                self._selector.unregister(worker.line)
            worker.line.close()
            mark_process_dead(  # type: ignore[no-untyped-call] # the package has no types there
                number, str(self._place.metrics)
            )
            if self._stopped_by is not None:
                self._is_cut_off |= status not in {0, -signal.SIGTERM}
                continue
            if not self._has_answered:
                raise _failed(status)
            lived = time.monotonic() - worker.begun
            lives = 0 if lived > _SOUND_S else self._short_lives.get(number, 0) + 1
            self._short_lives[number] = lives
            wait_s = _wait_s(lives)
            self._due[number] = time.monotonic() + wait_s
            self._staff = self._staff.with_restart()
            when = f" in {wait_s:g} s" if wait_s else ""
            say(
                f"Worker {number} (process {worker.process.pid}) {_how(status)}; another one takes "
                f"its place{when}."
            )
        self._tell()

    def _start_who_is_due(self) -> None:
        if self._stopped_by is not None:
            return
        now = time.monotonic()
        for number in [number for number, due in self._due.items() if due <= now]:
            del self._due[number]
            self._start(number)

    def _stop(self, sent: int) -> None:
        """Tell all to stop; at the second time, end them."""
        if self._stopped_by is not None:
            self._kill()
            say("Stopped at once.")
            raise SystemExit(_KILLED + sent)
        self._stopped_by = sent
        self._until = time.monotonic() + self._stop_s + _LEEWAY_S
        self._listener.close()
        for worker in self._workers.values():
            worker.process.terminate()

    def _cut_off_who_is_late(self) -> None:
        if self._workers and time.monotonic() >= self._until:
            self._kill()
            say(_CUT_OFF)
            raise SystemExit(1)

    def _kill(self) -> None:
        for worker in self._workers.values():
            worker.process.kill()
            worker.process.wait()
            worker.line.close()
        self._workers.clear()

    def _tell(self) -> None:
        """Let the workers know how many they are."""
        alive = sum(worker.is_ready for worker in self._workers.values())
        self._staff = self._staff.with_alive(alive)
        self._place.tell(self._staff)


def _failed(status: int) -> OSError | SystemExit:
    """Return what to raise of a first worker that could not start, and has said why."""
    if status == _PORT_IN_USE:
        return OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    return SystemExit(status if status > 0 else _KILLED - status)


def _wait_s(short_lives: int) -> float:
    """Return how long to wait after so many in a row that died soon after their start."""
    return min(2.0 ** (short_lives - 2), _LONGEST_WAIT_S) if short_lives > 1 else 0.0


def _how(status: int) -> str:
    return f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"


def supervise(listener: socket.socket, *, workers: int, stop_s: float) -> None:
    """Serve what the environment sets until stopped, with several processes.

    The first signal lets them finish what is under way, within `stop_s` seconds; the second ends
    them at once.

    Parameters
    ----------
    listener
        Bound to the port already; it is closed.
    workers
        How many.
    stop_s
        Seconds.

    Raises
    ------
    SystemExit
        If a setting is faulty, the store or the file of sites cannot be used, or what was under way
        was cut off.
    OSError
        If somebody else listens on the port, or there is no room for temporary files.
    KeyboardInterrupt
        If Ctrl-C comes before a worker listens.
    """
    with SharedPlace.make() as place, _Signals() as signals:
        _Supervisor(listener, workers, stop_s, place, signals).run()
