"""The directory that workers share: made by one, seen by all, gone at the end."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from api.shared_place import SharedPlace, Staff


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_it_is_its_users_alone_and_ends_with_who_made_it(tmp_path):
    with SharedPlace.open() as place:
        assert (place.worker, place.is_shared) == (1, False)
        assert place.path.stat().st_mode & 0o777 == 0o700
        assert place.metrics.is_dir()
        assert place.staff == Staff(wanted=1, alive=1, restarts=0)
        (place.path / "limits").write_text("a", encoding="ascii")
    assert list(tmp_path.iterdir()) == []


def test_a_worker_has_that_of_its_supervisor_and_leaves_it_there(monkeypatch):
    with SharedPlace.make() as place:
        for name, value in place.told(3).items():
            monkeypatch.setenv(name, value)
        with SharedPlace.open() as shared:
            assert (shared.path, shared.worker, shared.is_shared) == (place.path, 3, True)
            place.tell(place.staff.with_alive(0).with_restart())
            assert shared.staff == Staff(wanted=1, alive=0, restarts=1)
        assert place.staff.restarts == 1  # it is there
        shared.remove()
        assert not place.path.exists()


def test_one_that_nobody_closes_ends_too(tmp_path):
    SharedPlace.make()
    gc.collect()
    assert list(tmp_path.iterdir()) == []


_KILLED = """
import os, signal
from api.shared_place import SharedPlace
place = SharedPlace.make()
(place.path / "import-1-x").mkdir()
(place.path / "import-1-x" / "list.csv").write_text("id")
with place.lease("a") as is_mine:
    assert is_mine
    print(place.path, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_server_that_was_killed_left_the_next_one_removes(tmp_path):
    gone = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", _KILLED],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert gone.returncode == -signal.SIGKILL, gone.stderr
    left = Path(gone.stdout.strip())
    assert left.parent == tmp_path
    with SharedPlace(left, worker=2, is_own=False) as of_a_worker:
        with of_a_worker.lease("a") as is_mine:
            assert is_mine  # the killed one holds it no more
        with SharedPlace.make():
            assert left.exists()  # a worker outlived its supervisor
    other = Path(tempfile.mkdtemp(prefix="geo_match-"))  # of something else
    with SharedPlace.make() as first, SharedPlace.make() as second:
        assert not left.exists()
        assert {*tmp_path.iterdir()} == {first.path, second.path, other}


def test_a_lease_is_one_blocks_alone_until_it_ends():
    with SharedPlace.make() as place, SharedPlace(place.path, worker=2, is_own=False) as other:
        files = {*place.path.iterdir()}
        with place.lease("a/..") as first, other.lease("a/..") as second, other.lease("b") as third:
            assert (first, second, third) == (True, False, True)
        with other.lease("a/..") as again:
            assert again
        assert {*place.path.iterdir()} == files  # nothing is left of it
