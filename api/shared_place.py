"""The server's own place on this machine: a directory that all its workers share while it runs.

What they keep there is lost when the server ends, and is meant to be: figures, limits, locks.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import weakref
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

_PATH: Final = "_GEO_MATCH_PLACE"  # between a supervisor and its workers; no setting
_WORKER: Final = "_GEO_MATCH_WORKER"
_METRICS: Final = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client's own
_STAFF: Final = "staff.json"


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
        self._removal = weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)
        if not is_own:
            self._removal.detach()

    @classmethod
    def make(cls) -> Self:
        """Make a new one; `close` removes it.

        Raises
        ------
        OSError
            If no directory can be made for temporary files.
        """
        made = cls(Path(tempfile.mkdtemp(prefix="geo_match-")), worker=1, is_own=True)
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

    def close(self) -> None:
        """Remove the directory with all that is in it, if this made it."""
        self._removal()

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
