"""Groups of entries that share one commit: who comes while one is under way waits for the next."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Item = TypeVar("_Item")


class GroupsClosedError(RuntimeError):
    """No more items are taken."""


class _Group(Generic[_Item]):
    """Items that are written together, and what became of them."""

    __slots__ = ("failure", "is_done", "items", "numbers")

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self.is_done = False
        self.numbers: Sequence[int] = ()
        self.failure: BaseException | None = None


class CommitGroups(Generic[_Item]):
    """Writes items in groups; safe for any number of threads.

    There is no thread of its own and no timer. Of the callers that wait, the first that finds
    nobody writing writes for all that have come until then; a lone caller writes at once.

    Parameters
    ----------
    write
        Writes the items of a group, never two groups at a time. Returns a number for each once
        they are durable; raises if none of them is.
    """

    def __init__(self, write: Callable[[Sequence[_Item]], Sequence[int]]) -> None:
        self._write = write
        self._turn = threading.Condition()  # guards all below
        self._gathering: _Group[_Item] = _Group()
        self._is_writing = False
        self._is_closed = False

    def add(self, item: _Item) -> int | BaseException:
        """Have an item written, and wait until it is.

        Returns
        -------
        int or BaseException
            Its number, or why its group was not written. It is returned and not raised, since
            all of the group have the same one: each caller raises an error of its own from it.

        Notes
        -----
        Who is interrupted while waiting leaves the item with its group: it may be written.
        """
        with self._turn:
            if self._is_closed:
                return GroupsClosedError("the groups were closed")
            group = self._gathering
            place = len(group.items)
            group.items.append(item)
            # A group leaves `_gathering` only when somebody writes it, and whoever has written
            # wakes all: so one caller of the next group finds nobody writing, and writes.
            self._turn.wait_for(lambda: group.is_done or not self._is_writing)
            leads = not group.is_done
            if leads:
                self._begin()
        if leads:
            self._lead(group)
        return group.numbers[place] if group.failure is None else group.failure

    def close(self) -> None:
        """Take no more items; return when those that were taken are written."""
        with self._turn:
            self._is_closed = True
            self._turn.wait_for(lambda: not self._is_writing)
            # Its callers may all have been interrupted: nobody else would write it then.
            group = self._gathering
            leads = bool(group.items)
            if leads:
                self._begin()
        if leads:
            self._lead(group)

    def _begin(self) -> None:
        self._is_writing = True
        self._gathering = _Group()

    def _lead(self, group: _Group[_Item]) -> None:
        try:
            group.numbers = self._write(group.items)
        except BaseException as error:
            group.failure = error
            if not isinstance(error, Exception):  # Ctrl-C is for this caller, the failure for all
                raise
        finally:
            with self._turn:
                group.is_done = True
                self._is_writing = False
                self._turn.notify_all()
