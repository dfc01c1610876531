"""Kernels: their machine code is kept, but not beyond a change of what they call."""

from __future__ import annotations

import subprocess
import sys

import numba

from geo_match._jit import _Compiling, _without_literals, told_of_compiling

CALLED = """
from geo_match._jit import kernel


@kernel
def called(x):
    return x + {}
"""
CALLER = """
from geo_match._jit import kernel
from kept.room.called import called


@kernel
def caller(x):
    return 2 * called(x)
"""
ASK = """
from kept.other.caller import caller

print(caller(1), sum(caller.stats.cache_hits.values()))
"""


def asked(folder):
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", ASK], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_machine_code_is_kept_until_a_kernel_that_is_called_from_another_room_changes(tmp_path):
    package = tmp_path / "kept"
    room, other = package / "room", package / "other"
    for one in (package, room, other):
        one.mkdir()
        (one / "__init__.py").touch()
    (room / "called.py").write_text(CALLED.format(1))
    (other / "caller.py").write_text(CALLER)
    assert asked(tmp_path)[0] == "4"
    assert asked(tmp_path) == ["4", "1"]  # taken from the cache
    (package / "__init__.py").write_text("ANOTHER = 1\n")
    assert asked(tmp_path) == ["4", "1"]  # no kernel
    (room / "called.py").write_text(CALLED.format(10))
    assert asked(tmp_path)[0] == "22"


def test_a_kernel_is_compiled_once_whatever_constants_another_calls_it_with():
    @numba.njit  # kept in no cache, as a kernel would be
    def added(x, y):
        return x + y

    _without_literals(added)

    @numba.njit
    def adding(n):
        total = 0
        for _ in range(n):
            total = added(total, 1)
        return added(added(total, 2), 3)

    assert adding(4) == 9
    assert len(added.signatures) == 1


def test_compiling_is_told_once_with_all_that_a_kernel_calls_and_not_when_it_is_done():
    @numba.njit  # as above
    def inner(x):
        return x + 1

    @numba.njit
    def outer(x):
        return 2 * inner(x)

    told = []
    with told_of_compiling(lambda: told.append("begun"), lambda: told.append("ended")):
        assert outer(1) == 4
        assert told == ["begun", "ended"]
        outer(2)
        assert told == ["begun", "ended"]
        outer(0.5)
    assert told == ["begun", "ended"] * 2
    outer(True)  # noqa: FBT003 - another type, when nobody listens any more
    assert told == ["begun", "ended"] * 2


def test_what_another_thread_began_before_is_not_told_and_what_comes_after_is():
    told = []
    listener = _Compiling(lambda: told.append("begun"), lambda: told.append("ended"))
    listener.on_end(None)
    assert told == []
    for _ in range(2):
        listener.on_start(None)
        listener.on_end(None)
    assert told == ["begun", "ended"] * 2
