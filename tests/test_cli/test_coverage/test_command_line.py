"""The command line of `geo-match coverage`: what it refuses before it works."""

from __future__ import annotations

from pathlib import Path

import pytest
from office_desk import run
from test_cli.test_coverage.town import FILES, ON, plain


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--people", "h.ndjson"), "--supply: must be given, as must the other lists"),
        ((*FILES, "--who", "a"), "--who: must not be given without --store."),
        (("--store", "s.db", "--who", "a"), "--purpose: must be given with --store"),
        (("--store", "s.db", *FILES), "--people: must not be given with --store"),
        ((*FILES, "--out", "o.shp"), "--out: must end in one of .parquet"),
        ((*FILES, "--out", "./o.csv"), "--out: must be another file than that of --out"),
        ((*FILES, "--people-out", "o.csv"), "--people-out: must be another file than that"),
        ((*FILES, "--people-out", "p.gpkg"), "--people-out: must end in one of .csv"),
        ((*FILES, "--rejects", "r.txt"), "--rejects: must end in one of .csv"),
        ((*FILES, "--publish"), "--key-file: must be given with --publish"),
        ((*FILES, "--key-file", "k"), "--key-file: must not be given without --publish"),
        (
            (*FILES, "--publish", "--key-file", "k", "--gap-areas", "--out", "o.gpkg"),
            "--gap-areas: must not be given with --publish: it is internal.",
        ),
        (
            (*FILES, "--supply-kind", "stations", "--count", "vacancies"),
            "--count: must be places for stations",
        ),
        ((*FILES, "--of", "jobs"), "--of: must be one of households, seekers, got jobs"),
        ((*FILES, "--at-least", "0"), "--at-least: must be a whole number of at least 1"),
        ((*FILES, "--standard", "-1"), "--standard: must be a number of at least 0"),
        ((*FILES, "--competition", "some"), "--competition: must be binary, stepped:"),
        ((*FILES, "--by", "city", "--by", "city"), "--by: must name each once, got city"),
        ((*FILES, "--plan"), "--plan: must be given with an --out that ends in .gpkg"),
        ((*FILES, "--gap-areas"), "--gap-areas: must be given with an --out that ends in .gpkg"),
        ((*FILES, "--map-approval", "x"), "--map-approval: must be given with an --out that ends"),
        (
            (*FILES, "--publish", "--key-file", "k", "--plan", "--out", "o.gpkg"),
            "--plan: must not be given with --publish: it is internal.",
        ),
        ((*FILES, "--eligible", "--of", "households"), "--eligible: must be given with seekers"),
        ((*FILES, "--eligible", "--supply-kind", "sites"), "--eligible: must be given with jobs"),
        (
            (*FILES, "--eligible", "--competition", "binary"),
            "--eligible: must not be given with --competition",
        ),
        ((*FILES, "--without", "wage"), "--without: must be employer, got wage"),
        ((*FILES, "--eligible", "--without", "open"), "--without: must be none of distance, open"),
        (
            (*FILES, "--supply-kind", "stations", "--without", "employer"),
            "--without: must not be given with stations",
        ),
        (
            (*FILES, "--supply-kind", "stations", "--employers", "e.ndjson"),
            "--employers: must not be given with stations",
        ),
    ],
)
def test_a_wrong_command_line_is_named(capsys, arguments, message):
    assert run("coverage", *arguments, "--out", "o.csv") == 2
    assert message in plain(capsys.readouterr().err)
    assert not Path("o.csv").exists()


@pytest.mark.parametrize(
    "name", ["id", "address", "village", "community by id", "community by hukou by hukou", "h3 by"]
)
def test_a_name_that_is_no_level_and_no_group_is_named_before_anything_is_read(capsys, name):
    Path("h.ndjson").write_text("nothing that could be read", encoding="utf-8")
    assert run("coverage", *FILES, *ON, "--by", name, "--out", "o.csv") == 2
    text = plain(capsys.readouterr().err)
    assert "--by: must" in text
    assert "got " + name in text
    assert not Path("o.csv").exists()


def test_an_output_that_is_an_input_is_refused(capsys):
    assert run("coverage", *FILES, "--out", "o.csv", "--people-out", "h.ndjson") == 1
    assert "`h.ndjson` must not be an input" in capsys.readouterr().err


def test_it_says_what_it_does(capsys):
    assert run("coverage", "--help") == 0
    text = plain(capsys.readouterr().out)
    for words in (
        "--people",
        "--store",
        "--publish",
        "没有位置 no_location",
        "none_eligible",
        "--without employer",
        "Exit status: 0",
    ):
        assert words in text
