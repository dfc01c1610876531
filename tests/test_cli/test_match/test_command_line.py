"""The command line of `geo-match match`: what is refused before any work, and its help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from office_desk import run
from test_cli.test_match.lists import FILES, plain

from geo_match.cli import match as matching


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*FILES,), "Missing option '--out'"),
        (("--jobs", "jobs.ndjson", "--out", "o.csv"), "--seekers: must be given"),
        (("--seekers", "seekers.ndjson", "--out", "o.csv"), "--jobs: must be given"),
        ((*FILES, "--out", "o.xlsx"), "--out: must end in one of .csv, .ndjson, .jsonl, .parquet"),
        ((*FILES, "--out", "o.csv", "--shortfall", "s.gpkg"), "--shortfall: must end in one of"),
        ((*FILES, "--out", "o.csv", "--shortfall", "./o.csv"), "another file than --out"),
        ((*FILES, "--out", "o.csv", "--limit", "0"), "must be a whole number, 1 or more, or all"),
        ((*FILES, "--out", "o.csv", "--on", "31.12.2025"), "must be a day such as 2025-03-01"),
        ((*FILES, "--out", "o.csv", "--condition", "pay"), "must be one of distance, open,"),
        ((*FILES, "--out", "o.csv", "--unknown-fails", "x"), "must be one of distance, open,"),
        ((*FILES, "--out", "o.csv", "--occupation-level", "x"), "one of minor, middle, major"),
        ((*FILES, "--out", "o.csv", "--accuracy-m", "-1"), "a number of metres of at least 0"),
        ((*FILES, "--out", "o.csv", "--threads", "0"), "a whole number from 1 to 256, got '0'."),
        ((*FILES, "--out", "o.csv", "--threads", "257"), "from 1 to 256, got '257'."),
        ((*FILES, "--out", "o.csv", "--threads", "9" * 5_000), "from 1 to 256, got"),
        (
            (*FILES, "--out", "o.csv", "--condition", "wage", "--without", "age"),
            "--without: must not be given with --condition",
        ),
        (
            (*FILES, "--out", "o.csv", "--without", "age", "--without", "distance"),
            "--without: must not be distance, which is always asked: give a larger --radius-m.",
        ),
        ((*FILES, "--out", "o.csv", "--who", "a"), "--who: must not be given without --store"),
        (("--store", "s.db", "--out", "o.csv", "--who", "a"), "--purpose: must be given with"),
        (("--store", "s.db", "--out", "o.csv", "--jobs", "j.csv"), "--jobs: must not be given"),
        (("--store", "s.db", "--out", "o.csv", "--datum", "bd09"), "--datum: must not be given"),
    ],
)
def test_a_wrong_command_line_exits_with_2(capsys, arguments, message):
    assert run("match", *arguments) == 2
    assert message in plain(capsys.readouterr().err)
    assert not Path("o.csv").exists()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--out", "none/o.csv"), "a folder that exists"),
        (("--out", "seekers.ndjson"), "not be an input"),
        (("--out", "o.csv", "--shortfall", "jobs.ndjson"), "not be an input"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_work(capsys, monkeypatch, more, message):
    monkeypatch.setattr(matching, "read_doubted", None)
    assert run("match", *FILES, *more) == 1
    assert message in capsys.readouterr().err


def test_help_names_every_option_and_imports_none_of_the_heavy_libraries():
    program = (
        "import sys\n"
        "from geo_match.cli import main\n"
        "try:\n"
        "    main(['match', '--help'])\n"
        "except SystemExit as stop:\n"
        "    assert stop.code == 0\n"
        "print(sorted({'numpy', 'pandas', 'pyarrow', 'numba', 'pyproj'} & set(sys.modules)))\n"
    )
    done = subprocess.run(  # noqa: S603 - this interpreter, on our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    for option in (
        *("--seekers", "--jobs", "--employers", "--datum", "--seekers-datum", "--jobs-datum"),
        *("--store", "--who", "--purpose", "--out", "--shortfall", "--rejects", "--language"),
        *("--for-jobs", "--radius-m", "--limit", "--on", "--condition", "--without"),
        *("--unknown-fails", "--occupation-level", "--accuracy-m", "--threads"),
    ):
        assert option in done.stdout
