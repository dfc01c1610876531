"""What `geo-match coverage --publish` writes, and its key."""

from __future__ import annotations

import re
from pathlib import Path

import pyogrio
import pytest
from office_desk import run
from test_cli.test_coverage.town import (
    FILES,
    ON,
    WEST,
    WEST_HOME,
    covered,
    many_households,
    read_csv,
    told,
    write_ndjson,
)


def test_what_is_published_says_so_and_keeps_small_groups_back(capsys):
    write_ndjson("h.ndjson", many_households())
    publish = ("--publish", "--key-file", "key.txt")
    assert run("coverage", *FILES, *ON, *publish, "--out", "o.csv") == 0
    frame = read_csv("o.csv")
    assert set(frame["release"]) == {"published"}
    assert frame.loc[WEST, "people"] is None
    assert Path("key.txt").stat().st_mode & 0o777 == 0o600
    key = bytes.fromhex(Path("key.txt").read_text("ascii"))
    assert len(key) == 32
    lines = told(capsys)
    (first,) = [line for line in lines if line.startswith("published, 2025-12-31:")]
    assert first.startswith("published, 2025-12-31: 0 of 2 communities have households below")
    silent = "(1 of these may have no households at all)"
    assert first.endswith(f"within 3,000 m, of 2 it is kept back {silent}")
    assert "in the circle of the median" not in "\n".join(lines)
    assert lines[-2:] == [
        "written to o.csv: community",
        "the key is in key.txt: keep it secret, and give it again next time",
    ]
    before = Path("o.csv").read_bytes()
    assert run("coverage", *FILES, *ON, *publish, "--language", "zh", "--out", "o.csv") == 0
    assert Path("o.csv").read_bytes() == before
    assert told(capsys)[-1] == "密钥在key.txt：请保密，下次发布仍用同一密钥"


def test_groups_are_published_with_the_rest():
    rows = [{**one, "hukou": "urban"} for one in many_households()]
    write_ndjson("h.ndjson", rows)
    publish = ("--publish", "--key-file", "key.txt", "--by", "hukou", "--by", "city by hukou")
    assert run("coverage", *FILES, *ON, *publish, "--out", "o.gpkg") == 0
    assert pyogrio.list_layers("o.gpkg")[:, 0].tolist() == ["hukou", "city by hukou", "columns"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("nonsense", "must hold a key in hexadecimal"), ("00ff", "must hold 16 to 64 bytes")],
)
def test_a_key_file_that_is_none_is_refused_and_stays(capsys, text, message):
    Path("key.txt").write_text(text, encoding="ascii")
    publish = ("--publish", "--key-file", "key.txt")
    assert run("coverage", *FILES, *ON, *publish, "--out", "o.csv") == 1
    assert message in capsys.readouterr().err
    assert Path("key.txt").read_text("ascii") == text
    assert not Path("o.csv").exists()


def test_a_published_file_says_what_was_asked(capsys):
    covered(capsys, "--publish", "--key-file", "key", "--language", "en", "--out", "out.html")
    page = Path("out.html").read_text(encoding="utf-8")
    assert "3,000 m" in page
    assert "counts as reached, at least" in page


def test_shares_of_what_is_published_have_no_more_digits_than_its_figures(capsys):
    west = [{"id": f"X{n}", **WEST_HOME, "community": WEST} for n in range(40)]
    write_ndjson("h.ndjson", [*many_households(), *west])
    publish = ("--publish", "--key-file", "key.txt", "--by", "city", "--out", "o.csv")
    assert run("coverage", *FILES, *ON, *publish) == 0
    (line,) = [line for line in told(capsys) if "located households" in line]
    reached, located, share = re.fullmatch(
        r"  (\d+) of (\d+) located households \((.+)\) reach 1 vacancy or more", line
    ).groups()
    assert share == f"{int(reached) / int(located):.0%}"
