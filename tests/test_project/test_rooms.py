"""Workers run the files of a room one after the other, and share none while there are others."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
from rooms import DEAR, RoomScheduling, room_of


class Worker:
    """Runs nothing, and remembers what it was to run."""

    shutting_down = False
    gateway = SimpleNamespace(id="worker")

    def __init__(self):
        self.sent = []

    def send_runtest_some(self, indices):
        self.sent += indices

    def shutdown(self):
        self.shutting_down = True


def run(files, seconds=None):
    """Run the tests of files on two workers; give the files of each in order.

    Parameters
    ----------
    files
        Number of tests by file.
    seconds
        How long each test of a file takes; 1 if it is not said.
    """
    tests = [f"{file}::test_{n}" for file, many in files.items() for n in range(many)]
    option = SimpleNamespace(loadscopereorder=True)
    config = SimpleNamespace(option=option, getvalue=lambda _: ["2*popen"])
    scheduling, workers = RoomScheduling(config), [Worker(), Worker()]
    for worker in workers:
        scheduling.add_node(worker)
        scheduling.add_node_collection(worker, tests)
    scheduling.schedule()
    clock, done = [0, 0], [[], []]

    def ends(at):
        """When a worker ends the test that it is at; never, if it has none."""
        left = workers[at].sent[len(done[at]) :]
        file = tests[left[0]].partition("::")[0] if left else None
        return clock[at] + (seconds or {}).get(file, 1) if left else math.inf

    while ends(at := min((0, 1), key=ends)) < math.inf:
        clock[at], test = ends(at), workers[at].sent[len(done[at])]
        done[at].append(tests[test].partition("::")[0])
        scheduling.mark_test_complete(workers[at], test)
    assert sorted(done[0] + done[1]) == sorted(test.partition("::")[0] for test in tests)
    assert sorted(workers[0].sent + workers[1].sent) == list(range(len(tests)))
    assert all(worker.shutting_down for worker in workers)
    return [[*dict.fromkeys(had)] for had in done]


def rooms(files):
    return [room_of(file) for file in files]


def test_a_worker_stays_in_a_room_until_nothing_is_left_there():
    files = {f"tests/test_{room}/test_{n}.py": 3 for room in "abcdef" for n in range(4)}
    both = run(files)
    assert not set(rooms(both[0])) & set(rooms(both[1]))
    for had in both:
        assert rooms(had) == sorted(rooms(had), key=rooms(had).index)
        assert len(set(rooms(had))) == 3


def test_it_helps_in_the_largest_room_once_each_has_somebody():
    files = {f"tests/test_a/test_{n}.py": 3 for n in range(12)}
    files |= {f"tests/test_b/test_{n}.py": 3 for n in range(2)}
    one, other = run(files)
    assert set(rooms(one)) == {"tests/test_a"}
    assert rooms(other)[:2] == ["tests/test_b"] * 2
    assert rooms(other)[2:] == ["tests/test_a"] * 5
    assert not set(one) & set(other)


def test_rooms_that_take_long_come_first_and_then_those_of_most_tests():
    files = {f"tests/test_{room}/test_it.py": many for room, many in (("a", 9), ("b", 5), ("c", 7))}
    files |= {f"{room}/test_it.py": 3 for room in DEAR}
    one, _ = run(files, dict.fromkeys([f"{DEAR[1]}/test_it.py"], 1_000))
    assert rooms(one) == [
        *(room for room in DEAR if room != DEAR[1]),
        *("tests/test_a", "tests/test_c", "tests/test_b"),
    ]


@pytest.mark.parametrize("sizes", [[1], [1, 1], [40, 1, 1], [2, 3, 2, 9, 1]])
def test_every_test_is_run_once_whatever_there_is(sizes):
    assert sum(map(len, run({f"tests/test_{n}.py": many for n, many in enumerate(sizes)}))) == len(
        sizes
    )


def test_parts_of_the_api_are_rooms_of_their_own():
    assert room_of("tests/test_api/test_jobs/test_forms.py") == "tests/test_api/test_jobs"
    assert room_of("tests/test_api/test_app.py") == "tests/test_api"
    assert room_of("tests/test_store/test_keys/test_keys.py") == "tests/test_store"
    assert room_of("tests/test_jit.py") == "tests"
    assert room_of("notebooks/01_first_circle.ipynb") == "notebooks"
