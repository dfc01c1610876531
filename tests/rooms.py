"""Which worker runs which files of tests, where several run side by side.

A folder of tests is a room: its tests share what is dear to set up, such as a drawn city, a store
that was filled, a server or a browser, once in each worker that has tests there. So a worker stays
in a room while there are files left, and takes one that nobody else is in when it leaves. Only when
each room that is left has somebody, it helps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

DEAR: Final = ("tests/test_demo", "tests/test_web", "tests/test_project", "notebooks", "tests")
"""Rooms whose tests are few for the time that they take: they come first, so that none of them is
still running when all others are done."""
_DIVIDED: Final = "tests/test_api"
"""Of which each folder is a room."""


def room_of(file: str) -> str:
    """Return the room of a file, by its path below the root."""
    folder = file.rpartition("/")[0]
    depth = 3 if folder.startswith(f"{_DIVIDED}/") else 2
    return "/".join(folder.split("/")[:depth])


class RoomScheduling(LoadFileScheduling):
    """Gives the workers files, as `--dist loadfile` does, room by room."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Give a worker its next file: the first in the queue."""
        self.workqueue.move_to_end(self._next_of(node), last=False)
        super()._assign_work_unit(node)

    def _next_of(self, node: WorkerController) -> str:
        """Return the file that a worker is to run next."""
        rooms: dict[str, list[str]] = {}
        for file in self.workqueue:  # the files of most tests first
            rooms.setdefault(room_of(file), []).append(file)
        here = {worker: room_of(next(reversed(had))) for worker, had in self._had() if had}
        own = here.get(node)
        if own in rooms:
            return rooms[own][0]
        taken = {room for worker, room in here.items() if worker is not node}
        free = [room for room in rooms if room not in taken] or [*rooms]
        dear = [room for room in DEAR if room in free]
        largest = max(free, key=lambda room: self._tests_in(rooms[room]))
        return rooms[dear[0] if dear else largest][0]

    def _had(self) -> list[tuple[WorkerController, list[str]]]:
        """Return the files that each worker was given, in this order."""
        return [(worker, [*files]) for worker, files in self.assigned_work.items()]

    def _tests_in(self, files: list[str]) -> int:
        return sum(len(self.workqueue[file]) for file in files)
