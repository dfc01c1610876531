"""Where lists are imported: few threads, so that others go on to be answered, and a folder."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

from fastapi import Depends, Request

from api.guards.refusals import too_many_lists_here
from api.priority import give_way
from api.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from api.shared_place import SharedPlace

MOST_LISTS: Final = 16
"""How many lists a worker has at a time, from the first byte of each until it is taken in."""
LONGEST_LISTS: Final = 4
"""How long they may be together: as so many of the longest one that is taken."""
_AT_ONCE: Final = 2
_RETRY_AFTER_S: Final = "5"
_Answer = TypeVar("_Answer")


class Importers:
    """Runs imports, two at a time; more wait for their turn. Others write between their blocks.

    Its threads do nothing else, and go behind those that answer, as does the process that each of
    them starts to make records ready: a thread may not go before others again once it went behind.

    Parameters
    ----------
    place
        Of the server: lists lie there while they are taken in.
    """

    def __init__(self, place: SharedPlace) -> None:
        self._pool = ThreadPoolExecutor(
            _AT_ONCE, thread_name_prefix="geo-match-import", initializer=give_way
        )
        self._lists = self._bytes = 0
        self._folder, self._prefix = place.path, f"import-{place.worker}-"
        for left in place.path.glob(f"{self._prefix}*"):  # by a worker of this number that died
            shutil.rmtree(left, ignore_errors=True)

    @contextmanager
    def room(self, announced_bytes: int, *, longest_bytes: int) -> Iterator[Room]:
        """Give room to a list, from before its first byte is read until it is taken in.

        The block is of the event loop, and is not left before `run` has returned.

        Parameters
        ----------
        announced_bytes
            How long it is said to be; 0 where nothing is said.
        longest_bytes
            How long a list may be.

        Raises
        ------
        ProblemError
            If there are as many lists as may be, or they are too long together.
        """
        room = Room(self, LONGEST_LISTS * longest_bytes)
        if self._lists >= MOST_LISTS:
            raise room.refusal()
        self._lists += 1
        try:
            room.widen(announced_bytes)
            yield room
        finally:
            self._lists -= 1
            self._bytes -= room.n_bytes

    def take(self, n_bytes: int, most_bytes: int) -> bool:
        """Count bytes of lists, if there is room for them; return whether there is."""
        if self._bytes + n_bytes > most_bytes:
            return False
        self._bytes += n_bytes
        return True

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Give a folder for a list, which nobody else may enter; it vanishes with the block."""
        with tempfile.TemporaryDirectory(prefix=self._prefix, dir=self._folder) as folder:
            yield Path(folder)

    async def run(self, work: Callable[[], _Answer]) -> _Answer:
        """Return what an import gives; one that was begun goes on if nobody waits for it."""
        loop, context = asyncio.get_running_loop(), copy_context()  # it has the request's id
        return await loop.run_in_executor(self._pool, context.run, work)

    def close(self) -> None:
        """Wait for what was begun; what waits is not begun any more."""
        self._pool.shutdown(cancel_futures=True)


class Room:
    """The room of one list.

    Parameters
    ----------
    importers
        Which have it.
    most_bytes
        What they have for all lists.
    """

    def __init__(self, importers: Importers, most_bytes: int) -> None:
        self._importers = importers
        self._most_bytes = most_bytes
        self.n_bytes = 0

    def widen(self, n_bytes: int) -> None:
        """Let the list be so long in all.

        Raises
        ------
        ProblemError
            If there is no room for that.
        """
        more = n_bytes - self.n_bytes
        if more <= 0:
            return
        if not self._importers.take(more, self._most_bytes):
            raise self.refusal()
        self.n_bytes = n_bytes

    async def counted(self, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Give the parts of a list on, while there is room for them.

        Raises
        ------
        ProblemError
            If there is none.
        """
        n_bytes = 0
        async for part in parts:
            n_bytes += len(part)
            self.widen(n_bytes)
            yield part

    def refusal(self) -> ProblemError:
        """Return what to raise where there is no room."""
        problem = too_many_lists_here(MOST_LISTS, self._most_bytes)
        return ProblemError(problem, {"Retry-After": _RETRY_AFTER_S})


async def _importers_of(request: Request) -> Importers:
    importers: Importers = request.app.state.importers
    return importers


ServedImporters = Annotated[Importers, Depends(_importers_of)]
"""The importers of the application that a request came to."""
