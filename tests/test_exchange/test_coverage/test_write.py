"""Coverage in files: what is read back is what the report says, and each says what it is."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from hypothesis import HealthCheck, given, settings
from shapely import box
from test_coverage import towns

import geo_match as gm
from geo_match.errors import ArgumentError, FileError
from geo_match.exchange.coverage import (
    ONE_TABLE,
    SUFFIXES,
    content_of,
    geographic,
    write_coverage,
    write_files,
    write_people,
)
from geo_match.exchange.coverage.flat import without_noise

KEY = b"0123456789abcdef"
LON, LAT = 117.35, 32.9
COMMUNITIES = gpd.GeoDataFrame(
    {
        "code": [f"34030200{n // 2}00{n}" for n in range(4)],
        "name": ["东风社区", "=1+1", None, "无范围"],
    },
    geometry=[*(box(LON + n / 20, LAT, LON + (n + 1) / 20, LAT + 0.05) for n in range(3)), None],
    crs=4326,
)
PEOPLE = [
    {
        "id": f"SECRET-{n:04}",
        "lon": None if n % 17 == 0 else LON + 0.0041 * n,
        "lat": None if n % 17 == 0 else LAT + 0.001 * (n % 50),
        "community": "340302000000",
        "hukou": "urban" if n % 3 else "rural",
    }
    for n in range(60)
]
SUPPLY = [
    {"id": f"SITE-{n}", "lon": LON + 0.01 * n, "lat": LAT + 0.02, "vacancies": n + 1}
    for n in range(5)
]
GAPS = gpd.GeoDataFrame(
    {"code": ["g1"], "communities": [["A", "B"]], "people": [3], "release": ["internal"]},
    geometry=[box(LON, LAT, LON + 0.01, LAT + 0.01)],
    crs=4326,
)
PLAN = pd.DataFrame({"code": ["340302000000"], "area_km2": [1.5], "release": ["internal"]})


@pytest.fixture(scope="module")
def report():
    """Cover a small town."""
    return gm.Coverage(SUPPLY, COMMUNITIES, gm.CoverageOptions(edge_effect=True)).of(PEOPLE)


@pytest.fixture(scope="module")
def published(report):
    """Publish it."""
    return gm.publish(report, key=KEY)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def there():
    """Return the names of all files in the folder."""
    return sorted(path.name for path in Path().iterdir())


def texts_of(path):
    """Return all bytes of a file, those of a workbook unpacked."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def read_sheet(path, title):
    """Return a sheet with the columns' own names, codes as text and marks taken away."""
    frame = pd.read_excel(path, sheet_name=title, dtype={"代码\ncode": str})
    return frame.set_axis([name.split("\n")[-1] for name in frame.columns], axis=1)


def assert_like(found, expected, *, digits=12):
    """Hold a table that was read to a frame of the report, all but outlines.

    Metres are told to the millimetre, where not all digits are asked for.
    """
    metres = {name: 3 for name in expected if name.endswith("_m")} if digits < 17 else {}
    expected = expected.round(metres)
    expected = pd.DataFrame(expected.drop(columns="geometry", errors="ignore"))
    found = pd.DataFrame(found.drop(columns="geometry", errors="ignore"))
    assert list(found.columns) == list(expected.columns)
    for name in expected.columns:
        mine, theirs = found[name].astype(object), expected[name].astype(object)
        mine, theirs = mine.where(mine.notna(), None), theirs.where(theirs.notna(), None)
        assert _told(mine, digits) == _told(theirs, digits), name


def _told(values, digits):
    """Return values as they are compared: numbers to so many digits, whole ones or not."""
    return [
        f"{one:.{digits}g}" if isinstance(one, int | float) and not isinstance(one, bool) else one
        for one in values
    ]


def test_geoparquet_has_the_first_table_with_its_outlines(report):
    assert write_coverage(report, "o.parquet", date="2025-12-31") == ["community"]
    found = gpd.read_parquet("o.parquet")
    assert found.crs.to_epsg() == 4326
    assert_like(found, report.by("community"), digits=17)
    assert found.geometry.geom_equals(report.by("community").geometry).tolist() == [
        True,
        True,
        True,
        False,
        False,
    ]
    metadata = pq.read_schema("o.parquet").metadata
    assert metadata[b"release"] == b"internal"
    about = json.loads(metadata[b"geo_match"])
    assert (about["release"], about["date"]) == ("internal", "2025-12-31")
    assert about["asked"]["半径"] == "3,000米"


def test_a_geopackage_has_a_layer_a_table_and_says_what_it_is(report):
    told = write_coverage(
        report, "o.gpkg", by=("street", "city by hukou"), gap_areas=GAPS, plan=PLAN, language="en"
    )
    assert told == ["street", "city by hukou"]
    layers = dict(pyogrio.list_layers("o.gpkg").tolist())
    assert layers == {
        "street": "MultiPolygon",
        "city by hukou": "MultiPolygon",
        "gap_areas": "MultiPolygon",
        "supply": "Point",
        "plan": None,
        "columns": None,
    }
    assert_like(gpd.read_file("o.gpkg", layer="street"), report.by("street"))
    assert_like(gpd.read_file("o.gpkg", layer="city by hukou"), report.by("city", "hukou"))
    supply = gpd.read_file("o.gpkg", layer="supply")
    assert list(supply.columns) == ["amount", "release", "geometry"]
    assert supply.amount.sum() == sum(row["vacancies"] for row in SUPPLY)
    assert gpd.read_file("o.gpkg", layer="gap_areas").communities.tolist() == ["A; B"]
    for name in layers:
        info = pyogrio.read_info("o.gpkg", layer=name)
        assert info["layer_metadata"]["release"] == "internal"
        assert info["dataset_metadata"]["release"] == "internal"
        assert json.loads(info["layer_metadata"]["asked"])["radius"] == "3,000 m"
        frame = pyogrio.read_dataframe("o.gpkg", layer=name)
        assert set(frame["release"]) == {"internal"}
    columns = pyogrio.read_dataframe("o.gpkg", layer="columns").set_index("column")
    assert columns.loc["reached", "chinese"] == "可达"


def test_geojson_says_what_it_is_and_turns_outer_rings_left(report):
    assert write_coverage(report, "o.geojson") == ["community"]
    found = json.loads(Path("o.geojson").read_text(encoding="utf-8"))
    assert (found["type"], found["release"]) == ("FeatureCollection", "internal")
    assert "crs" not in found
    assert found["features"][3]["geometry"] is None
    assert found["features"][3]["properties"]["reached_share"] is None
    assert found["features"][0]["properties"]["name"] == "东风社区"
    assert_like(gpd.read_file("o.geojson"), report.by("community"))
    assert all(one.exterior.is_ccw for one in gpd.read_file("o.geojson").geometry if one)


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(report):
    assert write_coverage(report, "o.csv") == ["community"]
    raw = Path("o.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfkind,code,name,")
    assert b",'=1+1," in raw
    found = pd.read_csv("o.csv", dtype={"code": str})
    found["name"] = found["name"].str.removeprefix("'")
    assert_like(found, report.by("community"))


def test_a_workbook_reads_back_and_runs_nothing(report):
    write_coverage(report, "o.xlsx")
    found = read_sheet("o.xlsx", "社区 community")
    assert found["name"][1] == "'=1+1"
    found["name"] = found["name"].str.removeprefix("'")
    assert_like(found, report.by("community"))
    assert_like(read_sheet("o.xlsx", "城市 city"), report.by("city"))


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


@pytest.mark.parametrize("extra", [{"gap_areas": GAPS}, {"plan": PLAN}])
def test_internal_figures_cannot_get_among_published_ones(published, extra):
    with pytest.raises(ArgumentError, match="must be of release \"published\", got 'internal'"):
        write_coverage(published, "o.gpkg", **extra)
    assert there() == []


def test_a_frame_that_does_not_say_what_it_is_is_refused(report):
    plan = PLAN.drop(columns="release")
    with pytest.raises(ArgumentError, match="`plan` must have a column `release`, got none"):
        write_coverage(report, "o.gpkg", plan=plan)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"by": ()}, "`by` must name levels or columns of the people"),
        ({"by": ("city", "city")}, "`by` must name each once"),
        ({"by": "supply"}, "`by` must name each once, and none of gap_areas, plan, supply"),
        ({"by": "id"}, "`by` must name columns of which people share the values, got 'id'"),
        ({"by": "nothing"}, "`by` must name a column of the people"),
        ({"language": "fr"}, "`language` must be one of"),
        ({"gap_areas": []}, "`gap_areas` must be a GeoDataFrame"),
        ({"plan": [1]}, "`plan` must be a ServicePlan, a frame"),
        ({"plan": {"city": PLAN}}, "`plan` must have names of its own, got 'city'"),
    ],
)
def test_what_breaks_a_rule_is_named(report, given, message):
    with pytest.raises(ArgumentError, match=message):
        write_coverage(report, "o.gpkg", **given)
    assert there() == []


def test_a_column_that_names_each_person_is_no_group():
    people = [{**one, "phone": f"1380000{n:04}"} for n, one in enumerate(PEOPLE)]
    report = gm.Coverage(SUPPLY, COMMUNITIES).of(people)
    with pytest.raises(ArgumentError, match="'phone', different for each"):
        write_coverage(report, "o.csv", by="community by phone")


def test_a_table_that_was_not_published_is_named(published):
    with pytest.raises(ArgumentError, match=r"must name tables that were published: .*'h3'"):
        write_coverage(published, "o.csv", by="h3")


def test_what_is_no_report_is_refused(report):
    with pytest.raises(ArgumentError, match="must be a CoverageReport, or what `publish` made"):
        write_coverage(report.by("city"), "o.csv")


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


def test_a_layer_that_gdal_refuses_leaves_nothing(report, monkeypatch):
    def refuse(_, path, **__):
        Path(path).write_bytes(b"half")
        message = f"could not write {path}"
        raise pyogrio.errors.DataLayerError(message)

    monkeypatch.setattr(geographic.pyogrio, "write_dataframe", refuse)
    with pytest.raises(FileError, match=r"o\.gpkg` must be written by GDAL, got its error: could"):
        write_coverage(report, "o.gpkg")
    assert there() == []


@pytest.mark.parametrize("suffix", [one for one in SUFFIXES if one != ".html"])
def test_communities_without_any_outline_are_written_too(suffix):
    communities = pd.DataFrame({"code": ["a", "b"]})
    report = gm.Coverage([], communities).of([])
    path = Path(f"o{suffix}")
    assert write_coverage(report, path) == ["community"]  # such codes say no levels above
    if suffix in {".gpkg", ".geojson"}:
        layer = "community" if suffix == ".gpkg" else None
        assert len(pyogrio.read_dataframe(path, layer=layer)) == 3
    if suffix in {".parquet", ".geoparquet"}:
        assert gpd.read_parquet(path).geometry.isna().all()


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


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(towns.towns())
def test_any_towns_csv_reads_back_as_its_report(tmp_path, town):
    people, supply = town
    made = gm.Coverage(towns.supply_frame(supply), towns.communities_frame(towns.COMMUNITIES)).of(
        towns.people_frame(people)
    )
    path = tmp_path / "o.csv"
    write_coverage(made, path)
    expected = made.by("community")
    found = pd.read_csv(path, dtype={"code": str, "name": str})
    assert list(found) == [name for name in expected if name != "geometry"]
    for name in found:
        if pd.api.types.is_numeric_dtype(expected[name]):
            np.testing.assert_allclose(
                found[name].astype(float),
                expected[name].astype(float),
                rtol=1e-11,
                atol=0.0005 if name.endswith("_m") else 0.0,
            )


def test_no_file_has_digits_that_are_noise(report):
    frame = report.by("community").assign(
        gini=0.1 + 0.2, distance_median_m=1_234.567_891_23, in_reach_median=1e-9 / 3
    )
    frame["own"] = 0.1 + 0.2  # a column that is nobody's but the user's
    told = without_noise(frame).iloc[0]
    assert repr(float(told["gini"])) == "0.3"
    assert repr(float(told["distance_median_m"])) == "1234.568"
    assert repr(float(told["in_reach_median"])) == "3.33333333333e-10"
    assert told["own"] == 0.1 + 0.2
    nothing = frame.iloc[:0]
    assert list(without_noise(nothing)) == list(nothing)
    for suffix in (".csv", ".geojson"):
        write_coverage(report, f"o{suffix}")
        written = Path(f"o{suffix}").read_text(encoding="utf-8-sig")
        if suffix == ".geojson":
            written = re.sub(r'"coordinates": [\[\]\d., -]+', "", written)
        digits = [len(one.replace(".", "").strip("0")) for one in re.findall(r"\d+\.\d+", written)]
        assert max(digits) <= 12
