"""Lists that look wrong as a whole beside the communities, as commands about coverage meet them.

An import of the same lists is the oracle: it says the same of them, in the same words.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pytest
import shapely
import shapely.affinity
from office_desk import run
from test_cli.test_coverage.town import (
    COMMUNITIES,
    EAST,
    FILES,
    ON,
    WEST,
    WEST_HOME,
    read_csv,
    told,
    write_ndjson,
)

import geo_match as gm
from geo_match.cli.coverage.given.suspicions import Ground
from geo_match.intake import surroundings

STATION = (
    ("lon", "lat"),
    [float(one[0]) for one in gm.from_wgs84(lon=[117.39], lat=[32.94], datum="gcj02")],
)


def spread(datum="wgs84", n=12):
    """Return households all over both communities, with their coordinates as a map shows them."""
    steps = [(i + 0.5) * 0.02 / n for i in range(n)]
    places = [
        (code, west + x, 32.93 + y)
        for code, west in ((EAST, 117.38), (WEST, 117.30))
        for x in steps
        for y in steps
    ]
    lon, lat = gm.from_wgs84(
        lon=[one[1] for one in places], lat=[one[2] for one in places], datum=datum
    )
    return [
        {"id": f"H{n}", "community": code, "lon": float(x), "lat": float(y)}
        for n, ((code, _, _), x, y) in enumerate(zip(places, lon, lat, strict=True))
    ]


def shown(datum):
    """Return the communities with their outlines as a map in a datum shows them."""
    found = []
    for one in COMMUNITIES:
        xy = shapely.get_coordinates(shapely.from_wkt(one["area"]))
        lon, lat = gm.from_wgs84(lon=xy[:, 0], lat=xy[:, 1], datum=datum)
        ring = ", ".join(f"{x} {y}" for x, y in zip(lon, lat, strict=True))
        found.append({**one, "area": f"POLYGON (({ring}))"})
    return found


def refused(capsys, command, *more):
    """Run a command that refuses its lists; return what it says."""
    assert run(command, *FILES, *ON, *more) == 1
    assert not Path("o.csv").exists()
    return capsys.readouterr().err


def imported(capsys, kind, file):
    """Return what an import of a list finds wrong with it as a whole."""
    assert run("import", "communities", "c.ndjson", "--store", "i.db", "--datum", "wgs84") == 0
    capsys.readouterr()
    assert run("import", kind, file, "--store", "i.db", "--datum", "wgs84") == 1
    return capsys.readouterr().err.partition("got ")[2].partition(". Correct")[0]


@pytest.mark.parametrize(("datum", "name"), [("gcj02", "GCJ-02"), ("bd09", "BD-09")])
@pytest.mark.parametrize("command", ["coverage", "difference", "what-if"])
def test_people_in_another_datum_than_is_said_are_refused_as_an_import_refuses_them(
    capsys, command, datum, name
):
    write_ndjson("h.ndjson", spread(datum))
    more = {"difference": ("--before", "2025-06-30"), "what-if": ("--close", "J1")}
    err = refused(capsys, command, *more.get(command, ()), "--out", "o.csv")
    assert "`h.ndjson` must look right as a whole, got the places lie about " in err
    assert f"% if they are taken for {name}" in err
    assert "Nothing was written." in err
    assert imported(capsys, "households", "h.ndjson") in err


def test_the_right_datum_is_taken_without_a_word(capsys):
    write_ndjson("h.ndjson", spread("gcj02"))
    assert run("coverage", *FILES, *ON, "--people-datum", "gcj02", "--out", "o.csv") == 0
    assert not [line for line in told(capsys) if "warning" in line]
    Path("o.csv").unlink()
    write_ndjson("h.ndjson", spread())
    err = refused(capsys, "coverage", "--people-datum", "gcj02", "--out", "o.csv")
    assert "% if they are taken for WGS-84" in err


@pytest.mark.parametrize("name", ["c.parquet", "c.geojson", "c.gpkg"])
def test_a_datum_of_all_lists_yields_to_the_crs_of_the_areas(capsys, name):
    write_ndjson("h.ndjson", spread("gcj02"))
    write_ndjson("s.ndjson", [{"id": "P1", "name": "站", **dict(zip(*STATION, strict=True))}])
    frame = gpd.GeoDataFrame(
        [{"code": one["code"], "name": one["name"]} for one in COMMUNITIES],
        geometry=[shapely.from_wkt(one["area"]) for one in COMMUNITIES],
        crs=4326,
    )
    frame.to_parquet(name) if name.endswith("parquet") else frame.to_file(name)
    lists = ("--people", "h.ndjson", "--supply", "s.ndjson", "--communities", name)
    asked = (*lists, "--supply-kind", "stations", *ON, "--datum", "gcj02", "--out", "o.csv")
    assert run("coverage", *asked) == 0
    lines = told(capsys)
    assert f"{name}: in its own CRS, not --datum gcj02;" in "\n".join(lines)
    assert not [line for line in lines if "another" in line and "live in" in line]
    people = read_csv("o.csv")["people"]
    assert [people[code] for code in (EAST, WEST)] == [144, 144]
    own = ("--communities-datum", "gcj02")  # overrules the CRS, so the areas move
    assert run("coverage", *asked[:-1], "p.csv", *own) == 0
    assert read_csv("p.csv")["people"][EAST] < 144


def test_suspicions_that_are_accepted_are_told_as_warnings(capsys):
    write_ndjson("h.ndjson", spread("gcj02"))
    more = ("--close", "J1", "--accept-suspicions", "--out", "o.csv")
    assert run("what-if", *FILES, *ON, *more) == 0
    (line,) = [one for one in told(capsys) if "if they are taken for GCJ-02" in one]
    assert line.startswith("  warning: the places lie about ")
    assert run("what-if", *FILES, *ON, *more, "--language", "zh") == 0
    (line,) = [one for one in told(capsys) if "按 GCJ-02 则有" in one]
    assert line.startswith("  注意：各位置相对其社区")


def test_it_is_refused_in_chinese(capsys):
    write_ndjson("h.ndjson", spread("gcj02"))
    err = refused(capsys, "coverage", "--language", "zh", "--out", "o.csv")
    assert "“h.ndjson”：整体上须无可疑之处；现为：各位置相对其社区" in err
    assert "像是 GCJ-02 坐标被当作其他坐标系" in err
    assert err.rstrip().endswith("请加 --accept-suspicions 统计。本次没有写入任何数据。")


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_communities_in_another_datum_are_named_and_not_the_people(capsys, datum):
    write_ndjson("h.ndjson", spread())
    write_ndjson("c.ndjson", shown(datum))
    name = {"gcj02": "GCJ-02", "bd09": "BD-09"}[datum]
    err = refused(capsys, "coverage", "--out", "o.csv")
    assert (
        f"`c.ndjson` must look right as a whole, got the communities' areas look like {name} that "
        "is declared as something else: "
    ) in err
    assert "of the households of h.ndjson lie in their community's area as given, 100% if" in err
    err = refused(capsys, "coverage", "--language", "zh", "--out", "o.csv")
    assert f"“c.ndjson”：整体上须无可疑之处；现为：社区范围像是 {name} 坐标被当作其他坐标系" in err
    own = ("--communities-datum", datum, "--out", "o.csv")
    assert run("coverage", *FILES, *ON, *own) == 0


def test_a_supply_with_community_codes_is_judged_too(capsys):
    stations = [{**one, "id": f"S{n}", "name": f"S{n}"} for n, one in enumerate(spread("bd09"))]
    write_ndjson("j.ndjson", stations)
    err = refused(capsys, "coverage", "--supply-kind", "stations", "--out", "o.csv")
    assert "`j.ndjson` must look right as a whole, got the places lie about " in err
    assert imported(capsys, "stations", "j.ndjson") in err


def test_places_far_from_every_community_are_refused_without_a_store_being_named(capsys):
    far = [{"id": f"H{n}", "lon": 119.0, "lat": 34.0 + n / 100} for n in range(3)]
    write_ndjson("h.ndjson", far)
    err = refused(capsys, "coverage", "--out", "o.csv")
    said = "3 of 3 places lie more than 50 km from every community (rows 1, 2, 3)"
    assert said in err
    assert imported(capsys, "households", "h.ndjson").replace(" of the store", "") == said
    err = refused(capsys, "coverage", "--language", "zh", "--out", "o.csv")
    assert "距所有社区都超过50公里" in err


def test_a_path_with_the_words_of_a_store_is_told_as_it_is(capsys):
    path = Path("数据库中的名单 of the store", "h.ndjson")
    path.parent.mkdir()
    write_ndjson(path, [{"id": f"H{n}", "lon": 119.0, "lat": 34.0 + n / 100} for n in range(3)])
    files = ("--people", str(path), *FILES[2:], *ON, "--out", "o.csv")
    assert run("coverage", *files) == 1
    err = capsys.readouterr().err
    assert f"`{path}` must look right as a whole, got 3 of 3 places" in err
    assert "from every community (rows 1, 2, 3)" in err
    assert run("coverage", *files, "--language", "zh") == 1
    err = capsys.readouterr().err
    assert f"“{path}”：整体上须无可疑之处；现为：" in err
    assert "距所有社区都超过50公里" in err


def test_candidates_are_judged_by_the_communities_of_a_store_too(store, capsys):
    place = {"id": "N1", "title": "x", **WEST_HOME, "community": EAST}
    write_ndjson("p.ndjson", [place])
    who = ("--store", store, "--who", "社区-07", "--purpose", "选址", "--datum", "wgs84")
    asked = ("--candidates", "p.ndjson", "--out", "o.csv")
    said = "1 of 1 place lie in the area of another community than their code says (row 1)"
    assert run("rank", *who, *ON, *asked) == 1
    assert f"`p.ndjson` must look right as a whole, got {said}." in capsys.readouterr().err
    assert run("rank", *FILES, *ON, *asked) == 1
    assert said in capsys.readouterr().err
    assert run("rank", *who, *ON, *asked, "--accept-suspicions") == 0
    assert f"  warning: {said}" in told(capsys)


def test_exchanged_axes_are_named(capsys):
    rows = [{**one, "lon": one["lat"], "lat": one["lon"] - 60} for one in spread()]
    write_ndjson("h.ndjson", [*rows[:1], *spread()[1:]])
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 0
    lines = told(capsys)
    assert [one for one in lines if "1 of 288 places lie more than 50 km" in one]


def test_communities_without_areas_cannot_judge_and_it_is_said(capsys):
    write_ndjson("c.ndjson", [{**one, "area": None} for one in COMMUNITIES])
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 0
    line = "  warning: no community has an area: the datum of coordinates was not checked"
    assert told(capsys).count(line) == 2
    assert run("coverage", *FILES, *ON, "--language", "zh", "--out", "o.csv") == 0
    assert told(capsys).count("  注意：社区都没有范围：坐标系未核对") == 2


@pytest.mark.parametrize("moved", [(0.0, 0.0), (0.0, 57.0), (62.69, 0.0), (-117.0, -122.5)])
def test_what_is_far_is_far_for_an_import_too(moved):
    x, y = moved
    areas = [
        shapely.affinity.translate(shapely.from_wkt(one["area"]), x, y).wkt for one in COMMUNITIES
    ]
    table = pa.table(
        {
            "id": [EAST, WEST],
            "district_name": pa.nulls(2, pa.string()),
            "lon": pa.nulls(2, pa.float64()),
            "lat": pa.nulls(2, pa.float64()),
            "area": areas,
        }
    )
    zones, _ = surroundings.zones_of(table)
    expected = surroundings._vicinity(table, zones)
    assert Ground.of(table, "c.ndjson").around.vicinity == expected


def test_rows_say_their_own_datum_before_the_one_that_is_given(capsys):
    rows = [{**one, "datum": "wgs84"} for one in spread("gcj02")]
    write_ndjson("h.ndjson", rows)
    err = refused(capsys, "coverage", "--people-datum", "gcj02", "--out", "o.csv")
    assert "the column datum says wgs84, which overrules --datum gcj02" in err


def test_options_to_accept_are_refused_where_there_is_no_list(store, capsys):
    who = ("--store", store, "--who", "a", "--purpose", "b")
    more = ("--close", "J1", "--accept-suspicions", "--out", "o.csv")
    assert run("what-if", *who, *ON, *more) == 2
    assert "--accept-suspicions" in capsys.readouterr().err


@pytest.mark.parametrize("later_is_wrong", [True, False])
def test_lists_of_a_plan_are_judged_by_the_communities_of_each_day(capsys, later_is_wrong):
    right, wrong = COMMUNITIES, shown("gcj02")
    write_ndjson("c.ndjson", wrong if later_is_wrong else right)
    write_ndjson("c0.ndjson", right if later_is_wrong else wrong)
    stations = [{**one, "id": f"S{n}", "name": f"S{n}"} for n, one in enumerate(spread())]
    write_ndjson("s.ndjson", stations)
    asked = ("--before", "2025-06-30", "--communities-before", "c0.ndjson", "--plan", "--stations")
    more = (*asked, "s.ndjson", "--out", "o.gpkg")
    err = refused(capsys, "difference", *more)
    displaced = "the communities' areas look like GCJ-02 that is declared as something else"
    named = "c.ndjson" if later_is_wrong else "c0.ndjson"
    assert f"`{named}` must look right as a whole, got {displaced}" in err
    assert run("difference", *FILES, *ON, *more, "--accept-suspicions") == 0
    lines = told(capsys)
    assert len([line for line in lines if line.startswith("stations: ")]) == 1
    assert len([line for line in lines if f"{displaced}: " in line and "s.ndjson" in line]) == 1


def test_a_list_is_told_once_though_two_days_are_asked_about(capsys):
    write_ndjson("h.ndjson", [*spread(), {"id": "X", **WEST_HOME, "community": EAST}])
    assert run("difference", *FILES, *ON, "--before", "2025-06-30", "--out", "o.csv") == 0
    lines = told(capsys)
    assert lines.count("households: 289 rows of h.ndjson, 289 used") == 1
    said = "another community than their code says (row 289)"
    assert len([one for one in lines if said in one]) == 1
