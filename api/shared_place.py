"""The server's own place on this machine: a directory that all its workers share while it runs.

What they keep there is lost when the server ends, and is meant to be: figures, limits, locks.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import stat
import tempfile
import weakref
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_PATH: Final = "_GEO_MATCH_PLACE"  # between a supervisor and its workers; no setting
_WORKER: Final = "_GEO_MATCH_WORKER"
_METRICS: Final = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client's own
_STAFF: Final = "staff.json"
_PREFIX: Final = "geo_match-"
_LOCK: Final = "lock"
"""A file of a place that all who use it hold as long as they live, however they end."""


@dataclass(frozen=True, slots=True)
class Staff:
    """The workers of a server.

    Parameters
    ----------
    wanted, alive
        How many there are to be, and how many answer.
    restarts
        How many took the place of one that died.
    """

    wanted: int
    alive: int
    restarts: int

    def with_alive(self, alive: int) -> Staff:
        """Return the same with so many that answer."""
        return replace(self, alive=alive)

    def with_restart(self) -> Staff:
        """Return the same with one more that took another's place."""
        return replace(self, restarts=self.restarts + 1)


class SharedPlace:
    """A directory that nobody else on the machine may read, and which worker of it this one is.

    Parameters
    ----------
    path
        Of the directory.
    worker
        Number of this worker, from 1. One that replaces a dead one has its number.
    is_own
        Whether `close` removes it: whoever made it does.
    """

    def __init__(self, path: Path, *, worker: int, is_own: bool) -> None:
        self.path = path
        self.worker = worker
        self._is_own = is_own
        # Also where nobody calls `close`: at the end of the process.
        self._end = weakref.finalize(self, _end, path if is_own else None, _held(path / _LOCK))

    @classmethod
    def make(cls) -> Self:
        """Make a new one; `close` removes it. Those of servers that were killed are removed.

        Raises
        ------
        OSError
            If no directory can be made for temporary files.
        """
        _remove_left()
        path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        new = path / f"{_LOCK}.new"
        new.touch()
        held = _held(new)
        new.rename(path / _LOCK)  # so that nobody finds it free
        made = cls(path, worker=1, is_own=True)
        _end(None, held)
        made.metrics.mkdir()
        made.tell(Staff(wanted=1, alive=1, restarts=0))
        return made

    @classmethod
    def open(cls) -> Self:
        """Open the one that the supervisor told of; make one where there is no supervisor."""
        path = os.environ.get(_PATH)
        if path is None:
            return cls.make()
        return cls(Path(path), worker=int(os.environ[_WORKER]), is_own=False)

    @property
    def is_shared(self) -> bool:
        """Whether there is a supervisor, and so may be other workers."""
        return not self._is_own

    @property
    def metrics(self) -> Path:
        """The directory of the workers' figures."""
        return self.path / "metrics"

    @property
    def staff(self) -> Staff:
        """How many workers there are, as the supervisor told last."""
        return Staff(**json.loads((self.path / _STAFF).read_text(encoding="ascii")))

    def told(self, worker: int) -> dict[str, str]:
        """Return the environment that tells a worker of it."""
        return {_PATH: str(self.path), _WORKER: str(worker), _METRICS: str(self.metrics)}

    def tell(self, staff: Staff) -> None:
        """Let all workers know how many they are."""
        new = self.path / f"{_STAFF}.new"
        new.write_text(json.dumps(asdict(staff)), encoding="ascii")
        new.replace(self.path / _STAFF)

    @contextmanager
    def lease(self, name: str) -> Iterator[bool]:
        """Give whether what has a name is this block's alone, of all threads of all workers.

        It is free again when the block ends, and when the process does, killed or not.
        """
        path = self.path / f"lease-{hashlib.blake2b(name.encode(), digest_size=16).hexdigest()}"
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                is_free = False
            else:
                is_free = os.fstat(file).st_nlink > 0  # else another's block has just ended
            try:
                yield is_free
            finally:
                if is_free:
                    path.unlink(missing_ok=True)
        finally:
            os.close(file)

    def close(self) -> None:
        """Remove the directory with all that is in it, if this made it."""
        self._end()

    def remove(self) -> None:
        """Remove the directory with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _held(lock: Path) -> int | None:
    """Hold a file of a place beside others; return its descriptor, None if there is none."""
    try:
        file = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return None
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def _end(path: Path | None, held: int | None) -> None:
    """Remove a place, if there is a path, and let go of it."""
    if path is not None:
        shutil.rmtree(path, ignore_errors=True)
    if held is not None:
        os.close(held)


def _remove_left() -> None:
    """Remove the places of this user that nobody holds: a server that was killed left its lists."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another may be about it, too
            about = path.lstat()
            if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
                continue
            file = os.open(path / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(file)
