"""What the Makefile promises to somebody who has just cloned the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
MAKEFILE = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
TARGETS = [
    *("help", "install", "serve", "test", "check", "lint", "types", "docs"),
    *("bench", "soak", "clean", "lock"),
]


def make(*arguments, cwd=CHECKOUT, **environment):
    """Run make as if nobody had called the tests by make; give its status and what it says."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PYTHON"}
    }
    done = subprocess.run(  # noqa: S603 - make as found, with the test's own words
        [shutil.which("make"), *arguments],
        cwd=cwd,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path):
    """A checkout of the Makefile alone, and an empty folder of programs."""
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "geo_match").mkdir()
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(copy, name, script):
    path = copy / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_make_alone_lists_the_commands():
    status, said = make()
    assert status == 0
    assert re.findall(r"^make (\w+)", said, re.MULTILINE) == TARGETS


def test_serve_installs_no_more_than_running_needs():
    _, said = make("--dry-run", "--always-make", "serve")
    assert "requirements/serve.txt" in said
    assert "requirements/dev.txt" not in said
    assert "-m api --port 8000" in said


def test_the_port_of_serve_can_be_chosen():
    _, said = make("--dry-run", "serve", "PORT=8001")
    assert "-m api --port 8001" in said


def test_a_port_that_is_set_to_nothing_reaches_the_one_who_says_so():
    _, said = make("--dry-run", "serve", "PORT=")
    assert "-m api --port ''" in said


def test_serve_checks_the_port_before_it_compiles_and_others_do_not():
    _, said = make("--dry-run", "--always-make", "serve", "PORT=8001")
    assert re.search(
        r"-m api --port 8001 --check-port && .*-m geo_match\.index$", said, re.MULTILINE
    )
    _, said = make("--dry-run", "--always-make", "bench")
    assert "-m geo_match.index" in said
    assert "--check-port" not in said


def test_the_second_run_installs_nothing(copy):
    set_up(copy)
    _, said = make("--dry-run", "serve", cwd=copy)
    assert said.splitlines() == [SERVES_THE_CITY]


SERVES_THE_CITY = (
    "GEO_MATCH_STORE=build/city.db GEO_MATCH_NETWORK=build/city.net "
    ".venv/bin/python -m api --port 8000"
)


def set_up(copy):
    """Let all be as after a first run of serve."""
    made_from = ("pyproject.toml", "requirements/serve.txt", "geo_match/kernels.py", *CITY_FROM)
    made = (".venv/.made", ".venv/.serve", ".venv/.kernels", "build/city.db", "build/city.net")
    for age_s, names in ((20, made_from), (10, made)):
        for name in names:
            path = copy / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            then = time.time() - age_s
            os.utime(path, (then, then))


CITY_FROM = (
    "data/jobs.parquet",
    "data/history/spells.parquet",
    "geo_match/records/work.py",
    "geo_match/store/schema/tables.py",
    "geo_match/store/schema/migrations/versions/v0001_records.py",
)


@pytest.mark.parametrize("changed", CITY_FROM)
def test_the_city_is_imported_anew_when_its_rows_or_the_stores_form_changed(copy, changed):
    set_up(copy)
    (copy / changed).touch()
    _, said = make("--dry-run", "serve", "PORT=8000", cwd=copy)
    assert "-m geo_match import city data --store build/city.part.db" in said
    assert re.search(r"rm -f build/city\.db build/city\.db-\* .*part", said)
    assert said.index("--check-port") < said.index("import city") < said.index("mv build/")
    assert said.splitlines()[-1] == SERVES_THE_CITY


def test_an_import_that_was_killed_is_not_taken_for_whole(copy):
    set_up(copy)
    (copy / "build" / "city.db").rename(copy / "build" / "city.part.db")
    _, said = make("--dry-run", "serve", cwd=copy)
    assert "import city data" in said


@pytest.mark.parametrize("name", ["GEO_MATCH_SITES", "GEO_MATCH_STORE"])
def test_who_names_a_file_or_a_store_is_served_that_and_imports_no_city(copy, name):
    set_up(copy)
    (copy / "build" / "city.db").unlink()
    _, said = make("--dry-run", "serve", cwd=copy, **{name: "mine"})
    assert said.splitlines() == [".venv/bin/python -m api --port 8000"]


@pytest.mark.parametrize("python", [None, "exit 1"])
def test_a_machine_without_a_python_new_enough_is_told_so(copy, python):
    if python:
        program(copy, "python3", python)
    status, said = make(".venv/.made", cwd=copy, PATH=str(copy / "bin"))
    assert status != 0
    assert "needs Python 3.11 or newer" in said


def test_a_python_without_venv_is_told_what_brings_it(copy):
    program(copy, "python3.12", 'case "$2" in *ensurepip*) exit 1;; esac')
    status, said = make(".venv/.made", cwd=copy, PATH=str(copy / "bin"))
    assert status != 0
    assert "python3.12 cannot make a .venv" in said
    assert "apt-get install python3-venv" in said


def test_the_first_python_that_serves_is_taken(copy):
    program(copy, "touch", 'exec /usr/bin/touch "$@"')
    program(copy, "python3", "exit 1")
    program(copy, "python3.13", '[ "$1" != -m ] || { mkdir .venv; echo made by 3.13; }')
    program(copy, "python3.11", '[ "$1" != -m ] || { mkdir .venv; echo made by 3.11; }')
    status, said = make(".venv/.made", cwd=copy, PATH=f"{copy / 'bin'}:/bin")
    assert status == 0
    assert "made by 3.13" in said
    assert "made by 3.11" not in said


def test_ci_calls_the_same_recipe_as_a_person():
    script = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")
    assert "set -eu" in script
    assert "exec env CI=true make test" in script
    assert os.access(CHECKOUT / ".ci" / "run", os.X_OK)


def test_check_is_part_of_test():
    assert re.search(r"^test:.*\bcheck\b", MAKEFILE, re.MULTILINE)
    assert re.search(r"^check:.*\blint\b.*\btypes\b.*\bdocs\b", MAKEFILE, re.MULTILINE)
