"""Every example of README is run, and shows what README says it shows."""

from __future__ import annotations

import doctest
import os
import re
import socket
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest

from geo_match.demo.scale import parse_scale

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS = BLOCK.findall(README)
CONSOLE = [text for language, text in BLOCKS if language == "console"]
CHINESE = [
    text for _, text in BLOCK.findall((ROOT / "README.zh-CN.md").read_text(encoding="utf-8"))
]
PYTHON = [text for language, text in BLOCKS if language == "python"]


def commands_of(block):
    """Return the commands of a console block, each with the output that README shows."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert parts[0] == "", f"output before the first command: {parts[0]!r}"
    return list(zip(parts[1::2], parts[2::2], strict=True))


BASH = [text for language, text in BLOCKS if language == "bash"]


@pytest.fixture
def checkout(tmp_path):
    """Give a folder that looks like a checkout after `make install`, to leave files in."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "geo-match"):
        (tmp_path / ".venv" / "bin" / name).symlink_to(Path(sys.executable).with_name(name))
    return tmp_path


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def run(command, folder):
    done = subprocess.run(  # noqa: S603 - README's own words
        ["/bin/bash", "-c", command],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


def test_readme_has_examples_of_every_kind():
    assert len(CONSOLE) >= 3
    assert len(CHINESE) >= 2
    assert PYTHON
    assert {language for language, _ in BLOCKS} == {"bash", "console", "python"}


@pytest.mark.parametrize(
    "block",
    [block for block in CONSOLE if "make serve" not in block and "curl" not in block] + CHINESE,
)
def test_commands_print_what_readme_shows(block, checkout):
    for command, shown in commands_of(block):
        assert run(command, checkout) == shown


@pytest.mark.parametrize(
    "command", [line.partition("#")[0].split() for block in BASH for line in block.splitlines()]
)
def test_long_commands_are_ones_that_the_program_has(command):
    """They take minutes: their words are checked, and tests of their own run them smaller."""
    program, *options = command
    assert program == "geo-match"
    name = " ".join(takewhile(lambda word: not word.startswith("--"), options))
    said = run(f"{sys.executable} -m geo_match {name} --help", ROOT)
    for option in options:
        if option.startswith("--"):
            assert option in said
    if "--scale" in options:
        parse_scale(options[options.index("--scale") + 1])


def test_the_server_starts_and_answers_as_readme_shows(checkout, city_store, port):
    (serve, started), (curl, answer) = (
        command for block in CONSOLE for command in commands_of(block) if "8000" in str(command)
    )
    assert serve == "make serve"  # whose last line is the module that is run here, on such a store
    with subprocess.Popen(  # noqa: S603 - the test's own interpreter and words
        [sys.executable, "-m", "api", "--port", str(port)],
        cwd=checkout,
        env={**os.environ, "GEO_MATCH_STORE": str(city_store)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            lines = "".join(server.stdout.readline() for _ in started.splitlines())
            assert lines.replace(str(port), "8000") == started
            said = run(curl.replace("8000", str(port)), checkout)
            shown = [re.escape(part) for part in re.split(r"(?m)^ *…\n", answer)]  # left out there
            assert re.fullmatch("(?:.*\n)+?".join(shown), said)
        finally:
            server.terminate()


@pytest.mark.parametrize("block", PYTHON)
def test_python_prints_what_readme_shows(block, checkout, monkeypatch):
    monkeypatch.chdir(checkout)
    test = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    report = []
    runner.run(test, out=report.append)
    assert runner.tries > 0
    assert runner.failures == 0, "".join(report)


@pytest.mark.parametrize(
    "name", ["circle", "city", "coverage", "imports", "live", "matching", "store"]
)
def test_readme_quotes_the_benchmark_as_it_was_measured(name):
    quoted = re.search(rf"<!-- {name}: begin -->\n(.*?)<!-- {name}: end -->", README, re.DOTALL)
    table = ROOT / "tests" / "benchmarks" / f"{name}.md"
    assert quoted.group(1) == table.read_text(encoding="utf-8")


def test_links_of_readme_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
