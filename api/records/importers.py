"""Where lists are imported: few threads, so that others go on to be answered, and a folder."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

from fastapi import Depends, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.shared_place import SharedPlace

_AT_ONCE: Final = 2
_Answer = TypeVar("_Answer")


class Importers:
    """Runs imports, two at a time; more wait for their turn. Others write between their blocks.

    Parameters
    ----------
    place
        Of the server: lists lie there while they are taken in.
    """

    def __init__(self, place: SharedPlace) -> None:
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="geo-match-import")
        self._folder, self._prefix = place.path, f"import-{place.worker}-"
        for left in place.path.glob(f"{self._prefix}*"):  # by a worker of this number that died
            shutil.rmtree(left, ignore_errors=True)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Give a folder for a list, which nobody else may enter; it vanishes with the block."""
        with tempfile.TemporaryDirectory(prefix=self._prefix, dir=self._folder) as folder:
            yield Path(folder)

    async def run(self, work: Callable[[], _Answer]) -> _Answer:
        """Return what an import gives; one that was begun goes on if nobody waits for it."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def close(self) -> None:
        """Wait for what was begun; what waits is not begun any more."""
        self._pool.shutdown(cancel_futures=True)


async def _importers_of(request: Request) -> Importers:
    importers: Importers = request.app.state.importers
    return importers


ServedImporters = Annotated[Importers, Depends(_importers_of)]
"""The importers of the application that a request came to."""
