"""A long command lets others go first, and is as it was when it has ended."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module

import pytest

from geo_match.cli import importing, main
from geo_match.cli.priority import giving_way

NICE = 10


@pytest.fixture
def asked(monkeypatch):
    """Return the priorities that were asked for; none is given, since it might stay."""
    asked = []
    monkeypatch.setattr(os, "setpriority", lambda _, __, wanted: asked.append(wanted))
    monkeypatch.setattr(os, "getpriority", lambda _, __: 0)
    return asked


def test_an_import_gives_way_to_whoever_is_served(asked, monkeypatch, tmp_path):
    met = []

    def import_files(*_):
        met.extend(asked)
        return 0

    monkeypatch.setattr(importing, "import_files", import_files)
    commands = import_module("geo_match.cli.app")
    monkeypatch.setattr(commands, "giving_way", giving_way)  # in other tests it does nothing
    path = tmp_path / "list.csv"
    path.write_text("id\n")
    with pytest.raises(SystemExit) as end:
        main(["import", "jobs", str(path), "--store", str(tmp_path / "store.db")])
    assert end.value.code == 0
    assert met == [NICE]
    assert asked == [NICE, 0]


def test_a_priority_that_is_lower_already_stays(asked, monkeypatch):
    monkeypatch.setattr(os, "getpriority", lambda _, __: NICE + 5)
    with giving_way():
        pass
    assert asked == [NICE + 5, NICE + 5]


def test_where_only_an_administrator_may_raise_it_it_stays_low(monkeypatch):
    given = [0]

    def given_or_refused(_, __, wanted):
        if wanted < given[-1]:
            raise PermissionError
        given.append(wanted)

    monkeypatch.setattr(os, "getpriority", lambda _, __: given[-1])
    monkeypatch.setattr(os, "setpriority", given_or_refused)
    with giving_way():
        pass
    assert given == [0, NICE]


def test_where_the_system_refuses_it_the_block_runs_as_it_is(monkeypatch):
    asked, has_run = [], False

    def refused(_, __, wanted):
        asked.append(wanted)
        raise PermissionError

    monkeypatch.setattr(os, "getpriority", lambda _, __: 0)
    monkeypatch.setattr(os, "setpriority", refused)
    with giving_way():
        has_run = True
    assert has_run
    assert asked == [NICE, 0]


STARTS_ANOTHER = """
import subprocess, sys
from geo_match.cli.priority import giving_way
with giving_way():
    subprocess.run([sys.executable, "-c", sys.argv[1]], check=True)
"""
TELLS = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"


def test_what_it_starts_has_its_priority():
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", STARTS_ANOTHER, TELLS], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= NICE
