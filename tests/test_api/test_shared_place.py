"""The directory that workers share: made by one, seen by all, gone at the end."""

from __future__ import annotations

import gc

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
