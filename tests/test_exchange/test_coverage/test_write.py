"""Coverage in files: each says what it is and has no person, and all appear or none."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from test_exchange.test_coverage.written import (
    KEY,
    PEOPLE,
    assert_like,
    read_sheet,
    texts_of,
    there,
)

from geo_match.errors import ArgumentError, FileError
from geo_match.exchange.coverage import (
    ONE_TABLE,
    SUFFIXES,
    content_of,
    write_coverage,
    write_files,
    write_people,
)


def test_a_workbook_reads_back_and_runs_nothing(report):
    write_coverage(report, "o.xlsx")
    found = read_sheet("o.xlsx", "社区 community")
    assert found["name"][1] == "'=1+1"
    found["name"] = found["name"].str.removeprefix("'")
    assert_like(found, report.by("community"))
    assert_like(read_sheet("o.xlsx", "全市 city"), report.by("city"))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("release", ["internal", "published"])
def test_each_file_says_what_it_is_and_has_no_person(report, published, suffix, release):
    path = Path(f"o{suffix}")
    write_coverage(report if release == "internal" else published, path)
    content = texts_of(path)
    chinese = {"internal": "内部资料", "published": "公开"}[release].encode()
    assert release.encode() in content or chinese in content
    assert b"SECRET" not in content
    assert b"SITE" not in content
    assert KEY not in content
    assert KEY.hex().encode() not in content
    assert there() == [path.name]


def test_what_was_published_is_written_as_it_is(published):
    told = write_coverage(published, "o.gpkg")
    assert told == ["community", "street", "district", "city", "all"]
    assert "supply" not in dict(pyogrio.list_layers("o.gpkg").tolist())
    for name in told:
        frame = pyogrio.read_dataframe("o.gpkg", layer=name)
        assert_like(frame, published[name])
        assert set(frame["release"]) == {"published"}
    assert write_coverage(published, "o.csv", by="all") == ["all"]
    found = pd.read_csv("o.csv")
    assert found["release"].tolist() == ["published"]
    located = published["all"]["located"]
    assert found["located"].fillna(-1).tolist() == located.fillna(-1).tolist()
    write_coverage(published, "o.parquet")
    about = json.loads(pq.read_schema("o.parquet").metadata[b"geo_match"])
    assert about["asked"]["小于此数的隐去"] == "10"


def test_a_figure_that_is_kept_back_is_empty_and_not_nought(published):
    frame = published["community"]
    kept = frame["people"].isna()
    assert kept.any()
    write_coverage(published, "o.xlsx")
    assert read_sheet("o.xlsx", "社区 community")["people"].isna().tolist() == kept.tolist()
    write_coverage(published, "o.geojson")
    features = json.loads(Path("o.geojson").read_text(encoding="utf-8"))["features"]
    assert [one["properties"]["people"] is None for one in features] == kept.tolist()


@pytest.mark.parametrize("path", ["o.shp", "o"])
def test_a_suffix_that_is_none_is_refused(report, path):
    with pytest.raises(FileError, match=r"must end in one of \.parquet"):
        write_coverage(report, path)


def test_several_files_appear_together_or_not_at_all(report):
    Path("a.csv").write_text("older", encoding="utf-8")
    content = content_of(report, by=("community", "hukou"))

    def fail(path):
        path.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(FileError, match=r"z\.csv` must be written, got No space left"):
        write_files(content, "a.csv", "b.gpkg", also={Path("z.csv"): fail})
    assert there() == ["a.csv"]
    assert Path("a.csv").read_text(encoding="utf-8") == "older"
    told = write_files(content, "a.csv", "b.gpkg", "c.parquet")
    assert told == [["community"], ["community", "hukou"], ["community"]]
    assert there() == ["a.csv", "b.gpkg", "c.parquet"]


def test_persons_are_written_by_their_own_function_alone(report, published):
    assert write_people(report, "p.csv") == len(PEOPLE)
    found = pd.read_csv("p.csv", dtype={"community": str})
    assert found["id"].tolist() == [one["id"] for one in PEOPLE]
    assert set(found["release"]) == {"internal"}
    with pytest.raises(ArgumentError, match="`report` must be a CoverageReport, got Published"):
        write_people(published, "q.csv")
    with pytest.raises(FileError, match="must end in one of"):
        write_people(report, "q.gpkg")
    assert there() == ["p.csv"]


def test_the_same_report_gives_the_same_bytes(report):
    for suffix in sorted(ONE_TABLE):
        write_coverage(report, f"a{suffix}")
        write_coverage(report, f"b{suffix}")
        assert Path(f"a{suffix}").read_bytes() == Path(f"b{suffix}").read_bytes()
