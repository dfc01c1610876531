"""A backup or a restoring that is killed leaves what was there, or what was to be."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
from test_store.backups import entries, names, read_person
from test_store.faults import CHANCE, Worker

from geo_match.store import Store
from geo_match.store.keeping import backup as backup_module
from geo_match.store.keeping._copies import place_new, staging


@pytest.fixture
def path(tmp_path, filled_file):
    """Return a store's file with something in each table, of a test's own."""
    return Path(shutil.copy(filled_file, tmp_path / "a.db"))


def keep_and_die(say, at, what, *arguments):
    """Back up or restore in a process that dies before it changes a disk or a database."""
    passed = itertools.count()

    def count(event, _):
        # In whatever library that happens.
        changing = {"open", "os.link", "os.rename", "os.mkdir", "os.remove", "sqlite3.connect"}
        if event in changing and next(passed) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    if what == "backup":
        with Store.open(arguments[0]) as store:
            sys.addaudithook(count)
            store.backup(arguments[1])
    else:
        sys.addaudithook(count)
        Store.restore(*arguments, replace=True)
    say(next(passed))


def run(at, *arguments):
    """Run that; return the process's exit status, and in how many moments it could have died."""
    worker = Worker(keep_and_die, at, *map(str, arguments))
    return worker.end(), *worker.told


@pytest.fixture
def erased_since(path, tmp_path):
    """Give a store and a backup of it from before a person was erased in it."""
    out = tmp_path / "b.db"
    with Store.open(path) as store:
        store.backup(out)
        store.erase("seekers", "S1", reason="R-1")
    return path, out


def moments(whole, n):
    """Return n moments anywhere among a number, and the last ones."""
    return sorted({*CHANCE.sample(range(whole), n), whole - 1, whole - 2})


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(erased_since, tmp_path):
    path, _ = erased_since
    status, whole = run(-1, "backup", path, tmp_path / "c0.db")
    assert status == 0
    for at in moments(whole, 1):
        out = tmp_path / f"c{at + 1}.db"
        assert run(at, "backup", path, out) == (-signal.SIGKILL,)
        if out.exists():  # it was complete
            with Store.open(out) as copy:
                assert copy.verify().is_sound
            continue
        with Store.open(path) as store:
            assert store.verify().is_sound
            store.backup(out)
        assert not list(tmp_path.glob(f".{out.name}-*"))  # what the killed one left is swept


def test_a_restore_that_is_killed_leaves_the_old_store_or_the_new(erased_since, tmp_path):
    path, out = erased_since
    trial = tmp_path / "trial"
    trial.mkdir()
    shutil.copy(path, trial / "a.db")
    status, whole = run(-1, "restore", out, trial / "a.db")
    assert status == 0
    for at in moments(whole, 1):
        folder = tmp_path / f"at{at}"
        folder.mkdir()
        target = folder / "a.db"
        shutil.copy(path, target)
        assert run(at, "restore", out, target) == (-signal.SIGKILL,)
        with Store.open(target) as store:
            assert store.verify().is_sound
            assert store.keys("seekers", ["S1", "S2"]).keys() == {"S2"}
        Store.restore(out, target, replace=True)
        assert not list(folder.glob(".*"))


def test_folders_of_killed_runs_are_removed_but_not_those_at_work(tmp_path):
    target = tmp_path / "b[1].db"
    left = tmp_path / ".b[1].db-abc.unfinished"
    left.mkdir()
    (left / "lock").touch()
    (left / "b.db").write_text("persons")
    with staging(target) as one:
        assert not left.exists()
        with staging(target) as two:
            assert one.exists()
            assert one.stat().st_mode & 0o077 == 0
        assert not two.exists()
    assert names(tmp_path) == []


def back_up_and_die(say, path, out):
    """Back a store up in a process that dies between the audit's place and the backup's."""
    places = []

    def place(made, target):
        if places:
            say(str(places[0]))
            os.kill(os.getpid(), signal.SIGKILL)
        places.append(target)
        place_new(made, target)

    backup_module.place_new = place
    with Store.open(path) as store:
        store.backup(out)


def test_an_audit_that_a_killed_backup_left_is_taken_back(path, tmp_path):
    out = tmp_path / "b.db"
    read_person(path, 3)
    worker = Worker(back_up_and_die, str(path), str(out))
    assert worker.end() == -signal.SIGKILL
    assert worker.told == [f"{out}.audit"]
    assert Path(f"{out}.audit").exists()
    assert not out.exists()
    with Store.open(path) as store:
        assert store.backup(out).audit == Path(f"{out}.audit")
    assert entries(out) == entries(path)
    assert not list(tmp_path.glob(".*"))
