"""What looks wrong with the columns of a list, and how it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from office_desk import run

from geo_match.cli.list_doubts import doubting, doubts
from geo_match.cli.telling import ToldError
from geo_match.errors import FileError
from geo_match.records import RECORDS


@pytest.mark.parametrize("kind", sorted(RECORDS))
def test_the_fields_of_a_kind_raise_no_doubt(kind):
    specs = RECORDS[kind].specs()
    assert list(doubts(list(specs), kind, language="en")) == []
    chinese = [one.about.chinese for one in specs.values()]
    assert list(doubts(chinese, kind, language="zh")) == []


@pytest.mark.parametrize(
    ("header", "language", "said"),
    [
        ("longitud", "en", "the column 'longitud' is not used, but looks like lon (经度):"),
        ("Latitde", "en", "the column 'Latitde' is not used, but looks like lat (纬度):"),
        ("longitud", "zh", "列“longitud”未采用，很像经度（lon）：如果就是它，请改列名"),
    ],
)
def test_a_misspelt_header_is_named_with_the_field_that_it_looks_like(header, language, said):
    (found,) = doubts(["id", "name", header], "stations", language=language)
    assert found.startswith(said)


@pytest.mark.parametrize("header", ["invented", "state", "备注二", "lo"])
def test_other_headers_raise_no_doubt(header):
    assert list(doubts(["id", "name", "lon", "lat", header], "stations", language="en")) == []


def test_a_header_that_is_used_or_whose_field_has_a_column_raises_none():
    headers = ["id", "name", "lon", "longitud"]
    assert list(doubts(headers, "stations", language="en")) == []
    headers = ["id", "title", "vacancie"]
    assert list(doubts(headers, "jobs", used=["vacancie"], language="en")) == []


def test_a_refusal_keeps_its_cause_and_says_more_once(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("id,name,longitud,lat\nS1,a,117,32\n")
    said = r"^`x` must be y, got z\. The column 'longitud'"
    with pytest.raises(ToldError, match=said) as caught, doubting(path, "stations", "en"):
        raise FileError("x", "be y", "z")
    assert isinstance(caught.value.__cause__, FileError)
    with pytest.raises(FileError, match="must exist"), doubting(Path("none.csv"), "stations", "en"):
        raise FileError("none.csv", "exist", "no such file")


def test_match_tells_it_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    place = {"lon": 117.38, "lat": 32.93}
    Path("s.ndjson").write_text(json.dumps({"id": "S1", **place, "birth_yaer": 1990}) + "\n")
    job = {"id": "J1", "title": "x", **place, "employer_licence": "verified"}
    Path("j.ndjson").write_text(json.dumps(job) + "\n")
    files = ("--seekers", "s.ndjson", "--jobs", "j.ndjson")
    assert run("match", *files, "--out", "o.csv") == 1
    assert "s.ndjson: `datum` must be given for a list" in capsys.readouterr().err
    assert run("match", *files, "--datum", "wgs84", "--out", "o.csv") == 0
    assert "the column 'birth_yaer' is not used, but looks like birth_year" in (
        capsys.readouterr().err
    )
