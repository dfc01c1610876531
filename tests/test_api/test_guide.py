"""The guide for integrators: its examples, run as they stand against the demonstration city."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from test_api.running import CHECKOUT, free_port, lines_until, read_on, started

from geo_match.store import Store

if TYPE_CHECKING:
    from pathlib import Path

GUIDE = (CHECKOUT / "api" / "README.md").read_text(encoding="utf-8")
RUN = GUIDE.partition("\n## Ten minutes with curl\n")[2].partition("\n## The same with httpx\n")[0]
HTTPX = GUIDE.partition("\n## The same with httpx\n")[2].partition("\n## ")[0]
REST = GUIDE.partition("\n## The same with httpx\n")[2].partition("\n## ")[2]
MARK = "@@@ answer @@@"


def blocks(kind, text):
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def commands(block):
    """Take a block apart: each command with the answer that is shown below it."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif found[-1][1] or not _goes_on(found[-1][0]):
            found[-1][1] += line.strip()
        else:
            found[-1][0] += "\n" + line
    return found


def _goes_on(command):
    """Return whether a line of a shell has another one after it."""
    return command.endswith(("\\", "|")) or command.count("'") % 2 == 1


@pytest.fixture(scope="module")
def surroundings(city_store: Path, tmp_path_factory: pytest.TempPathFactory):
    """Serve a copy of the city; give what the examples are told by their surroundings."""
    path = tmp_path_factory.mktemp("guide") / "city.db"
    shutil.copyfile(city_store, path)
    with Store.open(path) as store:
        key = store.api_keys.issue(role="integration", label="示例")[1]
    port = free_port()
    with started("api", "--port", str(port), GEO_MATCH_STORE=str(path)) as server:
        lines_until(server, "Listening on")
        read_on(server)
        yield {"SERVER": f"http://127.0.0.1:{port}", "KEY": key, "PATH": "/usr/bin:/bin"}


def test_the_commands_of_the_guide_answer_as_it_shows(surroundings):
    asked = [one for block in blocks("console", RUN) for one in commands(block)]
    assert len(asked) > 8
    script = "\n".join(f"{command}\necho '{MARK}'" for command, _ in asked)
    done = subprocess.run(  # noqa: S603 - the guide's own commands
        ["/bin/bash", "-c", script], env=surroundings, capture_output=True, text=True, check=True
    )
    answers = done.stdout.split(MARK)
    assert len(answers) == len(asked) + 1
    for (command, shown), answer in zip(asked, answers, strict=False):
        joined = "".join(line.strip() for line in answer.splitlines())
        pattern = ".*?".join(re.escape(part) for part in shown.split("…"))
        assert re.fullmatch(pattern, joined), (command, joined)


def test_the_program_of_the_guide_runs_and_says_what_it_shows(surroundings):
    (program,) = blocks("python", HTTPX)
    shown = HTTPX.rpartition("```\n")[0].rpartition("```\n")[2]
    done = subprocess.run(  # noqa: S603 - the guide's own program
        [sys.executable, "-c", program],
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == shown


def test_whatever_else_the_guide_asks_for_is_there(ask):
    described = ask("/openapi.json").json()["paths"]
    known = [re.compile(re.sub(r"\{\w+\}", "[^/?:]+", path)) for path in described]
    asked = re.findall(r"(?:http://127\.0\.0\.1:8000|\$SERVER)(/[^\s?'\"`]*)", REST)
    assert len(asked) > 10
    for path in asked:
        assert any(one.fullmatch(path) for one in known), path
