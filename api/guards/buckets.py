"""Who may make how many requests: told alike by all workers of a server, in a file of its own.

Each name has one number: the moment at which its bucket is full again (the generic cell rate
algorithm, ITU-T I.371). A request moves it on by its price; one that would move it further ahead
than a full bucket lasts is refused.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import struct
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

_HAS_LOCKS: Final = sys.platform != "win32"
if _HAS_LOCKS:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable

_SALT_BYTES: Final = 16
_HEAD: Final = 4_096
_SLOT: Final = struct.Struct("<8sd")  # whose, and the moment
_SLOTS: Final = 8  # in a row, of which any may be a name's
_ROWS: Final = 8_192
_ROW_BYTES: Final = _SLOT.size * _SLOTS
_TRIES: Final = 200
_TOLERANCE_S: Final = 1e-9  # a moment on the clock of weeks ago is this exact


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking from a bucket.

    Parameters
    ----------
    is_allowed
        Whether there was enough in it.
    left
        How many requests are left in it.
    full_in_s
        Seconds after which it is full.
    enough_in_s
        Seconds after which there is enough in it; 0 if there was.
    """

    is_allowed: bool
    left: int
    full_in_s: float
    enough_in_s: float


class Buckets:
    """The buckets of all who ask, in a file that all workers map.

    There are 65,536 places, and each name can stand in eight of them. If these are all in use the
    one that would be full first is given up: who stood there has a full bucket, so at most a burst
    more than is their due. A name is kept as 64 bits of a keyed hash; that two share a place by
    chance has for a million names a likelihood of 3e-8.

    A worker that is killed while it writes spoils no more than one bucket. The lock is of the
    system, which opens it then; nobody waits for it longer than a moment, but goes on without: of
    two who take at the same moment then one may go uncounted.

    Parameters
    ----------
    path
        Of the file; who comes first makes it.
    per_s
        How many requests a second fill a bucket.
    burst
        How many a full one has.
    clock
        Gives seconds that all processes of the machine agree about.
    """

    def __init__(
        self,
        path: Path,
        *,
        per_s: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.per_s = per_s
        self.burst = burst
        self._each_s = 1 / per_s
        self._full_s = burst / per_s
        self._clock = clock
        _make(path)
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._map = mmap.mmap(self._file, _HEAD + _ROWS * _ROW_BYTES)
        self._salt = bytes(self._map[:_SALT_BYTES])

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()
        os.close(self._file)

    def take(self, name: bytes, *, cost: int = 1, by_force: bool = False) -> Taken:
        """Take from the bucket of a name, if there is enough in it.

        Parameters
        ----------
        name
            Whose.
        cost
            How many requests; more than a full bucket has count as a full one.
        by_force
            Whether to take also what is not there: of who was let in by another name.
        """
        digest = hashlib.blake2b(name, digest_size=8, key=self._salt).digest()
        row = _HEAD + int.from_bytes(digest[:4], "little") % _ROWS * _ROW_BYTES
        is_locked = self._lock(row)
        try:
            now = self._clock()
            where, full_at = self._find(row, digest)
            before = max(full_at, now)
            after = before + min(cost, self.burst) * self._each_s
            over_s = after - now - self._full_s
            is_allowed = over_s <= _TOLERANCE_S
            if is_allowed or by_force:
                _SLOT.pack_into(self._map, where, digest, after)
            else:
                after = before
        finally:
            if is_locked:
                fcntl.lockf(self._file, fcntl.LOCK_UN, _ROW_BYTES, row)
        left = int((self._full_s - (after - now)) * self.per_s + _TOLERANCE_S * self.per_s)
        return Taken(is_allowed, max(left, 0), after - now, 0.0 if is_allowed else over_s)

    def _find(self, row: int, digest: bytes) -> tuple[int, float]:
        """Return where a name stands in its row, or may stand, and when its bucket is full.

        A new one takes the place where nobody stands, or of whoever's bucket is full first.
        """
        free, first = row, float("inf")
        for n, (whose, full_at) in enumerate(_SLOT.iter_unpack(self._map[row : row + _ROW_BYTES])):
            where = row + n * _SLOT.size
            if whose == digest:
                return where, full_at
            if full_at < first:
                free, first = where, full_at
        return free, 0.0

    def _lock(self, row: int) -> bool:
        """Hold a row against other workers; in this one, the loop alone takes from buckets.

        Returns
        -------
        bool
            Whether it is held: not if who holds it was stopped, or the system has no such locks.
        """
        for _ in range(_TRIES if _HAS_LOCKS else 0):
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, _ROW_BYTES, row)
            except OSError:
                continue
            return True
        return False


def _make(path: Path) -> None:
    """Make the file if there is none: whole, so that nobody sees a part of it."""
    if path.exists():
        return
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with new.open("xb") as file:
        file.write(os.urandom(_SALT_BYTES))
        file.truncate(_HEAD + _ROWS * _ROW_BYTES)
    with suppress(FileExistsError):  # another worker was first
        os.link(new, path)
    new.unlink()
