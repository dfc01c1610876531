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
    "GEO_MATCH_GROUND=data/districts.parquet,data/river.parquet "
    ".venv/bin/python -m api --port 8000"
)
PAGE = "api/web/dist/index.html"
PAGE_FROM = ("api/web/index.html", "api/web/package-lock.json", "api/web/src/main.ts")


def set_up(copy):
    """Let all be as after a first run of serve."""
    locks = ("requirements/serve.txt", "requirements/node.txt")
    made_from = ("pyproject.toml", *locks, "geo_match/kernels.py", *CITY_FROM, *PAGE_FROM)
    steps = (".venv/.made", ".venv/.serve", ".venv/.kernels")
    made = (*steps, "build/city.db", "build/city.net", PAGE)
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


@pytest.mark.parametrize("changed", [*PAGE_FROM, "requirements/node.txt"])
def test_the_page_is_built_anew_when_its_sources_changed(copy, changed):
    set_up(copy)
    (copy / changed).touch()
    _, said = make("--dry-run", "serve", cwd=copy)
    assert said.index("--check-port") < said.index("npm run") < said.index("mv ../../build/page")
    assert said.splitlines()[-1] == SERVES_THE_CITY


NEW_ENOUGH = 'case "$1" in --eval) exit 0;; esac'
TOO_OLD = 'case "$1" in --eval) exit 1;; esac'
NPM = """case "$1" in
ci) mkdir -p node_modules && touch node_modules/.package-lock.json;;
run) mkdir -p ../../build/page && echo "built by $(node -v)" >../../build/page/index.html;;
esac"""


def with_programs(copy, node, npm=NPM):
    """Let the page be to be built, by programs that only pretend; return the PATH of them."""
    set_up(copy)
    (copy / PAGE).unlink()
    program(copy, "node", f"{node}\necho v20")
    program(copy, "npm", npm)
    pip = copy / ".venv" / "bin" / "python"
    pip.parent.mkdir(parents=True)
    pip.write_text('#!/bin/sh\necho "$@" >>log\n', encoding="utf-8")
    pip.chmod(0o755)
    return f"{copy / 'bin'}:/usr/bin:/bin"


def test_a_node_that_is_new_enough_builds_the_page_and_none_is_installed(copy):
    path = with_programs(copy, NEW_ENOUGH)
    status, said = make(PAGE, cwd=copy, PATH=path)
    assert status == 0, said
    assert (copy / PAGE).read_text(encoding="utf-8") == "built by v20\n"
    assert not (copy / "log").exists()


@pytest.mark.parametrize(("node", "npm"), [(TOO_OLD, NPM), (NEW_ENOUGH, 'exec test "$1" = run')])
def test_without_a_node_that_is_new_enough_and_has_npm_one_is_installed(copy, node, npm):
    path = with_programs(copy, node, npm)
    _, said = make(PAGE, cwd=copy, PATH=path)
    assert "Installing Node.js into .venv" in said
    installed = (copy / "log").read_text(encoding="utf-8")
    assert "install --require-hashes -r requirements/node.txt" in installed


def test_a_page_that_cannot_be_built_fails_the_tests_and_not_the_server(copy):
    broken = 'test "$1" != run'
    path = with_programs(copy, NEW_ENOUGH, broken)
    status, _ = make(PAGE, cwd=copy, PATH=path)
    assert status != 0
    status, said = make("serve", cwd=copy, PATH=path)
    assert status == 0, said
    assert "The page was not built; the API is served without it." in said
    assert (copy / "log").read_text(encoding="utf-8").splitlines()[-1] == "-m api --port 8000"


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
